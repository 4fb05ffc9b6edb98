"""Lines of progress while a file is imported, and a client that goes away meanwhile; against the running service."""

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from items.models import DatasetHead, DatasetItem
from items.transfer.progress import Progress
from tests.history.check import assert_history_holds
from tests.history.wire import ServedProject
from tests.items.rows import dataset, head
from tests.service_process import ServiceProcess
from tests.transfer.files import lines
from tests.waiting import wait_for

LINES = "application/x-ndjson"
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
BUSY = f"{CONNECTIONS} AND state <> 'idle' AND pid <> pg_backend_pid()"


class Place(ServedProject):
    def __init__(self, service: ServiceProcess) -> None:
        super().__init__(service)
        self.dataset = dataset(self.people.project, author=self.people.owner.id)
        self.path = f"{self.datasets}{self.dataset.id}/import/?import_format=jsonl"
        self.headers = {"Authorization": f"Bearer {self.key}", "Accept": LINES}

    def begin(self, file: bytes, query: str = "", **headers: str) -> tuple[http.client.HTTPConnection, Any]:
        client = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=120)
        client.request("POST", self.path + query, file, self.headers | headers)
        return client, client.getresponse()

    def told(self, file: bytes, query: str = "", **headers: str) -> list[dict[str, Any]]:
        client, response = self.begin(file, query, **headers)
        assert (response.status, response.headers["Content-Type"]) == (200, LINES)
        told = [json.loads(line) for line in response.read().splitlines()]
        client.close()
        return told


@pytest.fixture
def place(service: ServiceProcess, live_database: None) -> Place:
    return Place(service)


def asked(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def rows(count: int) -> bytes:
    return lines(*({"input": {"n": n, "text": "x" * 200}} for n in range(count)))


def test_progress_and_at_last_the_answer(place: Place) -> None:
    file = rows(60_000)

    *progress, last = place.told(file)

    assert last == {
        "status": 201,
        "body": {
            "dry_run": False, "rows": 60_000, "created": 60_000, "errors": [], "preview": [], "dataset_revision": 2,
        },
    }  # fmt: skip
    assert all(list(line) == ["progress"] for line in progress)
    steps = [Progress(**line["progress"]) for line in progress]
    assert steps == sorted(steps)
    assert steps[-1] == Progress(len(file), len(file), 60_000, 60_000)
    assert head(place.dataset).item_count == 60_000


def test_a_refused_file_ends_with_its_errors(place: Place) -> None:
    *_, last = place.told(lines({"input": 1}, "{"))

    assert last["status"] == 400
    assert [each["row"] for each in last["body"]["errors"]] == [2]


def test_what_is_wrong_before_the_work_has_its_own_status(place: Place) -> None:
    client, response = place.begin(b"", Authorization="Bearer phx_wrong")

    assert response.status == 401
    assert json.loads(response.read())["type"] == "authentication_error"
    client.close()


def test_a_dry_run_and_a_repetition(place: Place) -> None:
    assert place.told(rows(3), "&dry_run=true")[-1]["status"] == 200
    first, second = (place.told(rows(3), **{"Idempotency-Key": "k"})[-1] for _ in range(2))

    assert first == second
    assert head(place.dataset).item_count == 3


@pytest.mark.parametrize("stored", [False, True], ids=["while reading", "while storing"])
def test_a_client_that_goes_away_has_given_it_up(stored: bool, place: Place) -> None:
    before = asked(CONNECTIONS)
    client, response = place.begin(rows(100_000))

    line = next(
        each for each in lines_of(response) if each["progress"]["rows"] and (each["progress"]["stored"] or not stored)
    )
    client.sock.close()
    response.close()

    assert "status" not in line
    wait_for(lambda: asked(BUSY) == 0, 30)
    wait_for(lambda: asked(CONNECTIONS) <= before + 1, 30)
    # One that goes while rows are stored may be noticed only after the commit: then all of them are there.
    possible = [(1, 0), (2, 100_000)] if stored else [(1, 0)]
    assert (head(place.dataset).revision, DatasetItem.objects.count()) in possible
    assert DatasetHead.objects.count() == 1
    assert place.told(rows(2))[-1]["status"] == 201
    assert_history_holds()


def lines_of(response: Any) -> Iterator[dict[str, Any]]:
    while line := response.readline():
        yield json.loads(line)
