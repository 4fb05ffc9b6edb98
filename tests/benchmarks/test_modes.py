"""Every mode of the benchmarks runs, on small tables and for a second; the figures mean nothing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.plan import GROWTH
from tests.programs import find_program
from tests.service_process import PROJECT_DIR

TIMEOUT_SECONDS = 900
VARIANTS = {"vs_plain", "vs_empty_drf", "vs_empty_django", "vs_postgres"}


def run(*arguments: object) -> str:
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=PROJECT_DIR, capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def measure(folder: Path, *options: str) -> dict[str, Any]:
    find_program("wrk")
    file = folder / "figures.json"
    output = run("benchmarks", "--smoke", "--json", file, *options)
    assert "× PostgreSQL" in output
    figures: dict[str, Any] = json.loads(file.read_text())
    return figures


def test_one_operation_of_each_kind_is_measured_and_all_are_checked(tmp_path: Path) -> None:
    figures = measure(tmp_path, "--only", "retrieve,as_of100,growth_retrieve,bulk")

    assert figures["operations"].keys() == {"retrieve", "as_of100"}
    assert figures["operations"]["retrieve"].keys() >= VARIANTS
    assert figures["growth"].keys() == {"retrieve"}
    assert figures["bulk"]["bulk"]["vs_copy"] > 0


@pytest.mark.slow
def test_all_operations_are_measured(tmp_path: Path) -> None:
    figures = measure(tmp_path)

    assert figures["operations"].keys() >= {"retrieve", "list100_deep", "found_by_metadata", "create_idempotent"}
    assert figures["growth"].keys() == {*GROWTH}


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        (("benchmarks.imports", "--rows", 100, "--repeats", 1), ("bare COPY", "jsonl, imported", "parquet, imported")),
        (("benchmarks.exports", "--items", 1000, "--repeats", 1), ("| COPY |", "| jsonl |", "| parquet |")),
        (
            (
                "benchmarks.growth",
                200,
                1000,
                "--rounds",
                1,
                "--only",
                "retrieve,list 100 by*,past version,digest*,patch",
            ),
            ("item_validity_page", "retrieve", "list 100 by cursor", "past version", "patch"),
        ),
    ],
    ids=lambda value: str(value[0]),
)
def test_imports_exports_and_growth_run(arguments: tuple[object, ...], rows: tuple[str, ...]) -> None:
    output = run(*arguments)

    assert [row for row in rows if row not in output] == []
