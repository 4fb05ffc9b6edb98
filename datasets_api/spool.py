"""Bodies that are files: written to the disk as they come, in a folder that the settings name, and seen by nobody else.

The file has no name, so that it is gone when it is closed, however the process ends.
"""

import asyncio
import tempfile
from contextlib import suppress
from typing import IO, Any

from django.conf import settings

from datasets_api.bodies import SILENCE_SECONDS, BodyCutShort, BodySource, BodyTooSlow, NoRoom
from rest.errors import DISK_FULL_ERRORS, RequestTooLarge

# Written at once, by a thread.
BLOCK_BYTES = 1024 * 1024


async def spool(headers: Any, source: BodySource) -> tuple[IO[bytes], int]:
    """The body as a file, at its start, and its length. Raises BodyCutShort, BodyTooSlow, NoRoom, RequestTooLarge."""
    declared = headers.get("content-length")
    if declared is not None and int(declared) > settings.IMPORT_LIMIT_BYTES:
        raise RequestTooLarge(settings.IMPORT_LIMIT_BYTES)
    file = None
    try:
        file = await asyncio.to_thread(new_file)
        length = await fill(file, source) if declared is not None or "transfer-encoding" in headers else 0
        if declared is not None and length != int(declared):
            raise BodyCutShort  # noqa: TRY301  so that the file is closed in one place
        file.seek(0)
    except OSError as error:
        close(file)
        if error.errno in DISK_FULL_ERRORS:
            raise NoRoom from error
        raise
    except BaseException:
        close(file)
        raise
    return file, length


def new_file() -> IO[bytes]:
    return tempfile.TemporaryFile(dir=settings.IMPORT_DIR)


def close(file: IO[bytes] | None) -> None:
    """Of a file that is not wanted: what it still holds in memory may not find room either."""
    if file:
        with suppress(OSError):
            file.close()


async def fill(file: IO[bytes], source: BodySource) -> int:
    """Returns the length. As to the empty chunks, see bodies.py."""
    length, ends, block = 0, 0, bytearray()
    chunks = aiter(source)
    while (chunk := await next_of(chunks)) is not None:
        ends += not chunk
        length += len(chunk)
        if length > settings.IMPORT_LIMIT_BYTES:
            raise RequestTooLarge(settings.IMPORT_LIMIT_BYTES)
        block += chunk
        if len(block) >= BLOCK_BYTES:
            await asyncio.to_thread(file.write, block)
            block.clear()
    if ends > 1:
        raise BodyCutShort
    await asyncio.to_thread(finish, file, block)
    return length


async def next_of(chunks: Any) -> bytes | None:
    """None at the end."""
    try:
        async with asyncio.timeout(SILENCE_SECONDS):
            chunk: bytes = await anext(chunks)
            return chunk
    except StopAsyncIteration:
        return None
    except TimeoutError as error:
        raise BodyTooSlow from error


def finish(file: IO[bytes], block: bytearray) -> None:
    """Also what the file still holds in memory."""
    file.write(block)
    file.flush()
