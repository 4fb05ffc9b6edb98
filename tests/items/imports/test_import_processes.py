"""manage.py import_items in its own process: its input, output, exit codes and memory."""

import fcntl
import gzip
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from items.models import DatasetItem
from tests.auth.commands import manage
from tests.items.imports.files import gzipped, lines
from tests.people import People
from tests.rows import dataset
from tests.service_process import PROJECT_DIR
from tests.service_process import test_database_url as database_url

# Other processes see only committed rows.
pytestmark = pytest.mark.django_db(transaction=True)

ROWS = lines({"input": 1}, {"input": 2})


def target() -> tuple[Any, ...]:
    people = People()
    made = dataset(people.project)
    return made, ("import_items", "-", "--dataset", str(made.id), "--as", people.owner.email, "--format", "jsonl")


def test_standard_input_is_read_without_a_bar() -> None:
    made, arguments = target()

    done = subprocess.run(
        [sys.executable, "manage.py", *arguments, "--json"],
        cwd=PROJECT_DIR,
        env=os.environ | {"DATABASE_URL": database_url()},
        input=gzipped(ROWS),
        capture_output=True,
        check=True,
    )

    assert done.stderr == b""
    assert json.loads(done.stdout)["created"] == 2
    assert DatasetItem.objects.filter(dataset_id=made.id).count() == 2


def pieces(screen: IO[bytes]) -> Iterator[str]:
    """Return what was written to a terminal, once it is closed."""
    with suppress(OSError):
        while piece := screen.read(4096):
            yield piece.decode()


def test_a_terminal_shows_a_bar(tmp_path: Path) -> None:
    _, (command, _, *arguments) = target()
    file = tmp_path / "rows.jsonl"
    file.write_bytes(lines(*({"input": n} for n in range(60_000))))
    reading, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 100, 0, 0))

    done = subprocess.run(
        [sys.executable, "manage.py", command, str(file), *arguments],
        cwd=PROJECT_DIR,
        env=os.environ | {"DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        stderr=terminal,
        check=True,
    )

    os.close(terminal)
    with os.fdopen(reading, "rb", buffering=0) as screen:
        shown = "".join(pieces(screen))
    assert "Checking" in shown
    assert "Storing" in shown
    assert done.stdout == b"60000 items created; the dataset is at revision 1.\n"


def test_exit_codes(tmp_path: Path) -> None:
    _, (command, _, *arguments) = target()
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"{")

    assert manage(command, str(file), *arguments).returncode == 1
    assert manage(command, str(tmp_path / "none"), *arguments).returncode == 2


# --- Memory ----------------------------------------------------------------------------------------------------------

MIB = 1024 * 1024
# What an import may take beyond one of a few rows: buffers, a batch of rows, what Python does not give back.
ALLOWED_BYTES = 30 * MIB
# Prints the process's peak. getrusage would start with the memory of the parent process.
MEASURED = """
import runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


def peak(file: Path, command: str, _: str, *arguments: str) -> int:
    """Return the peak memory of the importing process."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "manage.py", command, str(file), *arguments[:-2]],
        cwd=PROJECT_DIR,
        env=os.environ | {"DATABASE_URL": database_url()},
        capture_output=True,
        check=True,
        text=True,
    )
    assert "items created" in done.stdout
    # A log of slow statements may precede it.
    return int(done.stderr.split()[-1]) * 1024


def write_lines(file: Path, size: int) -> None:
    """Write distinct rows of a kilobyte each."""
    with gzip.open(file, "wb", 1) if file.suffix == ".gz" else file.open("wb") as out:
        for number in range(size // 1024):
            out.write(b'{"input":{"number":%d,"text":"%b"},"ref_source_id":"%d"}\n' % (number, b"x" * 960, number))


def write_cells(file: Path, size: int) -> None:
    with file.open("wb") as out:
        out.write(b"input,ref_source_id\n")
        for number in range(size // 1024):
            out.write(b'"{""number"":%d,""text"":""%b""}",%d\n' % (number, b"x" * 960, number))


def write_columns(file: Path, size: int) -> None:
    """Write a single row group, the worst case for a reader."""
    schema = pa.schema([("input", pa.string()), ("ref_source_id", pa.string())])
    rows = size // 1024
    with pq.ParquetWriter(file, schema, use_dictionary=False, compression="none") as out:
        texts = [f"{number}{'x' * 960}" for number in range(rows)]
        out.write_table(pa.table([texts, list(map(str, range(rows)))], schema=schema), row_group_size=rows)


WRITERS = {"jsonl": write_lines, "jsonl.gz": write_lines, "csv": write_cells, "parquet": write_columns}


def check_memory(suffix: str, size: int, tmp_path: Path) -> None:
    small, large = tmp_path / f"small.{suffix}", tmp_path / f"large.{suffix}"
    WRITERS[suffix](small, 10 * 1024)
    WRITERS[suffix](large, size)

    _, call = target()

    least, most = peak(small, *call), peak(large, *call)

    print(f"{suffix} of {size // MIB} MiB: {most // MIB} MiB; of ten rows {least // MIB} MiB")  # noqa: T201
    assert most - least < ALLOWED_BYTES
    assert most < 200 * MIB


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_memory_does_not_grow_with_the_file(suffix: str, tmp_path: Path) -> None:
    check_memory(suffix, 64 * MIB, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", WRITERS)
def test_a_gigabyte_is_imported_within_200_megabytes(suffix: str, tmp_path: Path) -> None:
    check_memory(suffix, 1024 * MIB, tmp_path)
