"""Receives uploaded files, and writes them to unnamed temporary files in IMPORT_DIR, which disappear when closed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import IO

from django.conf import settings

from datasets_api.server.bodies import paced_chunks
from datasets_api.server.exchange import Exchange
from rest.body_limits import RequestTooLarge
from rest.uploads import storage_error, temporary_file

# The size of a block written in a thread.
BLOCK_BYTES = 1024 * 1024


@asynccontextmanager
async def receive_file(exchange: Exchange) -> AsyncIterator[IO[bytes]]:
    """Receive the body as a file, positioned at its end.

    Raises BodyCutShort, BodyTooSlow, ServiceUnavailable or RequestTooLarge.
    """
    file = None
    try:
        file = await asyncio.to_thread(temporary_file)
        await write_chunks(exchange, file)
        yield file
    except OSError as error:
        raise storage_error(error) from error
    finally:
        if file:
            # Flushing its buffer may fail on a full disk.
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
