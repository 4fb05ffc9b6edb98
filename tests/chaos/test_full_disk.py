"""A disk without room: what can be read is read, writes are refused in words, and with room all is as before."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from datasets_api.postgres import EmbeddedPostgres
from tests.chaos.clients import Answer, Client
from tests.chaos.conftest import Place
from tests.service.up_process import Up, manage, processes_of
from tests.small_disk import SmallDisk, mounted_disk
from tests.waiting import wait_for

RECOVERY_SECONDS = 90


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with mounted_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def up(disk: SmallDisk, tmp_path: Path) -> Iterator[Up]:
    """Its log is elsewhere, so that it can be written."""
    with Up(disk.folder) as up:
        yield up
    for pid in processes_of(disk.folder):
        os.kill(pid, 9)


@pytest.fixture
def place(up: Up) -> Place:
    place = Place(DATA_DIR=str(up.data_dir))
    place.fill(up)
    return place


def write_until_refused(client: Client, place: Place) -> tuple[int, Answer]:
    """How many writes there was still room for, and the refusal."""
    for count in range(1000):
        # Stored out of line and hardly to be compressed, so that the table must grow.
        body = {"dataset": place.dataset, "input": os.urandom(30_000).hex()}
        answer = client.ask("POST", "dataset_items/", body)
        if answer.status != 201:
            return count, answer
    raise AssertionError("it was never refused")


def takes_writes(up: Up) -> bool:
    return bool(up.ask("GET", "/_readyz").json().get("writes"))


def works_again(up: Up, client: Client, place: Place) -> bool:
    if not takes_writes(up):
        return False
    return client.ask("POST", "dataset_items/", {"dataset": place.dataset, "input": 1}).status == 201


def count_of(client: Client, place: Place) -> int:
    return int(client.get(f"dataset_items/?dataset={place.dataset}&limit=1")["count"])


def test_a_full_disk_refuses_writes_in_words_and_is_read_from(disk: SmallDisk, up: Up, place: Place) -> None:
    client = place.client(up)
    before = count_of(client, place)
    assert up.ask("GET", "/_readyz").status_code == 200

    disk.fill()
    written, refused = write_until_refused(client, place)
    read = client.ask("GET", f"dataset_items/{place.item}/")
    count = count_of(client, place)
    # Each worker finds out by itself, at most once a second.
    wait_for(lambda: not any(takes_writes(up) for _ in range(10)))
    ready, alive = up.ask("GET", "/_readyz"), up.ask("GET", "/_livez").status_code
    disk.make_room()
    wait_for(lambda: works_again(up, client, place), RECOVERY_SECONDS)
    client.close()

    assert (refused.status, refused.body["type"], refused.body["code"]) == (503, "server_error", "storage_full")
    assert int(refused.headers["retry-after"]) >= 1
    assert (read.status, alive) == (200, 200)
    assert count == before + written
    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "writes": False, "detail": "The database has no room left."}
    assert manage("check_history", DATA_DIR=str(up.data_dir)).returncode == 0
    assert "Traceback" not in up.output


def test_a_full_log_stops_postgresql_which_comes_back_when_there_is_room(disk: SmallDisk, up: Up, place: Place) -> None:
    """PostgreSQL cannot go on without its write-ahead log: it ends, and each start of it fails as long as it lasts."""
    client = place.client(up)
    before = count_of(client, place)

    wait_for(lambda: has_ended(disk, up), RECOVERY_SECONDS)
    wait_for(lambda: "PostgreSQL did not start" in up.output, RECOVERY_SECONDS)
    answers = [client.ask("GET", f"dataset_items/{place.item}/"), client.ask("POST", "datasets/", {"name": "x"})]
    ready, alive = up.ask("GET", "/_readyz"), up.ask("GET", "/_livez")
    disk.make_room()
    wait_for(lambda: works_again(up, client, place), RECOVERY_SECONDS)
    after = count_of(client, place)
    client.close()

    assert [(each.status, each.body["code"]) for each in answers] == [(503, "service_unavailable")] * 2
    assert (ready.status_code, alive.status_code) == (503, 200)
    assert after == before + 1
    assert manage("check_history", DATA_DIR=str(up.data_dir)).returncode == 0


def has_ended(disk: SmallDisk, up: Up) -> bool:
    """Its recovery may find some room, so that the first crash need not be the end."""
    disk.fill()
    exhaust_log(EmbeddedPostgres(up.data_dir).url)
    return "PostgreSQL has ended" in up.output


def exhaust_log(url: str) -> None:
    """Goes through the segments of the log that are there, without a table, which would have to grow."""
    with suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        for _ in range(100):
            connection.execute("SELECT pg_logical_emit_message(false, 'fill', 'fill'), pg_switch_wal()")
