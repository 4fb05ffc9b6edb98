"""Receives request bodies on the event loop, with limits on their size, their time and the memory for all of them.

A small body is received before access is decided, a larger one afterwards.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import IO

from django.conf import settings

from datasets_api.server.errors import BodyCutShort, BodyTooSlow, NoRoomForBody
from datasets_api.server.exchange import Exchange
from datasets_api.server.quotas import Holding, Quota
from rest.body_limits import SMALL_BODY_BYTES, RequestTooLarge

# A small body must arrive within this time.
SMALL_BODY_SECONDS = 20
# The memory of a worker for incomplete small bodies; beyond it, the oldest of them time out.
MAX_PENDING_BYTES = 64 * 1024 * 1024
# A larger body may pause this long, and its minimum rate applies after this time.
BODY_IDLE_TIMEOUT = 30
# The memory of a worker for larger bodies.
MAX_BODY_BYTES_IN_MEMORY = 16 * settings.BODY_LIMIT_BYTES
# The rest of a body is received and dropped after an early response, so that the client reads the response. These are
# the limits in bytes, time and number; beyond them, the connection is closed.
DRAIN_BYTES, DRAIN_SECONDS, MAX_DRAINS = 2 * settings.BODY_LIMIT_BYTES, 5, 32


class BodyReader:
    """Receives all bodies of a worker."""

    def __init__(self) -> None:
        self.pending: dict[asyncio.Timeout, int] = {}
        self.pending_bytes = 0
        self.drains = 0
        self.quota = Quota(
            "bytes of request bodies",
            "SERVER_MAX_BODY_BYTES_PER_USER",
            total=MAX_BODY_BYTES_IN_MEMORY,
            per_caller=settings.SERVER_MAX_BODY_BYTES_PER_USER,
            error=NoRoomForBody,
        )

    @property
    def held(self) -> int:
        return self.quota.used + self.pending_bytes

    async def read_small(self, exchange: Exchange, body: IO[bytes]) -> None:
        """Receive a small body, or the beginning of a larger chunked one. Raises BodyCutShort or BodyTooSlow."""
        try:
            async with asyncio.timeout(min(SMALL_BODY_SECONDS, settings.BODY_TIMEOUT_SECONDS)) as timeout:
                while exchange.has_unread_body and body.tell() <= SMALL_BODY_BYTES:
                    chunk = await next_chunk(exchange)
                    body.write(chunk)
                    self._add_pending(timeout, len(chunk))
        except TimeoutError as error:
            raise BodyTooSlow from error
        finally:
            self._remove_pending(timeout)

    def _add_pending(self, timeout: asyncio.Timeout, length: int) -> None:
        self.pending[timeout] = self.pending.get(timeout, 0) + length
        self.pending_bytes += length
        if self.pending_bytes > MAX_PENDING_BYTES:
            oldest = next(iter(self.pending))
            self._remove_pending(oldest)
            oldest.reschedule(0)

    def _remove_pending(self, timeout: asyncio.Timeout) -> None:
        self.pending_bytes -= self.pending.pop(timeout, 0)

    async def read_rest(self, exchange: Exchange, body: IO[bytes], holding: Holding) -> None:
        """Receive the rest of a body.

        Raises BodyCutShort, BodyTooSlow, NoRoomForBody, RequestTooLarge or CallerOverQuota.
        """
        length = body.tell()
        holding.add(length)
        async for chunk in paced_chunks(exchange, settings.BODY_TIMEOUT_SECONDS):
            length += len(chunk)
            if length > settings.BODY_LIMIT_BYTES:
                raise RequestTooLarge(settings.BODY_LIMIT_BYTES)
            holding.add(len(chunk))
            body.write(chunk)

    async def drain(self, exchange: Exchange) -> None:
        """Receive and drop the rest of a body after the response, unless the client waits for permission to send it."""
        if not exchange.has_unread_body or exchange.awaits_continue or self.drains >= MAX_DRAINS:
            return
        self.drains += 1
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                length = 0
                while exchange.has_unread_body and length <= DRAIN_BYTES:
                    length += len((await exchange.receive())[0])
        except TimeoutError:
            pass
        finally:
            self.drains -= 1


async def next_chunk(exchange: Exchange) -> bytes:
    chunk, kind = await exchange.receive()
    if kind == "http.disconnect":
        raise BodyCutShort
    return chunk


async def paced_chunks(exchange: Exchange, seconds: float) -> AsyncIterator[bytes]:
    """Yield the rest of a body.

    Raises BodyTooSlow if it takes longer than `seconds`, is slower than BODY_MIN_BYTES_PER_SECOND or pauses for too
    long, so that a client cannot hold a connection by sending single bytes.
    """
    clock = asyncio.get_running_loop().time
    start, length = clock(), 0
    while exchange.has_unread_body:
        slowest = start + BODY_IDLE_TIMEOUT + length / settings.BODY_MIN_BYTES_PER_SECOND
        try:
            async with asyncio.timeout_at(min(start + seconds, slowest, clock() + BODY_IDLE_TIMEOUT)):
                chunk = await next_chunk(exchange)
        except TimeoutError as error:
            raise BodyTooSlow from error
        length += len(chunk)
        yield chunk
