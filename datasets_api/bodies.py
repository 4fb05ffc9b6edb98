"""Reads the bodies of requests on the event loop: bounded in length, in time, and in how much is held at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from typing import Any, Protocol

from django.conf import settings
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]
from rest_framework.exceptions import ParseError

from rest.errors import RequestTimeout, ServiceUnavailable

# So much of a body over the limit is read and dropped before the connection is given up.
DRAIN_BYTES = 4 * settings.BODY_LIMIT_BYTES
# So much is awaited in one piece, and as long as a client may be silent.
SMALL_BYTES = 64 * 1024
# A client that sends nothing for so long is given up.
SILENCE_SECONDS = 30
# All bodies that a worker holds at once: read, waiting for a thread or being worked on.
HELD_BYTES = 16 * settings.BODY_LIMIT_BYTES


class BodySource(Protocol):
    """granian's: the whole body at once, or chunk by chunk."""

    def __call__(self) -> Awaitable[bytes]: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...


class BodyCutShort(ParseError):
    """The client went away before the end of its body."""

    default_detail = "The request body was cut short."
    reason = "body_cut_short"


class BodyTooSlow(RequestTimeout):
    """The client stopped sending."""

    reason = "body_too_slow"


class NoRoom(ServiceUnavailable):
    """The worker holds as much as it may."""

    reason = "no_room_for_body"


# Why a body is not there to be answered; each error is its own answer.
NO_BODY = (BodyCutShort, BodyTooSlow, NoRoom)


class Bodies:
    def __init__(self) -> None:
        self.held = 0

    async def read(self, headers: Any, source: BodySource) -> tuple[bytes, int]:
        """The body and its length, to be given back with `release`; b"" with the true length when over the limit."""
        declared = headers.get("content-length")
        if declared is None and "transfer-encoding" not in headers:
            return b"", 0
        if declared is not None and int(declared) > DRAIN_BYTES:
            return b"", int(declared)
        if declared is not None and int(declared) <= SMALL_BYTES:
            return await self._read_small(source, int(declared)), int(declared)
        chunks: list[bytes] = []
        try:
            length, is_cut_short = await self._collect(source, chunks)
            if length > settings.BODY_LIMIT_BYTES:
                return b"", length
            if is_cut_short or (declared is not None and length != int(declared)):
                raise BodyCutShort
            body = b"".join(chunks)
            self.held += length
            return body, length
        finally:
            self.held -= sum(map(len, chunks))

    async def _read_small(self, source: BodySource, length: int) -> bytes:
        """In one wait instead of one a chunk, for which the event loop and granian wake each other twice."""
        if self.held + length > HELD_BYTES:
            raise NoRoom
        self.held += length
        body = b""
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                body = await source()
        except TimeoutError as error:
            raise BodyTooSlow from error
        except ProtocolClosed as error:
            raise BodyCutShort from error
        finally:
            self.held -= length - len(body)
        if len(body) != length:
            self.held -= len(body)
            raise BodyCutShort
        return body

    async def drop(self, headers: Any, source: BodySource) -> None:
        """Reads a body that nobody wants, up to DRAIN_BYTES; but none that the client asks whether to send."""
        length = int(headers.get("content-length", "0"))
        if length > DRAIN_BYTES or "100-continue" in headers.get("expect", "").lower():
            return
        length = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(SILENCE_SECONDS):
                async for chunk in source:
                    length += len(chunk)
                    if length > DRAIN_BYTES:
                        break

    def release(self, body: bytes) -> None:
        self.held -= len(body)

    async def _collect(self, source: BodySource, chunks: list[bytes]) -> tuple[int, bool]:
        """The length, and whether the client went away before the end; what is over the limit is not kept.

        granian ends a body with an empty chunk, and one that was cut short with two: otherwise half of a chunked body
        would pass for the whole.
        """
        length, ends, loop = 0, 0, asyncio.get_running_loop()
        try:
            async with asyncio.timeout(SILENCE_SECONDS) as wait_timeout:
                async for chunk in source:
                    length += len(chunk)
                    ends += not chunk
                    if length > DRAIN_BYTES:
                        break
                    if length > settings.BODY_LIMIT_BYTES:
                        self.held -= sum(map(len, chunks))
                        chunks.clear()
                    else:
                        self._keep(chunk, chunks)
                    wait_timeout.reschedule(loop.time() + SILENCE_SECONDS)
        except TimeoutError as error:
            raise BodyTooSlow from error
        return length, ends > 1

    def _keep(self, chunk: bytes, chunks: list[bytes]) -> None:
        if self.held + len(chunk) > HELD_BYTES:
            raise NoRoom
        self.held += len(chunk)
        chunks.append(chunk)
