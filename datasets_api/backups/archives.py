"""Writes backup files, and verifies that one is complete."""

import os
import subprocess
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from database.query import fetch_all
from datasets_api.backups.checksum import append_checksum, verify_checksum
from datasets_api.backups.errors import BackupError
from datasets_api.backups.programs import Address, Programs
from datasets_api.backups.progress import progress

POLL_SECONDS = 0.1
DUMP_OPTIONS = (
    "--format=custom",
    "--no-owner",
    "--no-privileges",
    # Only the owner of an extension may comment on it.
    "--no-comments",
    # Unlogged tables, such as the counters of rate limits, are lost in a crash anyway.
    "--no-unlogged-table-data",
)
MIGRATIONS = "django_migrations"
TABLES = """
SELECT relname FROM pg_class
 WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relpersistence = 'p'
"""


def make_archive(programs: Programs, address: Address, file: Path) -> None:
    """Write a consistent backup while others write. The file gets its name once it is complete, with mode 0600."""
    tables = existing_tables()
    with draft_file(file) as draft:
        # A file name, because pg_dump cannot put the final table of contents first in its standard output.
        command = programs.command("pg_dump", *DUMP_OPTIONS, "--dbname", address.conninfo, "--file", draft)
        dump = subprocess.Popen(command, stderr=subprocess.PIPE, env=address.environment)  # noqa: S603  our own arguments
        wait_for_dump(dump, draft)
        append_checksum(draft)
        verify_archive(programs, draft, tables)


@contextmanager
def draft_file(file: Path) -> Iterator[Path]:
    draft = file.with_name(f"{file.name}.partial")
    try:
        # A new file: an existing one may belong to another user or be a link, and could remain readable to others.
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield draft
        draft.rename(file)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


def wait_for_dump(dump: subprocess.Popen[bytes], draft: Path) -> None:
    with dump, progress("Written") as bar:
        while dump.poll() is None:
            bar.update(draft.stat().st_size)
            time.sleep(POLL_SECONDS)
        assert dump.stderr is not None  # noqa: S101  it is a pipe
        if dump.returncode != 0:
            raise BackupError(f"pg_dump failed: {final_line(dump.stderr.read())}")


def verify_archive(programs: Programs, file: Path, tables: Set[str] = frozenset()) -> None:
    verify_checksum(file)
    listed = [line.split() for line in read(programs, file, "--list").splitlines() if " TABLE DATA " in line]
    missing = {*tables, MIGRATIONS} - {words[-2] for words in listed}
    if missing:
        raise BackupError(f"{file} is incomplete: the tables {', '.join(sorted(missing))} are missing.")


def existing_tables() -> set[str]:
    return {name for (name,) in fetch_all(TABLES, [])}


def unknown_migrations(programs: Programs, file: Path) -> list[str]:
    """Return the backup's migrations that this version does not have."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    rows = read(programs, file, "--data-only", f"--table={MIGRATIONS}", "--file=-").splitlines()
    found = [".".join(row.split("\t")[1:3]) for row in rows if row.count("\t") == 3]
    return [name for name in found if name not in known]


def read(programs: Programs, file: Path, *options: str) -> str:
    done = subprocess.run(  # noqa: S603  our own arguments
        programs.command("pg_restore", *options, file), capture_output=True, check=False
    )
    if done.returncode != 0:
        raise BackupError(f"{file} is not a complete backup: {final_line(done.stderr)}")
    return done.stdout.decode()


def final_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no reason given"
