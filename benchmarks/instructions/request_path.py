"""How a request passes through a server process: from what the HTTP server receives to what it sends."""

from collections.abc import Callable
from io import BytesIO
from time import monotonic
from types import SimpleNamespace
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


class Reply:
    """Takes the place of granian's protocol object."""

    status = 0

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = status

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status = status


def service() -> Send:
    """The service's own front, called in this thread: neither an event loop nor another thread takes part."""
    import django  # noqa: PLC0415

    django.setup(set_prefix=False)
    from datasets_api.environ import to_environ  # noqa: PLC0415  needs the settings
    from datasets_api.server import application  # noqa: PLC0415

    front: Any = application()

    def send(request: Request) -> int:
        body, reply, scope = request.body.encode(), Reply(), scope_of(request)
        # The only line that knows how the front hands a request to Django.
        front.answer(to_environ(scope, scope.path, BytesIO(body), len(body)), reply, monotonic())
        return reply.status

    return send


def scope_of(request: Request) -> Any:
    path, _, query = request.path.partition("?")
    return SimpleNamespace(
        http_version="1.1", server=SERVER, client=CLIENT, scheme="http", method=request.method, path=path,
        query_string=query, headers=headers_of(request),
    )  # fmt: skip


def headers_of(request: Request) -> dict[str, str]:
    if not request.body:
        return HEADERS
    return HEADERS | {"content-type": "application/json", "content-length": str(len(request.body.encode()))}


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
