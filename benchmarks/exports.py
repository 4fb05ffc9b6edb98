"""python -m benchmarks.exports: exports over HTTP beside a bare COPY of the same columns, in turns. See README.md."""

import argparse
import functools
import http.client
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import content
from benchmarks.__main__ import data_dir, set_up
from benchmarks.databases import Database, Which
from benchmarks.interleaving import interleave
from benchmarks.machine import describe_machine, describe_postgres, print_machine
from benchmarks.processes import worker_peaks
from benchmarks.servers import Server

ITEMS, REPEATS = 200_000, 5
FORMATS = ("jsonl", "csv", "parquet")
DATASET = content.DATASET_ID % content.PROJECT
COPY = f"""
COPY (SELECT id, input, output, metadata, ref_trace_id, ref_timestamp, ref_source_id, created_at, updated_at
        FROM dataset_item
       WHERE team_id = {content.PROJECT} AND dataset_id = '{DATASET}' AND deleted IS NOT TRUE
       ORDER BY created_at, id DESC) TO STDOUT
"""
BLOCK_BYTES = 256 * 1024


def copy(database: Database) -> int:
    """Bytes."""
    with database.connected() as connection, connection.cursor().copy(COPY) as blocks:
        return sum(len(block) for block in blocks)


def export(server: Server, name: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(server.base).netloc)
    path = f"/api/projects/{content.PROJECT}/datasets/{DATASET}/export/?export_format={name}"
    connection.request("GET", path, headers={"Authorization": f"Bearer {content.CALLER_KEY}"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    length = 0
    while block := answer.read(BLOCK_BYTES):
        length += len(block)
    connection.close()
    return length


def measure(server: Server, items: int, repeats: int) -> None:
    works: dict[str, Callable[[], int]] = {"COPY": functools.partial(copy, server.database)}
    works |= {name: functools.partial(export, server, name) for name in FORMATS}
    timed = interleave(works, repeats=repeats)
    print(f"{items:,} items of about 1 KB, medians of {repeats}\n\n| | MB | MB/s | items/s | items/s over COPY's |")
    print("|---|---|---|---|---|")
    for name, each in timed.items():
        megabytes, rate, ratio = each.result / 1e6, items / each.median, 1 / each.times(timed["COPY"])
        print(f"| {name} | {megabytes:.0f} | {megabytes / each.median:.0f} | {rate:,.0f} | {ratio:.2f} |")
    print(f"\nPeak memory of the workers: {worker_peaks(server.pid)}")


def run(folder: Path, items: int, repeats: int) -> None:
    from benchmarks.data import served  # noqa: PLC0415  these need the settings
    from benchmarks.run import report  # noqa: PLC0415

    machine = describe_machine(folder)
    with served([Which("ours", items)], folder, report) as servers:
        (server,) = servers.values()
        print_machine(machine | describe_postgres(server.database.url))
        measure(server, items, repeats)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description="Exports beside a bare COPY.")
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="keep the built data there, for the next run")
    options = parser.parse_args()
    set_up()
    with data_dir(options.data_dir) as folder:
        run(folder, options.items, options.repeats)


if __name__ == "__main__":
    main()
