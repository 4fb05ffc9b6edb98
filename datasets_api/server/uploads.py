"""Receives bodies that are files: written to the disk as they come, in IMPORT_DIR, and seen by nobody else.

The file has no name, so that it is gone when it is closed, however the process ends.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import IO

from django.conf import settings

from datasets_api.server.bodies import paced_chunks
from datasets_api.server.exchange import Exchange
from rest.body_errors import RequestTooLarge
from rest.files import storage_error, temporary_file

# Written at once, by a thread.
BLOCK_BYTES = 1024 * 1024


@asynccontextmanager
async def receive_file(exchange: Exchange) -> AsyncIterator[IO[bytes]]:
    """The body as a file, at its end. Raises BodyCutShort, BodyTooSlow, ServiceUnavailable, RequestTooLarge."""
    file = None
    try:
        file = await asyncio.to_thread(temporary_file)
        await write_chunks(exchange, file)
        yield file
    except OSError as error:
        raise storage_error(error) from error
    finally:
        if file:
            # What it still holds in memory may not find room either.
            with suppress(OSError):
                file.close()


async def write_chunks(exchange: Exchange, file: IO[bytes]) -> None:
    length, block = 0, bytearray()
    async for chunk in paced_chunks(exchange, settings.UPLOAD_TIMEOUT_SECONDS):
        length += len(chunk)
        if length > settings.IMPORT_LIMIT_BYTES:
            raise RequestTooLarge(settings.IMPORT_LIMIT_BYTES)
        block += chunk
        if len(block) >= BLOCK_BYTES:
            await asyncio.to_thread(file.write, block)
            block.clear()
    await asyncio.to_thread(write_last, file, block)


def write_last(file: IO[bytes], block: bytearray) -> None:
    file.write(block)
    file.flush()
