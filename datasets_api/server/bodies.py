"""Reads request bodies on the event loop: bounded in length, in time, and in how much is held at once.

A small body is read before anything is known of its sender. A longer one is read once access is granted.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import IO

from django.conf import settings

from datasets_api.server.errors import BodyCutShort, BodyTooSlow, NoRoomForBody
from datasets_api.server.exchange import Exchange
from datasets_api.server.quotas import Holding, Quota
from rest.body_errors import RequestTooLarge
from rest.uploads import SMALL_BODY_BYTES

# A small body is there after so many seconds, or the request is refused.
SMALL_BODY_SECONDS = 20
# Small bodies on their way in a worker, in all: beyond it those that came first give way.
MAX_PENDING_BYTES = 64 * 1024 * 1024
# A longer one may pause for so long, and its minimum rate counts after so long.
BODY_IDLE_TIMEOUT = 30
# What a worker holds of longer bodies, in all and for one user.
MAX_BODY_BYTES_IN_MEMORY = 16 * settings.BODY_LIMIT_BYTES
# A body that nobody needs is read and dropped, so that its client gets to read the response: so much of it, for so
# long, and so many at once. Beyond that the connection is closed.
DRAIN_BYTES, DRAIN_SECONDS, MAX_DRAINS = 2 * settings.BODY_LIMIT_BYTES, 5, 32


class BodyReader:
    """The bodies of a worker."""

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
        """Reads all of a small body, and the beginning of a longer one in chunks. Raises BodyCutShort, BodyTooSlow."""
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
        """Raises BodyCutShort, BodyTooSlow, NoRoomForBody, RequestTooLarge, CallerOverQuota."""
        length = body.tell()
        holding.add(length)
        async for chunk in paced_chunks(exchange, settings.BODY_TIMEOUT_SECONDS):
            length += len(chunk)
            if length > settings.BODY_LIMIT_BYTES:
                raise RequestTooLarge(settings.BODY_LIMIT_BYTES)
            holding.add(len(chunk))
            body.write(chunk)

    async def drain(self, exchange: Exchange) -> None:
        """Drops the rest of a body whose request is answered; none that the client asks whether to send."""
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
    """The rest of a body, which must come within these seconds, at BODY_MIN_BYTES_PER_SECOND or faster, without long
    pauses: no byte that comes renews all of the time."""
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
