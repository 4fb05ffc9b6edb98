"""Fixtures: a service with routes for streams and uploads, and connections that are closed after each test."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import emptied
from tests.people import People, key
from tests.service.raw_connection import RawConnection
from tests.service_process import ServiceProcess

IDLE_TIMEOUT_SECONDS = 2
LIMIT = 30_000_000


class Site:
    def __init__(self, service: ServiceProcess) -> None:
        self.service, self.connections = service, ExitStack()
        people = People()
        self.path = f"/api/projects/{people.project.id}/datasets/x/import/"
        self.key, self.stranger = key(people.colleague), key(people.stranger)
        self.owner, self.second_key = key(people.owner), key(people.colleague)
        self.reader = key(people.colleague, "dataset:read")

    @property
    def workers(self) -> list[int]:
        pid = self.service.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def connect(self) -> RawConnection:
        wire = RawConnection(self.service.port)
        self.connections.callback(wire.close)
        return wire

    def get(self, path: str, method: str = "GET", version: str = "1.1") -> RawConnection:
        wire = self.connect()
        wire.send(f"{method} {path} HTTP/{version}\r\nHost: localhost\r\n\r\n".encode())
        return wire

    def state(self) -> dict[str, int]:
        answer = self.get("/state/").read()
        assert answer
        found: dict[str, int] = json.loads(answer.body)
        return found

    def memory(self) -> int:
        """Return the worker's peak memory in bytes."""
        status = Path(f"/proc/{self.workers[0]}/status").read_text()
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def read_chunked(wire: RawConnection) -> tuple[int, bool]:
    """Return the length of the body, and whether it is complete."""
    length = 0
    while line := wire.file.readline():
        size = int(line, 16)
        length += len(wire.file.read(size))
        if wire.file.read(2) != b"\r\n":
            return length, False
        if not size:
            return length, True
    return length, False


def read_head(wire: RawConnection) -> dict[str, str]:
    assert wire.file.readline().split()[1] == b"200"
    return dict(wire.headers())


@pytest.fixture(scope="module")
def service_with_data(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with emptied(django_db_blocker):
        service = ServiceProcess(
            workers=1,
            DJANGO_SETTINGS_MODULE="tests.service.streams.settings",
            STREAM_IDLE_TIMEOUT_SECONDS=str(IDLE_TIMEOUT_SECONDS),
            SERVER_MAX_STREAMS_PER_USER="100",
            SERVER_MAX_UPLOADS_PER_USER="4",
            IMPORT_LIMIT_BYTES=str(LIMIT),
            IMPORT_DIR=str(tmp_path_factory.mktemp("imports")),
        )
        try:
            yield Site(service)
        finally:
            service.stop()
