"""The front: takes requests from granian on the event loop and answers them with Django in a few threads.

A body is awaited on the event loop, so that slow and half-sent ones hold no thread; Django then sees all of it at
once. What is over the limit is read to its end and thrown away (up to a bound), because the server closes a
connection whose request was left unread.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, Protocol

import django
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_started
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

Environ = dict[str, Any]
THREADS = int(os.environ.get("SERVER_THREADS", "4"))
# So much of a body over the limit is read and dropped before the connection is given up.
DRAIN_BYTES = 4 * settings.BODY_LIMIT_BYTES


class Scope(Protocol):
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Any


class HTTPProtocol(Protocol):
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...
    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None: ...


class BodyCutShort(Exception):
    """The client went away, or stopped, before the length that it had declared."""


class Front(BaseHandler):
    """An RSGI application: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md"""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            body, length = await read_body(scope, protocol)
        except BodyCutShort:
            protocol.response_empty(400, [("connection", "close")])
            return
        environ = to_environ(scope, body, length)
        await asyncio.get_running_loop().run_in_executor(self.threads, self.answer, environ, protocol)

    def answer(self, environ: Environ, protocol: HTTPProtocol) -> None:
        """In a thread. The answer leaves before it is closed: what runs at its closing delays no client."""
        set_script_prefix("/")
        request_started.send(sender=self.__class__, environ=environ)
        response = self.get_response(WSGIRequest(environ))
        try:
            send(response, protocol, is_head=environ["REQUEST_METHOD"] == "HEAD")
        finally:
            response.close()


async def read_body(scope: Scope, protocol: HTTPProtocol) -> tuple[bytes, int]:
    """The body and its length; an empty body with the true length when it is over the limit."""
    headers = scope.headers
    declared = headers.get("content-length")
    if declared is None and "transfer-encoding" not in headers:
        return b"", 0
    chunks, length = [], 0
    async for chunk in protocol:
        length += len(chunk)
        if length <= settings.BODY_LIMIT_BYTES:
            chunks.append(chunk)
        elif length > DRAIN_BYTES:
            break
        else:
            chunks.clear()
    if length > settings.BODY_LIMIT_BYTES:
        return b"", length
    # The server ends the body quietly when the client goes away; half of one must not pass for the whole.
    if declared is not None and length != int(declared):
        raise BodyCutShort
    return b"".join(chunks), length


def to_environ(scope: Scope, body: bytes, length: int) -> Environ:
    """What PEP 3333 asks for, as far as Django reads it."""
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(length),
    }
    headers = scope.headers
    for name, value in headers.items():
        if name == "content-type":
            environ["CONTENT_TYPE"] = value
        elif name != "content-length" and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    # The server hides values that are not ASCII. A key is never such, so what stands here is a wrong one.
    if "HTTP_AUTHORIZATION" not in environ and "authorization" in headers:
        environ["HTTP_AUTHORIZATION"] = "Bearer \ufffd\ufffd"
    return environ


def send(response: HttpResponseBase, protocol: HTTPProtocol, *, is_head: bool) -> None:
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    headers = [(name.lower(), value) for name, value in response.items()]
    headers.extend(("set-cookie", morsel.OutputString()) for morsel in response.cookies.values())
    headers.append(("content-length", str(len(body))))
    if body and not is_head:
        protocol.response_bytes(response.status_code, headers, body)
    else:
        protocol.response_empty(response.status_code, headers)


def application() -> Front:
    """What granian calls in each worker."""
    django.setup(set_prefix=False)
    return Front()
