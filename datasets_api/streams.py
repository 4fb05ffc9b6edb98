"""Sends answers that are produced while they are sent, such as exports.

Their chunks are pulled one by one in a few threads of their own, so that a slow client holds no thread; while one is
sent, the next is produced, and no more than these two exist. A client that goes away, or takes nothing for a time, ends
the production. An error in the middle breaks the connection off: half of an answer must not look like the whole.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.conf import settings
from django.http.response import StreamingHttpResponse

from database.backend.base import close_unusable_connections
from datasets_api.answers import Asker, HTTPProtocol, headers_of, refuse
from datasets_api.connections import break_off
from datasets_api.environ import Scope
from datasets_api.pipe import Pipe, ReaderGone, ReaderSilent
from rest.errors import ServiceUnavailable
from rest.request_ids import HEADER

logger = logging.getLogger("datasets_api.streams")
# Each may hold two chunks in memory.
MOST_STREAMS = 64

Result = TypeVar("Result")


class Streams:
    """The streams of a worker."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(settings.SERVER_STREAM_THREADS, thread_name_prefix="stream")
        self.count = 0

    async def send(self, response: StreamingHttpResponse, protocol: HTTPProtocol, scope: Scope) -> None:
        """And closes the response, come what may."""
        self.count += 1
        asker = Asker(response.headers.get(HEADER), scope.headers.get("origin"))
        try:
            if self.count > MOST_STREAMS:
                response.status_code = refuse(ServiceUnavailable(), protocol, "too_many_streams", asker)
            else:
                await self.send_chunks(response, protocol, scope.client, asker)
        finally:
            self.count -= 1
            await self.in_thread(response.close)

    async def send_chunks(
        self, response: StreamingHttpResponse, protocol: HTTPProtocol, client: str, asker: Asker
    ) -> None:
        chunks: Iterator[bytes] = iter(response)
        try:
            # Before anything is sent, so that an error here has an answer of its own.
            first = await self.in_thread(next_chunk, chunks)
        except Exception as error:
            # What was promised, and counted when the answer is closed, is not what was sent.
            response.status_code = refuse(error, protocol, "stream_failed", asker)
            return
        headers = headers_of(response)
        if first is None:
            protocol.response_empty(response.status_code, [*headers, ("content-length", "0")])
            return
        pipe = Pipe()
        try:
            protocol.response_file(response.status_code, headers, pipe.path)
            await self.pour(first, chunks, pipe)
        except ReaderGone:
            pass
        except ReaderSilent:
            break_off(client)
        except Exception:
            logger.exception("An answer broke off in its middle", extra={"request_id": asker.request_id})
            response.status_code = 500
            break_off(client)
        finally:
            pipe.close()

    async def pour(self, chunk: bytes | None, chunks: Iterator[bytes], pipe: Pipe) -> None:
        while chunk is not None:
            coming = asyncio.ensure_future(self.in_thread(next_chunk, chunks))
            try:
                await pipe.write(chunk)
            finally:
                # In any case: what runs in a thread cannot be left, and may not be closed meanwhile.
                await asyncio.wait({coming})
            chunk = coming.result()
        await pipe.end()

    async def in_thread(self, function: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self.threads, connected, function, *arguments)


def connected(function: Callable[..., Result], *arguments: Any) -> Result:
    """As before each request."""
    close_unusable_connections()
    return function(*arguments)


def next_chunk(chunks: Iterator[bytes]) -> bytes | None:
    """None at the end. Empty ones are left out."""
    return next(filter(None, chunks), None)
