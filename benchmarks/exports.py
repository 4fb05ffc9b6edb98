"""python -m benchmarks.exports: exports over HTTP beside a bare COPY of the same columns, in turns. See README.md."""

import argparse
import http.client
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import content
from benchmarks.__main__ import data_dir, set_up
from benchmarks.databases import Database, Which
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


def seconds_and_bytes(work: Callable[[], int]) -> tuple[float, int]:
    start = time.monotonic()
    length = work()
    return time.monotonic() - start, length


def measure(server: Server, items: int, repeats: int) -> None:
    variants: dict[str, Callable[[], int]] = {"COPY": lambda: copy(server.database)}
    variants |= {name: lambda name=name: export(server, name) for name in FORMATS}  # type: ignore[misc]
    taken: dict[str, list[float]] = {name: [] for name in variants}
    lengths: dict[str, int] = {}
    for _ in range(repeats):
        for name, work in variants.items():
            seconds, lengths[name] = seconds_and_bytes(work)
            taken[name].append(seconds)
    print(f"{items:,} items of about 1 KB, medians of {repeats}\n\n| | MB | MB/s | items/s | items/s over COPY's |")
    print("|---|---|---|---|---|")
    for name, each in taken.items():
        middle = statistics.median(each)
        ratio = statistics.median(bare / own for bare, own in zip(taken["COPY"], each, strict=True))
        megabytes = lengths[name] / 1e6
        print(f"| {name} | {megabytes:.0f} | {megabytes / middle:.0f} | {items / middle:,.0f} | {ratio:.2f} |")
    print(f"\nPeak memory of the workers: {worker_peaks(server.pid)}")


def run(folder: Path, items: int, repeats: int) -> None:
    from benchmarks.data import served  # noqa: PLC0415  these need the settings
    from benchmarks.run import report  # noqa: PLC0415

    with served([Which("ours", items)], folder, report) as servers:
        measure(*servers.values(), items, repeats)


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
