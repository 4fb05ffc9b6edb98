"""Exports from the running service: during writes, of any size, and to clients of every kind."""

import json
import os
import random
import time
from collections.abc import Iterator
from copy import copy
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from database.query import execute, fetch_one
from tests.history_check import assert_history_holds
from tests.http_connection import ServedProject, at_once
from tests.items.exports.exported_files import rows_in
from tests.rows import dataset, item
from tests.service_process import ServiceProcess

WRITERS, SECONDS = 8, 3
# EXPORT_TEST_ITEMS in the environment sets a larger number.
ITEMS = 20_000

# Creates items as if each had a request of its own, but faster.
FILL = """
WITH made AS (
  INSERT INTO dataset_item (team_id, id, dataset_id, input, output, metadata, deleted, created_at, updated_at,
                            created_by_id, version, revision)
  SELECT %(project_id)s, md5(%(dataset_id)s::text || n)::uuid, %(dataset_id)s,
         ('"' || repeat(md5(n::text), %(texts)s::int) || '"')::json,
         '{"a": [1, 2, 3]}', NULL, false, t, t, 1, 1, n
    FROM generate_series(1, %(count)s) n, LATERAL (SELECT now() + n * interval '1 microsecond' AS t) at
  RETURNING *
), presences AS (
  INSERT INTO item_validity (team_id, dataset_id, created_at, item_id, version, valid_from, valid_to)
  SELECT team_id, dataset_id, created_at, id, 1, revision, 9223372036854775807 FROM made
), changes AS (
  INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at,
                              created_by_id, item_count, created, updated, archived, restored)
  SELECT team_id, dataset_id, revision, 0, 'created', id, 1, created_at, 1, revision, 1, 0, 0, 0 FROM made
)
UPDATE dataset_head SET revision = %(count)s, item_count = %(count)s,
                        changed_at = now() + %(count)s * interval '1 microsecond'
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
"""


class ServedExport(ServedProject):
    """A dataset of the running service, to fill and to export."""

    def __init__(self, service: ServiceProcess) -> None:
        super().__init__(service)
        self.row = dataset(self.people.project)
        self.path = f"{self.datasets}{self.row.id}/export/"

    def fill(self, count: int, *, texts: int = 30) -> None:
        execute(FILL, {"project_id": self.row.team_id, "dataset_id": self.row.id, "count": count, "texts": texts})
        execute("ANALYZE", {})

    def peak_memory(self) -> int:
        """Return the most bytes that the workers have used."""
        pid = self.service.process.pid
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        values = [Path(f"/proc/{each}/status").read_text().partition("VmHWM:")[2].split()[0] for each in workers]
        return 1024 * max(map(int, values))


@pytest.fixture
def served(service: ServiceProcess, live_database: None) -> Iterator[ServedExport]:
    yield ServedExport(service)
    connection.close()


def listed(served: ServedExport, revision: int) -> list[dict[str, Any]]:
    values, url = [], f"{served.items}?dataset={served.row.id}&revision={revision}&limit=1000"
    with served.wire() as wire:
        while url:
            page = wire.ask("GET", url).json()
            values += page["results"]
            url = page["next"] and page["next"].removeprefix(served.service.base)
    return values


def test_exports_show_one_revision_while_eight_clients_write(served: ServedExport) -> None:
    served.fill(3000, texts=200)
    deadline, exports = time.monotonic() + SECONDS, []

    def write(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311  nothing secret
        with served.wire() as wire:
            while time.monotonic() < deadline:
                at = chance.randrange(1, 3001)
                values = fetch_id(served, at)
                match chance.randrange(4):
                    case 0:
                        wire.ask("POST", served.items, {"dataset": str(served.row.id), "input": at})
                    case 1:
                        wire.ask("POST", f"{served.items}{values}/archive/")
                    case 2:
                        wire.ask("POST", f"{served.items}{values}/restore/")
                    case _:
                        wire.ask("PATCH", f"{served.items}{values}/", {"output": chance.random()})

    def read(form: str) -> None:
        with served.wire() as wire:
            while time.monotonic() < deadline:
                response = wire.ask("GET", f"{served.path}?export_format={form}")
                assert response.status == 200
                exports.append((form, int(response.headers["dataset-revision"]), response.content))

    forms = ("jsonl", "csv", "parquet")
    at_once(
        [*[lambda seed=seed: write(seed) for seed in range(WRITERS)], *[lambda form=form: read(form) for form in forms]]
    )

    assert len({revision for _, revision, _ in exports}) > 3
    lists = {revision: listed(served, revision) for _, revision, _ in exports[:: len(exports) // 10 or 1]}
    for form, revision, content in exports:
        if revision in lists:
            rows, items = rows_in(form, content), lists[revision]
            assert [row["id"] for row in rows] == [each["id"] for each in reversed(items)], revision
            for row, each in zip(rows, reversed(items), strict=True):
                assert row == {name: each[name] for name in row}
    assert_history_holds()


def fetch_id(served: ServedExport, number: int) -> str:
    return str(UUID(md5(f"{served.row.id}{number}".encode()).hexdigest()))  # noqa: S324  as FILL makes ids


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_memory_does_not_grow_with_an_export(served: ServedExport, form: str) -> None:
    served.fill(2000, texts=30)
    with served.wire() as wire:
        for _ in range(6):  # both workers
            assert wire.ask("GET", f"{served.path}?export_format={form}").status == 200
    before, other = served.peak_memory(), copy(served)
    other.row = dataset(served.people.project)
    other.path = f"{served.datasets}{other.row.id}/export/"
    count = int(os.getenv("EXPORT_TEST_ITEMS", str(ITEMS)))
    other.fill(count, texts=100)

    length = 0
    with served.wire() as wire:
        wire.connection.request("GET", f"{other.path}?export_format={form}", headers=wire.headers)
        response = wire.connection.getresponse()
        while block := response.read(1_000_000):
            length += len(block)

    assert length > count * (3000 if form != "parquet" else 20)
    assert served.peak_memory() < before + 130_000_000


@pytest.mark.parametrize(
    ("query", "share"),
    [("search=nothing+like+it", 0.0), ("output__contains={%22a%22:[1]}", 1.0), ("sample=10000&seed=1", 0.5)],
)
def test_memory_does_not_grow_with_a_filtered_export(served: ServedExport, query: str, share: float) -> None:
    served.fill(2000, texts=30)
    with served.wire() as wire:
        for _ in range(6):  # both workers
            assert wire.ask("GET", f"{served.path}?{query}").status == 200
        before, other = served.peak_memory(), copy(served)
        other.row = dataset(served.people.project)
        other.path = f"{served.datasets}{other.row.id}/export/"
        other.fill(ITEMS, texts=100)

        rows = wire.ask("GET", f"{other.path}?{query}").content.count(b"\n")

    assert rows == ITEMS * share
    assert served.peak_memory() < before + 130_000_000


def test_large_items_are_read_few_at_a_time(served: ServedExport) -> None:
    for _ in range(24):
        item(served.row, input=json.dumps(random.randbytes(4_000_000).hex()))  # noqa: S311  nothing secret
    with served.wire() as wire:
        before = served.peak_memory()
        response = wire.ask("GET", served.path)

    assert len(response.content) > 190_000_000
    assert len(rows_in("jsonl", response.content)) == 24
    assert served.peak_memory() < before + 120_000_000


def test_a_disconnected_reader_leaves_nothing_behind(served: ServedExport) -> None:
    served.fill(ITEMS)
    for _ in range(3):
        with served.wire() as wire:
            wire.connection.request("GET", served.path, headers=wire.headers)
            wire.connection.getresponse().read(1000)
    time.sleep(0.5)

    row = fetch_one(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND (state <> 'idle' OR backend_xmin IS NOT NULL OR xact_start IS NOT NULL)"
        " AND backend_type = 'client backend'",
        [],
    )
    assert row == (0,)


def test_head_and_no_row_left_out_at_the_running_service(served: ServedExport) -> None:
    served.fill(5000, texts=1)
    with served.wire() as wire:
        wire.connection.request("HEAD", served.path, headers=wire.headers)
        head = wire.connection.getresponse()
        assert (head.status, head.read()) == (200, b"")
        assert head.headers["content-type"] == "application/x-ndjson"
        rows = rows_in("jsonl", wire.ask("GET", served.path).content)
    assert len(rows) == 5000
    assert [row["created_at"] for row in rows] == sorted(row["created_at"] for row in rows)
