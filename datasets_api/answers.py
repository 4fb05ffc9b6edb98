"""Hands Django's responses to granian, headers and all."""

from typing import Any, NamedTuple, Protocol, Self

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from datasets_api.bodies import BodySource
from datasets_api.environ import Environ
from datasets_api.metrics.recording import record_refusal
from rest.errors import envelope_response
from rest.middleware import CorsMiddleware
from rest.request_ids import HEADER, current_request_id, request_id_for

Headers = list[tuple[str, str]]


class HTTPProtocol(BodySource, Protocol):
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_empty(self, status: int, headers: Headers) -> None: ...
    def response_file(self, status: int, headers: Headers, file: str) -> None: ...


class Asker(NamedTuple):
    """What a refusal has to know of its request."""

    request_id: str | None
    origin: str | None  # of the page that asks, if it is one

    @classmethod
    def of(cls, headers: Any) -> Self:
        """granian's."""
        return cls(headers.get("x-request-id"), headers.get("origin"))

    @classmethod
    def of_environ(cls, environ: Environ) -> Self:
        return cls(environ.get("HTTP_X_REQUEST_ID"), environ.get("HTTP_ORIGIN"))


def headers_of(response: HttpResponseBase) -> Headers:
    headers = [(name.lower(), value) for name, value in response.items()]
    headers.extend(("set-cookie", morsel.OutputString()) for morsel in response.cookies.values())
    return headers


def send(response: HttpResponseBase, protocol: HTTPProtocol, *, is_head: bool = False) -> None:
    """All of it at once; of one that streams, the headers alone, which is all that HEAD asks for."""
    headers = headers_of(response)
    if response.streaming:
        protocol.response_empty(response.status_code, headers)
        return
    body: bytes = response.content  # type: ignore[attr-defined]
    headers.append(("content-length", str(len(body))))
    if body and not is_head:
        protocol.response_bytes(response.status_code, headers, body)
    else:
        protocol.response_empty(response.status_code, headers)


def send_and_close(response: HttpResponseBase, protocol: HTTPProtocol, *, is_head: bool = False) -> None:
    try:
        send(response, protocol, is_head=is_head)
    finally:
        response.close()


def refuse(error: Exception, protocol: HTTPProtocol, reason: str, asker: Asker) -> int:
    """Past Django's middleware, which would need a thread. Returns the status."""
    record_refusal(reason)
    response = refusal(error, asker)
    send(response, protocol)
    return response.status_code


def refusal(error: Exception, asker: Asker) -> HttpResponseBase:
    """With the id that the client sent, or a new one, which a line of the log about it has too."""
    request_id = request_id_for(asker.request_id)
    # Taken back: the event loop works on other requests next.
    before = current_request_id.set(request_id)
    try:
        response = envelope_response(error)
    finally:
        current_request_id.reset(before)
    response.headers[HEADER] = request_id
    return readable_by(asker.origin, response) if asker.origin else response


def readable_by(origin: str, response: HttpResponseBase) -> HttpResponseBase:
    """By a page from there, if the settings let it."""
    request = HttpRequest()
    request.META["HTTP_ORIGIN"] = origin
    return CorsMiddleware(lambda _: response)(request)
