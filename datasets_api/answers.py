"""Hands Django's responses to granian, headers and all."""

from typing import Protocol

from django.http.response import HttpResponseBase

from datasets_api.bodies import BodySource
from datasets_api.metrics.recording import record_refusal
from rest.errors import envelope_response

Headers = list[tuple[str, str]]


class HTTPProtocol(BodySource, Protocol):
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_empty(self, status: int, headers: Headers) -> None: ...
    def response_file(self, status: int, headers: Headers, file: str) -> None: ...


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


def refuse(error: Exception, protocol: HTTPProtocol, reason: str) -> None:
    """Without Django's middleware, which would need a thread."""
    record_refusal(reason)
    send(envelope_response(error), protocol)
