"""On a full disk, reads work and writes fail with a message; with space again, everything works."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from datasets_api.postgres.embedded import EmbeddedPostgres
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
    """The service, with its log on another disk."""
    with Up(disk.folder) as up:
        yield up
    for pid in processes_of(disk.folder):
        os.kill(pid, 9)


@pytest.fixture
def place(up: Up) -> Place:
    place = Place(DATA_DIR=str(up.data_dir))
    place.fill(up)
    return place


def write_until_full(client: Client, place: Place) -> tuple[int, Answer]:
    """Return the number of successful writes, and the response of the first failed one."""
    for count in range(1000):
        # Stored out of line and barely compressible, so that the table must grow.
        body = {"dataset": place.dataset, "input": os.urandom(30_000).hex()}
        answer = client.ask("POST", "dataset_items/", body)
        if answer.status != 201:
            return count, answer
    raise AssertionError("it was never refused")


def accepts_writes(up: Up) -> bool:
    return bool(up.ask("GET", "/_readyz").json().get("writes"))


def works_again(up: Up, client: Client, place: Place) -> bool:
    if not accepts_writes(up):
        return False
    return client.ask("POST", "dataset_items/", {"dataset": place.dataset, "input": 1}).status == 201


def count_of(client: Client, place: Place) -> int:
    return int(client.get(f"dataset_items/?dataset={place.dataset}&limit=1")["count"])


def test_a_full_disk_rejects_writes_and_serves_reads(disk: SmallDisk, up: Up, place: Place) -> None:
    client = place.client(up)
    before = count_of(client, place)
    assert up.ask("GET", "/_readyz").status_code == 200

    disk.fill()
    written, refused = write_until_full(client, place)
    read = client.ask("GET", f"dataset_items/{place.item}/")
    count = count_of(client, place)
    # Each worker checks by itself, at most once a second.
    wait_for(lambda: not any(accepts_writes(up) for _ in range(10)))
    ready, alive = up.ask("GET", "/_readyz"), up.ask("GET", "/_livez").status_code
    disk.make_room()
    wait_for(lambda: works_again(up, client, place), RECOVERY_SECONDS)
    client.close()

    assert (refused.status, refused.body["type"], refused.body["code"]) == (503, "server_error", "storage_full")
    assert int(refused.headers["retry-after"]) >= 1
    assert (read.status, alive) == (200, 200)
    assert count == before + written
    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "writes": False, "detail": "The database is out of disk space."}
    assert manage("check_history", DATA_DIR=str(up.data_dir)).returncode == 0
    assert "Traceback" not in up.output


def test_a_full_wal_stops_postgresql_until_there_is_space(disk: SmallDisk, up: Up, place: Place) -> None:
    """PostgreSQL ends when it cannot write its write-ahead log, and each restart fails until there is space."""
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
    """Return whether PostgreSQL has ended; recovery may find some space, so this may take several crashes."""
    disk.fill()
    exhaust_wal(EmbeddedPostgres(up.data_dir).url)
    return "PostgreSQL has ended" in up.output


def exhaust_wal(url: str) -> None:
    """Use up the existing segments of the write-ahead log, without a table, which would have to grow."""
    with suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        for _ in range(100):
            connection.execute("SELECT pg_logical_emit_message(false, 'fill', 'fill'), pg_switch_wal()")
