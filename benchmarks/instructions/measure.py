"""Counts all operations: PostgreSQL runs as it is, the processes that use it run under valgrind."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks import content
from benchmarks.databases import PROJECT_DIR
from benchmarks.instructions.dumps import read_counts
from benchmarks.instructions.figures import Figures
from benchmarks.instructions.workload import EMPTY, ITEMS, SERVICE
from datasets_api.postgres.embedded import EmbeddedPostgres

PROCESS = "benchmarks.instructions.process"
FILL_SECONDS, PROCESS_SECONDS = 300, 1200
# The data are thrown away, and waiting for the disk takes no instruction.
POSTGRES_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def measure() -> Figures:
    """Raises RuntimeError where valgrind is missing or one of the processes fails."""
    with filled_database() as environment:
        counts = count(environment, "service") | count(environment, "empty")
    per_request = {name: round(counts[name] / operation.count) for name, operation in (SERVICE | EMPTY).items()}
    return {
        name: {
            "instructions": per_request[name],
            "empty_drf": per_request["empty_drf"],
            "empty_django": per_request["empty_django"],
        }
        for name in SERVICE
    }


@contextmanager
def filled_database() -> Iterator[dict[str, str]]:
    """A new PostgreSQL with the fixed data. Yields the environment of the processes that use it."""
    with tempfile.TemporaryDirectory(prefix="datasets-bench-", ignore_cleanup_errors=True) as folder:
        postgres = EmbeddedPostgres(Path(folder, "data"), settings=POSTGRES_SETTINGS)
        with postgres.serve():
            environment = environment_for(postgres.url)
            run([sys.executable, "-m", "benchmarks.fill", str(ITEMS), "1"], environment, FILL_SECONDS)
            analyze(postgres.url)
            yield environment


def environment_for(database_url: str) -> dict[str, str]:
    """Nothing else is passed on: no setting of the caller changes the figures."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONHASHSEED": "0",
        "DJANGO_SETTINGS_MODULE": "datasets_api.settings",
        "DATABASE_URL": database_url,
        "SECRET_KEY": content.SECRET_KEY,
        # Everything is slow under valgrind: a log of what is slow would be counted too.
        "LOG_LEVEL": "ERROR",
        "SLOW_QUERY_SECONDS": "0",
        "SLOW_REQUEST_SECONDS": "0",
    }


def analyze(url: str) -> None:
    """Settle the plans: how a response of PostgreSQL arrives, in pieces or at once, depends on how long it takes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def count(environment: dict[str, str], *arguments: str, module: str = PROCESS) -> dict[str, int]:
    """Run the module under valgrind. Return the instructions that it counted, by name."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise RuntimeError("--instructions needs valgrind: apt-get install valgrind (Debian and Ubuntu).")
    with tempfile.TemporaryDirectory(prefix="datasets-counts-") as dumps:
        options = ["--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={dumps}/callgrind.out"]
        run([valgrind, *options, sys.executable, "-m", module, *arguments], environment, PROCESS_SECONDS)
        return read_counts(Path(dumps))


def run(command: list[str], environment: dict[str, str], seconds: float) -> None:
    done = subprocess.run(
        command, cwd=PROJECT_DIR, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
