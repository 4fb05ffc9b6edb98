"""Sends Django's responses through ASGI."""

import asyncio
import functools
import logging
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse

from datasets_api.observability.metrics import record_refusal
from datasets_api.server.errors import TooManyStreams
from datasets_api.server.exchange import Exchange
from datasets_api.server.quotas import Quota
from datasets_api.server.threads import ThreadPool
from rest.cors import CorsMiddleware
from rest.errors import envelope_response
from rest.request_ids import HEADER, current_request_id, request_id_for

logger = logging.getLogger("datasets_api.server")

# Each holds up to two chunks in memory.
MAX_STREAMS = 64
# The size of a piece passed to the server, which buffers about six of them for a slow client.
PIECE_BYTES = 256 * 1024
Headers = list[tuple[bytes, bytes]]


class FullResponse(NamedTuple):
    """A response that is ready to be sent in one piece."""

    status: int
    headers: Headers
    body: bytes


def full_response(response: HttpResponseBase, *, is_head: bool) -> FullResponse:
    """Convert and close the response. Closing callbacks, such as recording a key's use, run before it is sent."""
    headers = encode_headers(response)
    body = b""
    if not response.streaming:
        content: bytes = response.content  # type: ignore[attr-defined]
        headers.append((b"content-length", b"%d" % len(content)))
        body = b"" if is_head else content
    response.close()
    return FullResponse(response.status_code, headers, body)


def encode_headers(response: HttpResponseBase) -> Headers:
    headers = [(encode_name(name), value.encode("latin-1")) for name, value in response.items()]
    headers.extend((b"set-cookie", each.OutputString().encode("latin-1")) for each in response.cookies.values())
    return headers


@functools.lru_cache(maxsize=1000)
def encode_name(name: str) -> bytes:
    return name.lower().encode("latin-1")


def error_response(error: Exception, exchange: Exchange, request_id: str | None = None) -> FullResponse:
    """Return the error's response without Django's middleware, which needs a thread, but with the headers it adds."""
    record_refusal(reason_of(error))
    request_id = request_id or request_id_for(exchange.meta.get("HTTP_X_REQUEST_ID"))
    # Reset afterwards, because the event loop handles other requests next.
    token = current_request_id.set(request_id)
    try:
        response: HttpResponseBase = envelope_response(error)
    finally:
        current_request_id.reset(token)
    response.headers[HEADER] = request_id
    if origin := exchange.meta.get("HTTP_ORIGIN"):
        response = with_cors_headers(response, origin)
    return full_response(response, is_head=exchange.method == "HEAD")


def reason_of(error: Exception) -> str:
    """Return the reason under which the metrics count the error."""
    if isinstance(error, SuspiciousOperation):
        return "malformed"
    return getattr(error, "reason", "failed")


def with_cors_headers(response: HttpResponseBase, origin: str) -> HttpResponseBase:
    request = HttpRequest()
    request.META["HTTP_ORIGIN"] = origin
    return CorsMiddleware(lambda _: response)(request)  # type: ignore[return-value]  # nothing here is asynchronous


async def send_full(response: FullResponse, exchange: Exchange) -> None:
    await exchange.send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    await exchange.send({"type": "http.response.body", "body": response.body})


class StreamSender:
    """Sends responses that are produced while they are sent, such as exports.

    Each chunk is produced in a thread while the one before is sent, so a slow client blocks no thread, and at most two
    chunks are in memory. Back-pressure comes from the server, which waits for the client.
    """

    def __init__(self, threads: ThreadPool) -> None:
        self.threads = threads
        self.quota = Quota(
            "streamed responses",
            "SERVER_MAX_STREAMS_PER_USER",
            total=MAX_STREAMS,
            per_caller=settings.SERVER_MAX_STREAMS_PER_USER,
            error=TooManyStreams,
        )

    async def send(self, response: StreamingHttpResponse, exchange: Exchange) -> None:
        """Send the response or, if it fails before its first chunk, an error; always close it."""
        try:
            with self.quota.hold(exchange.caller, 1):
                await self._send(response, exchange)
        except Exception as error:
            error_sent = error_response(error, exchange, response.headers.get(HEADER))
            # The metrics count this status when the response is closed.
            response.status_code = error_sent.status
            await send_full(error_sent, exchange)
        finally:
            await self.threads.run(response.close)

    async def _send(self, response: StreamingHttpResponse, exchange: Exchange) -> None:
        """Send the response; raises no errors after its first chunk."""
        chunks: Iterator[bytes] = iter(response)
        first = await self.threads.run_for(exchange.project, next_chunk, chunks)
        start = {"type": "http.response.start", "status": response.status_code, "headers": encode_headers(response)}
        await exchange.send(start)
        try:
            await self._send_chunks(first, chunks, exchange)
        except TimeoutError:
            record_refusal("stream_stalled")
        except Exception:
            request_id = response.headers.get(HEADER)
            logger.exception("A streamed response failed", extra={"request_id": request_id})
            response.status_code = 500

    async def _send_chunks(self, chunk: bytes | None, chunks: Iterator[bytes], exchange: Exchange) -> None:
        """Send the chunks, and the end of the response only if it is complete.

        Without the end, the server resets the connection, so that the response does not look complete.
        """
        exchange.watch_client()
        while chunk is not None:
            coming = asyncio.ensure_future(self.threads.run_for(exchange.project, next_chunk, chunks))
            try:
                for start in range(0, len(chunk), PIECE_BYTES):
                    piece = chunk[start : start + PIECE_BYTES]
                    async with asyncio.timeout(settings.STREAM_IDLE_TIMEOUT_SECONDS):
                        await exchange.send({"type": "http.response.body", "body": piece, "more_body": True})
            finally:
                # A thread cannot be canceled, and the response must not be closed while it runs.
                await asyncio.wait({coming})
            if exchange.is_client_gone:
                return
            chunk = coming.result()
        await exchange.send({"type": "http.response.body", "body": b""})


def next_chunk(chunks: Iterator[bytes]) -> bytes | None:
    """Return the next chunk, or None at the end.

    A filtered export that has found nothing yet yields an empty chunk, so that other streams get the thread.
    """
    return next(chunks, None)
