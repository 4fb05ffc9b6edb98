"""python -m benchmarks.searches: searches over HTTP, beside a scan written by hand. See README.md."""

import argparse
import functools
import hashlib
import json
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import content
from benchmarks.__main__ import data_dir, set_up
from benchmarks.databases import Database, Which
from benchmarks.interleaving import interleave
from benchmarks.servers import Server

ITEMS, REPEATS = 100_000, 5
DATASET = content.DATASET_ID % content.PROJECT
# Of one item's metadata; nothing else looks like it.
RARE = hashlib.md5(b"777").hexdigest()  # noqa: S324  as the data are made
SCAN = f"""
SELECT count(*) FROM dataset_item
 WHERE team_id = {content.PROJECT} AND dataset_id = '{DATASET}' AND deleted IS NOT TRUE
   AND (input::text ILIKE %(like)s OR output::text ILIKE %(like)s OR metadata::text ILIKE %(like)s)
"""
QUERIES: dict[str, tuple[Mapping[str, str], Callable[[int], int]]] = {
    "a text of one item": ({"search": RARE}, lambda items: 1),
    "a text of no item": ({"search": f"{RARE}!"}, lambda items: 0),
    "a text of all items": ({"search": "batch"}, lambda items: items),
    "a text of one item, and a metadata filter": ({"search": RARE, "metadata__batch": RARE}, lambda items: 1),
}


def scan(database: Database) -> None:
    with database.connected() as connection:
        found = connection.execute(SCAN, {"like": f"%{RARE}%"}).fetchone()
    assert found == (1,), found


def search(server: Server, query: Mapping[str, str], count: int) -> None:
    parameters = urlencode({"dataset": DATASET, "limit": 10, **query})
    url = f"{server.base}/api/projects/{content.PROJECT}/dataset_items/?{parameters}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {content.CALLER_KEY}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        found = json.loads(answer.read())["count"]
    assert found == count, found


def measure(server: Server, items: int, repeats: int) -> None:
    works: dict[str, Callable[[], None]] = {"ILIKE, by hand": functools.partial(scan, server.database)}
    for name, (query, count) in QUERIES.items():
        works[name] = functools.partial(search, server, query, count(items))
    timed = interleave(works, repeats=repeats)
    print(f"{items:,} items of about 1 KB, one client, medians of {repeats}\n\n| | ms | time × |\n|---|---|---|")
    for name, each in timed.items():
        print(f"| {name} | {1000 * each.median:.0f} | {each.times(timed['ILIKE, by hand']):.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.searches", description="Searches beside ILIKE.")
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="keep the built data there, for the next run")
    options = parser.parse_args()
    set_up()
    from benchmarks.data import served  # noqa: PLC0415  it needs the settings

    with data_dir(options.data_dir) as folder, served([Which("ours", options.items)], folder, print) as servers:
        measure(*servers.values(), options.items, options.repeats)


if __name__ == "__main__":
    main()
