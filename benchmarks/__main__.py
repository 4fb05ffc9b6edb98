"""python -m benchmarks; see README.md."""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import django

from benchmarks import content
from benchmarks.instructions import command as instructions

# However it goes, it ends; with --quick much earlier.
LIMIT_SECONDS, QUICK_LIMIT_SECONDS = 5400, 1200
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures the service beside others, as ratios.")
    parser.add_argument(
        "--quick", action="store_true", help="what v1 has, 10 k and 100 k items, short repeats: under 5 minutes"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--only", metavar="NAME,NAME", help="these alone; patterns such as 'growth_*' too")
    parser.add_argument("--smoke", action="store_true", help="everything once, on a thousand items: does it run?")
    parser.add_argument("--instructions", action="store_true", help="count instructions a request instead: no timing")
    parser.add_argument("--check", action="store_true", help="with --instructions: fail if one rises over its record")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="keep the built data there, for the next run")
    parser.add_argument("--repeats", type=int, metavar="N", help="default: 5, with --quick 3")
    parser.add_argument("--seconds", type=int, metavar="N", help="of one repeat; default: 3, with --quick 1")
    options = parser.parse_args()
    if options.check and not options.instructions:
        parser.error("--check goes with --instructions.")
    return options


def end_once(number: int, _: Any) -> NoReturn:
    """Only the first of Ctrl-C, a SIGTERM and the time limit counts: what then stops the servers is not disturbed."""
    for each in ENDS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt(signal.strsignal(number))


@contextmanager
def data_dir(given: Path | None) -> Iterator[Path]:
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="datasets-bench-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)


def set_up() -> None:
    """Only for the texts of statements: each server gets a database of its own."""
    for name in ("DATABASE_URL_FILE", "SECRET_KEY_FILE"):
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="benchmarks.settings",
        DATABASE_URL="postgresql:///unused",
        SECRET_KEY=content.SECRET_KEY,
    )
    django.setup()


def count_instructions(options: argparse.Namespace) -> None:
    signal.alarm(QUICK_LIMIT_SECONDS)
    try:
        instructions.run(options.json, check=options.check)
    except KeyboardInterrupt as end:
        sys.exit(f"Stopped: {end}")


def main() -> None:
    options = read_options()
    for each in ENDS:
        signal.signal(each, end_once)
    if options.instructions:
        count_instructions(options)
        return
    set_up()
    from benchmarks.plan import Plan  # noqa: PLC0415  these need the settings
    from benchmarks.results import dump_json  # noqa: PLC0415
    from benchmarks.run import run  # noqa: PLC0415
    from benchmarks.table import print_results  # noqa: PLC0415

    try:
        plan = Plan.of(options)
    except ValueError as error:
        sys.exit(f"--only: {error}")
    if shutil.which("wrk") is None:
        sys.exit("scripts/bench needs wrk: apt-get install wrk (Debian and Ubuntu).")
    signal.alarm(QUICK_LIMIT_SECONDS if options.quick else LIMIT_SECONDS)
    try:
        with data_dir(options.data_dir) as folder:
            results = run(plan, folder)
    except KeyboardInterrupt as end:
        sys.exit(f"Stopped: {end}")
    except RuntimeError as error:
        sys.exit(f"scripts/bench: {error}")
    print_results(results)
    if options.json:
        options.json.write_text(json.dumps(dump_json(results), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
