"""Measures how costs grow with the number of items: python -m benchmarks.growth ITEMS [ITEMS ...]

For each number a new database: sizes and depths of tables and indexes, and the time of requests inside this process,
one after the other: what a twentieth of them stays below, since others may be at work on the machine. Times of one run
can be compared with each other; on another machine they are others.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from benchmarks import content
from benchmarks.machine import describe_machine, describe_postgres, print_machine

REPEATS = 200
SIZES = """
SELECT c.relname, a.amname = 'btree', pg_relation_size(c.oid) + coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am a ON a.oid = c.relam
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i') AND pg_relation_size(c.oid) > 0
   AND c.relname ~ '^(dataset|item)' ORDER BY 3 DESC LIMIT 10
"""


def main() -> None:
    if len(sys.argv) == 2 and "GROWTH_FOLDER" in os.environ:
        measure(int(sys.argv[1]), Path(os.environ["GROWTH_FOLDER"]))
        return
    for items in sys.argv[1:]:
        # Django reads its settings once: each number has a process of its own.
        with tempfile.TemporaryDirectory(prefix="datasets-growth-", ignore_cleanup_errors=True) as folder:
            environment = os.environ | {"GROWTH_FOLDER": folder}
            subprocess.run([sys.executable, "-m", "benchmarks.growth", items], check=True, env=environment)


def measure(items: int, folder: Path) -> None:
    from datasets_api.postgres.embedded import EmbeddedPostgres  # noqa: PLC0415

    machine = describe_machine(folder)
    postgres = EmbeddedPostgres(folder / "data")
    with postgres.serve():
        os.environ |= {"DATABASE_URL": postgres.url, "SECRET_KEY": content.SECRET_KEY}
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        django.setup()
        build(items)
        print_machine(machine | describe_postgres(postgres.url))
        print(f"{items:,} items")
        print_sizes(items)
        print_times(items)


def build(items: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from benchmarks.fill import add_items, add_people  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    add_people()
    add_items(items, 1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")


def print_sizes(items: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from benchmarks.content import SMALL_PROJECT_ITEMS, SMALL_PROJECTS  # noqa: PLC0415

    items += SMALL_PROJECTS * SMALL_PROJECT_ITEMS
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        for name, is_btree, size in cursor.fetchall():
            depth = ""
            if is_btree:
                cursor.execute("SELECT level + 1 FROM bt_metap(%s)", [name])
                depth = f"{cursor.fetchone()[0]} levels"
            print(f"  {name:32} {size / 2**20:10.1f} MiB {size / items:8.0f} bytes an item  {depth}")


def print_times(items: int) -> None:
    from benchmarks import content  # noqa: PLC0415
    from tests.api import Api  # noqa: PLC0415

    api = Api(content.CALLER_KEY)
    base, dataset = f"/api/projects/{content.PROJECT}/dataset_items/", content.DATASET_ID % content.PROJECT
    one = f"{base}{content.ITEM_ID % (items // 2)}/"
    page = f"{base}?dataset={dataset}&limit=100"
    filler = content.json_text(content.INPUT, content.INPUT_FILLERS)
    body = f'{{"dataset": "{dataset}", "input": {filler}}}'
    numbers = iter(range(10**9))
    requests: dict[str, Callable[[], Any]] = {
        "retrieve": lambda: api.get(one),
        "list 100": lambda: api.get(page),
        "list 100, a tenth in": lambda: api.get(f"{page}&offset={items // 10}"),
        "list 100, in the middle": lambda: api.get(f"{page}&offset={items // 2}"),
        "list 100, the end": lambda: api.get(f"{page}&offset={items - 100}"),
        "list 100 of all datasets": lambda: api.get(f"{base}?limit=100"),
        "create": lambda: api.post(base, body),
        "patch": lambda: api.patch(one, {"output": next(numbers)}),
    }
    for name, request in requests.items():
        print(f"  {name:32} {undisturbed_time(request) * 1000:10.2f} ms")


def undisturbed_time(request: Callable[[], Any]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        answer = request()
        times.append(time.perf_counter() - start)
        assert answer.status_code < 300, answer.content
    return statistics.quantiles(times, n=20)[0]


if __name__ == "__main__":
    main()
