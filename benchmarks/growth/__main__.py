"""python -m benchmarks.growth ITEMS [ITEMS …]: how the cost of a request grows with the items. See README.md."""

import argparse
import fnmatch
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.__main__ import data_dir, set_up
from benchmarks.data import Databases
from benchmarks.databases import Database, Which
from datasets_api.postgres.embedded import EmbeddedPostgres

if TYPE_CHECKING:
    from benchmarks.growth.rounds import Measured

ROUNDS = 15
# A run adds some 20,000 items. It may add them to the kept tables if these are a hundred times as large.
LARGE_ITEMS = 500_000
# Lost with the power, and fast: for tables that can be built again.
BUILD_SETTINGS = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "1GB", "max_wal_size": "8GB"}


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("items", type=int, nargs="+", metavar="ITEMS")
    parser.add_argument("--only", default="*", metavar="NAME,NAME", help="these alone; patterns such as 'list*' too")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--versions", type=int, default=2, help="of each item; 1: only the sizes are printed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the costs of all rounds there")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="keep the built data there, 4 KB an item")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    set_up()
    from benchmarks.growth.operations import VERSIONS, operations  # noqa: PLC0415  these need the settings
    from benchmarks.growth.rounds import run_rounds, workers  # noqa: PLC0415
    from benchmarks.growth.sizes import print_sizes  # noqa: PLC0415
    from benchmarks.growth.table import print_growth  # noqa: PLC0415

    sizes = sorted(set(options.items))
    with data_dir(options.data_dir) as folder, built(folder, sizes, options.versions) as databases:
        for database in databases.values():
            print_sizes(database)
        if options.versions != VERSIONS:
            return
        with workers(databases) as among:
            measured = {
                name: run_rounds(among, name, operation, options.rounds)
                for name, operation in operations(sizes[0]).items()
                if any(fnmatch.fnmatch(name, pattern) for pattern in options.only.split(","))
            }
    print_growth(measured)
    if options.json:
        options.json.write_text(json.dumps(as_json(measured), indent=1) + "\n", encoding="utf-8")


def as_json(measured: "Mapping[str, Measured]") -> dict[str, dict[int, list[dict[str, float]]]]:
    return {
        name: {items: [asdict(costs) for costs in rounds] for items, rounds in each.rounds.items()}
        for name, each in measured.items()
    }


@contextmanager
def built(folder: Path, sizes: Iterable[int], versions: int) -> Iterator[dict[int, Database]]:
    """All databases in one PostgreSQL, with the settings that it has in production. Small ones are copies."""
    requested = {items: Which("ours", items, versions) for items in sizes}
    postgres = EmbeddedPostgres(folder / "data", settings=BUILD_SETTINGS)
    with postgres.serve():
        for which in requested.values():
            Databases(postgres.url, print).built(which)
    postgres = EmbeddedPostgres(folder / "data")
    with postgres.serve():
        databases = Databases(postgres.url, print)
        small = [which for which in requested.values() if which.items < LARGE_ITEMS]
        with databases.copies(small) as copies:
            yield {
                items: copies[which] if which in copies else databases.built(which)
                for items, which in requested.items()
            }


if __name__ == "__main__":
    main()
