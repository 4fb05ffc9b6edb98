"""A raw connection to the running service, for requests that no library sends."""

import json
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

JSON = b"Content-Type: application/json\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)

    def error(self) -> dict[str, Any]:
        """Return the error, and check that it has the envelope."""
        assert self.header("content-type") == "application/json", self
        error: dict[str, Any] = json.loads(self.body)
        assert list(error) == ["type", "code", "detail", "attr"]
        return error


class RawConnection:
    """A raw TCP connection, with methods that read responses."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=15)
        self.file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self, *, is_head: bool = False) -> Answer | None:
        """Read a response, or return None if the connection was closed."""
        line = self.file.readline()
        if not line:
            return None
        status = int(line.split()[1])
        headers = list(self.headers())
        length = int(dict(headers).get("content-length", "0"))
        return Answer(status, headers, b"" if is_head else self.file.read(length))

    def headers(self) -> Iterator[tuple[str, str]]:
        while (line := self.file.readline().rstrip(b"\r\n")) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            yield name.lower(), value.strip()

    def ask(self, data: bytes, *, is_head: bool = False) -> Answer:
        self.send(data)
        answer = self.read(is_head=is_head)
        assert answer is not None, "the connection was closed"
        return answer

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def reset(self) -> None:
        """Reset the connection, as if the client were killed."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()


GONE: dict[str, Callable[[RawConnection], None]] = {
    "closes": RawConnection.close,
    "is killed": RawConnection.reset,
    "stops sending": lambda wire: wire.socket.shutdown(socket.SHUT_WR),
}


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def assert_bad_request(answer: Answer) -> None:
    assert 400 <= answer.status < 500, answer
    answer.error()
