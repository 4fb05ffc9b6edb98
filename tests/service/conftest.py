"""Fixtures: the running service with a dataset and a key."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from items.models import DatasetItem
from tests.conftest import emptied
from tests.people import People, key
from tests.rows import dataset, item
from tests.service.raw_connection import Answer, RawConnection
from tests.service_process import ServiceProcess


class Site:
    """A service with a dataset of two items and a valid key, and raw connections that are closed after each test."""

    def __init__(self, service: ServiceProcess) -> None:
        self.service, self.port, self.connections = service, service.port, ExitStack()
        self.people = People()
        self.dataset = dataset(self.people.project)
        self.item, _ = item(self.dataset), item(self.dataset)
        self.path = f"/api/projects/{self.people.project.id}/dataset_items/".encode()
        self.key = f"Authorization: Bearer {key(self.people.colleague)}\r\n".encode()
        self.owner = f"Authorization: Bearer {key(self.people.owner)}\r\n".encode()
        self.stranger = f"Authorization: Bearer {key(self.people.stranger)}\r\n".encode()

    def connect(self) -> RawConnection:
        wire = RawConnection(self.port)
        self.connections.callback(wire.close)
        return wire

    def request(
        self,
        method: bytes = b"GET",
        path: bytes | None = None,
        headers: bytes = b"",
        body: bytes | None = None,
        *,
        identity: bytes | None = None,
    ) -> bytes:
        """Return the bytes of a request, by default for the items and with the valid key."""
        path = self.path if path is None else path
        identity = self.key if identity is None else identity
        length = b"" if body is None else b"Content-Length: %d\r\n" % len(body)
        return (
            method
            + b" "
            + path
            + b" HTTP/1.1\r\nHost: localhost\r\n"
            + identity
            + headers
            + length
            + b"\r\n"
            + (body or b"")
        )

    def stored(self) -> list[Any]:
        return list(DatasetItem.objects.order_by("id").values_list("id", "version", "deleted"))

    def ask(self, *parts: Any, **more: Any) -> Answer:
        """Send a request on a new connection, and check that the connection is usable afterwards."""
        wire = self.connect()
        answer = wire.ask(self.request(*parts, **more))
        assert wire.ask(self.request()).status == 200
        return answer


@pytest.fixture(scope="module")
def service_with_data(service: ServiceProcess, django_db_blocker: Any) -> Iterator[Site]:
    """Created once, because emptying all tables takes longer than most of these tests."""
    with emptied(django_db_blocker):
        yield Site(service)


@pytest.fixture
def site(service_with_data: Site) -> Iterator[Site]:
    with service_with_data.connections:
        yield service_with_data
