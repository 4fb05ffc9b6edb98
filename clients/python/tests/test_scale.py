"""Memory for many items."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from datasets_client import Dataset

ITERATE = """
import re, sys
from pathlib import Path
from datasets_client import Client
dataset = Client().dataset(sys.argv[1])
source = dataset if sys.argv[2] == "live" else dataset.latest
count = sum(1 for item in source if item.input is not None)
# Not ru_maxrss, which a process inherits from the one that started it.
print(count, int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""
needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read as Linux shows it")


def rows_file(path: Path, rows: int) -> Path:
    with path.open("w") as file:
        for number in range(rows):
            file.write('{"input":{"question":"How much is %d?","context":["a","b"]},"output":%d}\n' % (number, number))  # noqa: UP031
    return path


def iterate(name: str, kind: str) -> tuple[int, int]:
    """Return the number of items, and the megabytes that the process had at most."""
    done = subprocess.run([sys.executable, "-c", ITERATE, name, kind], check=True, capture_output=True, text=True)
    count, megabytes = done.stdout.split()
    print(f"{kind}: {count} items, {megabytes} MB")
    return int(count), int(megabytes)


@needs_proc
@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("kind", ["live", "pinned"])
def test_items_are_iterated_in_constant_memory(dataset: Dataset, name: str, tmp_path: Path, kind: str) -> None:
    dataset.push(rows_file(tmp_path / "rows.jsonl", 20_000))

    count, megabytes = iterate(name, kind)

    assert count == 20_000
    assert megabytes < 100


@needs_proc
@pytest.mark.slow
@pytest.mark.usefixtures("login")
def test_a_million_items_are_iterated_under_100_megabytes(dataset: Dataset, name: str, tmp_path: Path) -> None:
    dataset.push(rows_file(tmp_path / "rows.jsonl", 1_000_000))

    for kind in ("live", "pinned"):
        count, megabytes = iterate(name, kind)
        assert count == 1_000_000
        assert megabytes < 100
