"""Every mode of the benchmarks runs, on small tables and for a second each; what the figures are says nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import find_program
from tests.service_process import PROJECT_DIR

SECONDS = 900


def run(*arguments: object) -> str:
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_operations_growth_and_bulk_run(tmp_path: Path) -> None:
    find_program("wrk")

    output = run("benchmarks", "--smoke", "--json", tmp_path / "figures.json")

    figures = json.loads((tmp_path / "figures.json").read_text())
    assert {"retrieve", "list100_deep", "create_idempotent"} <= figures["operations"].keys()
    assert {"vs_plain", "vs_empty_drf", "vs_empty_django", "vs_postgres"} <= figures["operations"]["retrieve"].keys()
    assert figures["growth"].keys() == {"retrieve", "list100", "list100_deep", "as_of100", "patch", "create"}
    assert figures["bulk"]["bulk"]["vs_copy"] > 0
    assert "× PostgreSQL" in output


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        (("benchmarks.imports", "--rows", 100, "--repeats", 1), ("bare COPY", "jsonl, imported", "parquet, imported")),
        (("benchmarks.exports", "--items", 1000, "--repeats", 1), ("| COPY |", "| jsonl |", "| parquet |")),
        (("benchmarks.growth", 1000), ("dataset_item", "retrieve", "patch")),
    ],
    ids=lambda value: str(value[0]),
)
def test_imports_exports_and_growth_run(arguments: tuple[object, ...], rows: tuple[str, ...]) -> None:
    output = run(*arguments)

    assert [row for row in rows if row not in output] == []
