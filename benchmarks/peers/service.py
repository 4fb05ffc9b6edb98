"""A service under comparison: how each spells the work that all of them do, over HTTP as their own clients do it."""

import http.client
import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from benchmarks.load import LoadError
from benchmarks.peers.items import Item

TIMEOUT_SECONDS = 600
PAGE_ITEMS = 100


class Connection:
    """Keeps one connection to a service."""

    def __init__(self, base: str, headers: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=TIMEOUT_SECONDS)
        self.headers = headers

    def send(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Raises LoadError for an error status."""
        self.connection.request(method, path, body, self.headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 300:
            raise LoadError(f"{method} {path}: {response.status}: {text[:2000]!r}")
        return text

    def close(self) -> None:
        self.connection.close()


# Does one piece of work. Its body is made before anything is timed.
Call = Callable[[Connection], Any]


class Service(ABC):
    """Its reading calls return the items. A dataset is what `new_dataset` returns."""

    name: str
    headers = {"Content-Type": "application/json"}

    def __init__(self, base: str, pid: int) -> None:
        self.base, self.pid = base, pid

    def connect(self) -> Connection:
        return Connection(self.base, self.headers)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request of its own, and return the JSON of its response."""
        connection = self.connect()
        try:
            return json.loads(connection.send(method, path, None if body is None else dump(body)))
        finally:
            connection.close()

    @abstractmethod
    def new_dataset(self, name: str) -> str: ...

    @abstractmethod
    def append(self, dataset: str, items: list[Item]) -> Call: ...

    @abstractmethod
    def read(self, dataset: str) -> Call:
        """Read all items, in as many requests as the service's client sends. Return the bodies."""

    def read_page(self, dataset: str) -> Call | None:
        """Read PAGE_ITEMS items; None if the service has no pages."""
        return None

    @abstractmethod
    def items(self, bodies: list[bytes]) -> list[Item]:
        """Return the items of what a reading call returned."""


def dump(value: Any) -> bytes:
    return json.dumps(value).encode()


def sending(method: str, path: str, body: bytes | None = None) -> Call:
    return lambda connection: [connection.send(method, path, body)]
