"""The path of a request through a server process, from the received scope to the sent response."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from benchmarks import content
from benchmarks.instructions import empty_project
from benchmarks.instructions.workload import Request

# Sends a request and returns the response's status.
Send = Callable[[Request], int]

SERVER, CLIENT = "127.0.0.1:8000", "127.0.0.1:50000"
HEADERS = {
    "host": SERVER,
    "user-agent": "python-httpx/0.28.1",
    "accept": "*/*",
    "accept-encoding": "gzip, deflate",
    "connection": "keep-alive",
    "authorization": f"Bearer {content.CALLER_KEY}",
}


def service() -> Send:
    """The service's own front, called in this thread: neither an event loop nor another thread takes part."""
    from datasets_api.server.asgi import application  # noqa: PLC0415  sets Django up
    from datasets_api.server.exchange import Exchange  # noqa: PLC0415

    async def unused(*_: object) -> Any:
        raise AssertionError("The body is there, and the response is returned.")

    def send(request: Request) -> int:
        body, exchange = request.body.encode(), Exchange(scope_of(request), unused, unused)
        exchange.meta |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        # The only line that knows how the front hands a request to Django.
        response: Any = application.call_django(exchange, exchange.meta)
        return int(response.status)

    return send


def scope_of(request: Request) -> dict[str, Any]:
    path, _, query = request.path.partition("?")
    host, port = SERVER.split(":")
    return {
        "type": "http", "http_version": "1.1", "server": (host, int(port)), "client": (host, 50000), "scheme": "http",
        "method": request.method, "path": path, "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers_of(request).items()],
    }  # fmt: skip


def headers_of(request: Request) -> dict[str, str]:
    if not request.body:
        return HEADERS
    headers = HEADERS | dict(request.headers)
    return headers | {"content-type": "application/json", "content-length": str(len(request.body.encode()))}


def empty() -> Send:
    """Django's own WSGI handler, called as any WSGI server calls it."""
    application = empty_project.application()

    def send(request: Request) -> int:
        statuses: list[int] = []

        def start_response(status: str, *_: object) -> Callable[[bytes], object]:
            statuses.append(int(status[:3]))
            return bytes

        response = application(environ_of(request), start_response)
        b"".join(response)
        response.close()
        return statuses[0]

    return send


def environ_of(request: Request) -> dict[str, Any]:
    host, _, port = SERVER.partition(":")
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers_of(request).items()}
    return headers | {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path, "QUERY_STRING": "",
        "SERVER_NAME": host, "SERVER_PORT": port, "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": CLIENT.partition(":")[0], "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
        "CONTENT_LENGTH": "0",
    }  # fmt: skip
