"""Lines of progress during an import, and clients that disconnect, in a running service."""

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from items.imports.progress import Progress
from items.models import DatasetHead, DatasetItem
from tests.history_check import assert_history_holds
from tests.http_connection import ServedProject
from tests.items.imports.files import lines
from tests.rows import dataset, head
from tests.service_process import ServiceProcess
from tests.waiting import wait_for

LINES = "application/x-ndjson"
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
BUSY = f"{CONNECTIONS} AND state <> 'idle' AND pid <> pg_backend_pid()"


class StreamedImport(ServedProject):
    def __init__(self, service: ServiceProcess) -> None:
        super().__init__(service)
        self.dataset = dataset(self.people.project, author=self.people.owner.id)
        self.path = f"{self.datasets}{self.dataset.id}/import/?import_format=jsonl"
        self.headers = {"Authorization": f"Bearer {self.key}", "Accept": LINES}

    def start(self, file: bytes, query: str = "", **headers: str) -> tuple[http.client.HTTPConnection, Any]:
        client = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=120)
        client.request("POST", self.path + query, file, self.headers | headers)
        return client, client.getresponse()

    def read_events(self, file: bytes, query: str = "", **headers: str) -> list[dict[str, Any]]:
        client, response = self.start(file, query, **headers)
        assert (response.status, response.headers["Content-Type"]) == (200, LINES)
        read_events = [json.loads(line) for line in response.read().splitlines()]
        client.close()
        return read_events


@pytest.fixture
def streamed(service: ServiceProcess, live_database: None) -> StreamedImport:
    return StreamedImport(service)


def fetch_value(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def rows(count: int) -> bytes:
    return lines(*({"input": {"n": n, "text": "x" * 200}} for n in range(count)))


def test_progress_lines_end_with_the_response(streamed: StreamedImport) -> None:
    file = rows(60_000)

    *progress, last = streamed.read_events(file)

    assert last == {
        "status": 201,
        "body": {
            "dry_run": False, "rows": 60_000, "created": 60_000,
            "updated": 0, "unchanged": 0, "skipped": 0, "archived": 0,
            "errors": [], "examples": [], "preview": [], "dataset_revision": 1,
            "ignored_columns": [], "hints": [], "matched_columns": [],
        },
    }  # fmt: skip
    assert all(list(line) == ["progress"] for line in progress)
    steps = [Progress(**line["progress"]) for line in progress]
    assert steps == sorted(steps)
    assert steps[-1] == Progress(len(file), len(file), 60_000, 60_000)
    assert head(streamed.dataset).item_count == 60_000


def test_a_rejected_file_ends_with_its_errors(streamed: StreamedImport) -> None:
    *_, last = streamed.read_events(lines({"input": 1}, "{"))

    assert last["status"] == 400
    assert [each["row"] for each in last["body"]["errors"]] == [2]


def test_errors_before_the_import_have_their_own_status(streamed: StreamedImport) -> None:
    client, response = streamed.start(b"", Authorization="Bearer phx_wrong")

    assert response.status == 401
    assert json.loads(response.read())["type"] == "authentication_error"
    client.close()


def test_a_dry_run_and_a_repeat(streamed: StreamedImport) -> None:
    assert streamed.read_events(rows(3), "&dry_run=true")[-1]["status"] == 200
    first, second = (streamed.read_events(rows(3), **{"Idempotency-Key": "k"})[-1] for _ in range(2))

    assert first == second
    assert head(streamed.dataset).item_count == 3


@pytest.mark.parametrize("stored", [False, True], ids=["while reading", "while storing"])
def test_a_client_that_disconnects_cancels_the_import(stored: bool, streamed: StreamedImport) -> None:
    before = fetch_value(CONNECTIONS)
    client, response = streamed.start(rows(100_000))

    line = next(
        each for each in lines_of(response) if each["progress"]["rows"] and (each["progress"]["stored"] or not stored)
    )
    client.sock.close()
    response.close()

    assert "status" not in line
    wait_for(lambda: fetch_value(BUSY) == 0, 30)
    wait_for(lambda: fetch_value(CONNECTIONS) <= before + 1, 30)
    # A client that disconnects while rows are stored may be noticed only after the commit; then all rows are stored.
    possible = [(0, 0), (1, 100_000)] if stored else [(0, 0)]
    assert (head(streamed.dataset).revision, DatasetItem.objects.count()) in possible
    assert DatasetHead.objects.count() == 1
    assert streamed.read_events(rows(2))[-1]["status"] == 201
    assert_history_holds()


def lines_of(response: Any) -> Iterator[dict[str, Any]]:
    while line := response.readline():
        yield json.loads(line)
