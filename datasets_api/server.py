"""The front: takes requests from granian on the event loop and answers them with Django in a few threads.

A body is awaited on the event loop, so that slow and half-sent ones hold no thread; Django then sees all of it at
once. What is over the limit is read to its end and thrown away, because the server closes a connection whose request
was left unread. A bounded queue stands before the threads: beyond it a request is refused at once, with 503.
"""

import functools
import gc
import time
from io import BytesIO
from typing import Any, Protocol

import django
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import ParseError

from datasets_api.bodies import Bodies, BodyCutShort, BodySource, BodyTooSlow, NoRoom
from datasets_api.threads import RequestThreads
from rest.errors import RequestTimeout, ServiceUnavailable, envelope_response

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
# A request that has waited so long for a thread is refused.
QUEUE_SECONDS = 10


class Scope(Protocol):
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Any


class HTTPProtocol(BodySource, Protocol):
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_empty(self, status: int, headers: Headers) -> None: ...


class Front(BaseHandler):
    """An RSGI application: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md"""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()
        self.threads = RequestThreads(settings.SERVER_THREADS)
        self.bodies = Bodies()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            body, length = await self.bodies.read(scope.headers, protocol)
        except BodyCutShort:
            refuse(ParseError("The request body was cut short."), protocol)
        except BodyTooSlow:
            refuse(RequestTimeout(), protocol)
        except NoRoom:
            refuse(ServiceUnavailable(), protocol)
        else:
            try:
                await self.admit(to_environ(scope, body, length), protocol)
            finally:
                self.bodies.release(body)

    async def admit(self, environ: Environ, protocol: HTTPProtocol) -> None:
        if self.threads.waiting >= settings.SERVER_QUEUE:
            refuse(ServiceUnavailable(), protocol)
            return
        await self.threads.run(functools.partial(self.answer, environ, protocol, time.monotonic()))

    def answer(self, environ: Environ, protocol: HTTPProtocol, arrived: float) -> None:
        """In a thread. The answer leaves before it is closed: what runs at its closing delays no client."""
        if time.monotonic() - arrived > QUEUE_SECONDS:
            refuse(ServiceUnavailable(), protocol)
            return
        set_script_prefix("/")
        try:
            request = WSGIRequest(environ)
        except SuspiciousOperation as error:
            # Django counts the parameters here already when the content type names a charset.
            refuse(error, protocol)
            return
        response = self.get_response(request)
        try:
            send(response, protocol, is_head=environ["REQUEST_METHOD"] == "HEAD")
        finally:
            response.close()


def to_environ(scope: Scope, body: bytes, length: int) -> Environ:
    """What PEP 3333 asks for, as far as Django reads it."""
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
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
            environ["CONTENT_TYPE"] = with_usable_charset(value)
        elif name != "content-length" and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    # The server hides values that are not ASCII. A key is never such, so what stands here is a wrong one.
    if "HTTP_AUTHORIZATION" not in environ and "authorization" in headers:
        environ["HTTP_AUTHORIZATION"] = "Bearer \ufffd\ufffd"
    return environ


def with_usable_charset(content_type: str) -> str:
    """Without a charset that is none: Django and the parsers would decode with whatever codec it names."""
    media_type, parameters = parse_header_parameters(content_type)
    charset = parameters.get("charset")
    if charset is None or is_text_encoding(charset):
        return content_type
    return media_type


@functools.lru_cache(maxsize=100)
def is_text_encoding(charset: str) -> bool:
    try:
        bytes(range(256)).decode(charset, "replace")
    except (LookupError, ValueError, TypeError):
        return False
    return True


def send(response: HttpResponseBase, protocol: HTTPProtocol, *, is_head: bool) -> None:
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    headers = [(name.lower(), value) for name, value in response.items()]
    headers.extend(("set-cookie", morsel.OutputString()) for morsel in response.cookies.values())
    headers.append(("content-length", str(len(body))))
    if body and not is_head:
        protocol.response_bytes(response.status_code, headers, body)
    else:
        protocol.response_empty(response.status_code, headers)


def refuse(error: Exception, protocol: HTTPProtocol) -> None:
    """Without Django's middleware, which would need a thread."""
    send(envelope_response(error), protocol, is_head=False)


def application() -> Front:
    """What granian calls in each worker."""
    django.setup(set_prefix=False)
    front = Front()
    # What is loaded now stays: the collector need not walk it again and again.
    gc.collect()
    gc.freeze()
    return front
