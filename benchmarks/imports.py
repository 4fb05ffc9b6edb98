"""python -m benchmarks.imports: files imported over HTTP, beside a bare COPY of the same rows into the same table."""

import argparse
import csv
import functools
import io
import json
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from uuid_utils.compat import uuid7

from benchmarks import content
from benchmarks.__main__ import data_dir, set_up
from benchmarks.databases import Database, Which
from benchmarks.interleaving import interleave
from benchmarks.machine import describe_machine, describe_postgres, print_machine
from benchmarks.servers import Server

ROWS, REPEATS, ITEMS = 20_000, 3, 1_000
COPY = """
COPY dataset_item (team_id, id, dataset_id, input, output, metadata, ref_source_id, deleted, created_at, updated_at,
                   created_by_id, version, revision) FROM STDIN
"""

Rows = list[dict[str, Any]]


def row(number: int) -> dict[str, Any]:
    """About a kilobyte."""
    return {
        "input": {"question": f"What is {number} + {number}?", "context": "x" * 600},
        "output": {"answer": str(2 * number), "reasons": ["y" * 200]},
        "metadata": {"level": number % 7, "share": 0.25},
        "ref_source_id": str(number),
    }


def lines(rows: Rows) -> bytes:
    return "".join(f"{json.dumps(each)}\n" for each in rows).encode()


def cells(rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(rows[0])
    writer.writerows([json.dumps(value) for value in each.values()] for each in rows)
    return text.getvalue().encode()


def columns(rows: Rows) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file)
    return file.getvalue()


def post(base: str, dataset: UUID, file: bytes, query: str, rows: int) -> None:
    url = f"{base}/api/projects/{content.PROJECT}/datasets/{dataset}/import/?{query}"
    headers = {"Authorization": f"Bearer {content.CALLER_KEY}", "Content-Type": "application/octet-stream"}
    with urllib.request.urlopen(urllib.request.Request(url, file, headers), timeout=600) as answer:  # noqa: S310
        events = json.loads(answer.read())
    assert (events["rows"], events["errors"]) == (rows, [])


def copy(database: Database, dataset: UUID, rows: Rows) -> None:
    """And takes it back."""
    now = "2026-01-01T00:00:00Z"
    with (
        database.connected() as connection,
        connection.transaction(force_rollback=True),
        connection.cursor().copy(COPY) as writing,
    ):
        for each in rows:
            texts = [json.dumps(each[name]) for name in ("input", "output", "metadata")]
            source = each["ref_source_id"]
            writing.write_row((content.PROJECT, uuid7(), dataset, *texts, source, False, now, now, 1, 1, 1))


def measure(server: Server, count: int, repeats: int) -> None:
    dataset = UUID(content.DATASET_ID % content.PROJECT)
    rows = [row(number) for number in range(count)]
    files = {"jsonl": lines(rows), "csv": cells(rows), "parquet": columns(rows)}
    works: dict[str, Callable[[], None]] = {"bare COPY": functools.partial(copy, server.database, dataset, rows)}
    for name, file in files.items():
        for query, kind in (("&dry_run=true", "checked alone"), ("", "imported")):
            send = functools.partial(post, server.base, dataset, file, f"import_format={name}{query}", count)
            works[f"{name}, {kind}"] = send
    timed = interleave(works, repeats=repeats)
    for name, each in timed.items():
        rate, ratio = count / each.median, each.times(timed["bare COPY"])
        print(f"{name:24}{rate:>10,.0f} rows/s   time × {ratio:.2f}   ±{each.spread:.0%}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description="Imports beside a bare COPY.")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    options = parser.parse_args()
    set_up()
    from benchmarks.data import served  # noqa: PLC0415  it needs the settings

    with data_dir(None) as folder:
        machine = describe_machine(folder)
        with served([Which("ours", ITEMS)], folder, print) as servers:
            (server,) = servers.values()
            print_machine(machine | describe_postgres(server.database.url))
            measure(server, options.rows, options.repeats)


if __name__ == "__main__":
    main()
