"""Making a backup's file, and telling whether one is whole and what is in it."""

import os
import subprocess
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from database.query import fetch_all
from datasets_api.backups import BackupError
from datasets_api.backups.checksum import append_checksum, verify_checksum
from datasets_api.backups.programs import Address, Programs
from datasets_api.backups.progress import progress

POLL_SECONDS = 0.1
DUMP_OPTIONS = (
    "--format=custom",
    "--no-owner",
    "--no-privileges",
    # Comments on extensions are their owner's to make.
    "--no-comments",
    # What it holds is lost at a crash too: counters of rate limits.
    "--no-unlogged-table-data",
)
MIGRATIONS = "django_migrations"
TABLES = """
SELECT relname FROM pg_class
 WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relpersistence = 'p'
"""


def make_archive(programs: Programs, address: Address, file: Path) -> None:
    """All as it was at one moment, while others write. The file has its name once it is whole, and is private."""
    tables = existing_tables()
    with draft_file(file) as draft:
        # By name: to its standard output pg_dump would append the final list of contents, instead of putting it first.
        command = programs.command("pg_dump", *DUMP_OPTIONS, "--dbname", address.conninfo, "--file", draft)
        dump = subprocess.Popen(command, stderr=subprocess.PIPE, env=address.environment)  # noqa: S603  our own words
        wait_for_dump(dump, draft)
        append_checksum(draft)
        verify_archive(programs, draft, tables)


@contextmanager
def draft_file(file: Path) -> Iterator[Path]:
    draft = file.with_name(f"{file.name}.partial")
    try:
        # A new one: what lies there may be another's, or lead elsewhere, and would stay readable to whoever made it.
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
        assert dump.stderr is not None  # noqa: S101  a pipe was asked for
        if dump.returncode != 0:
            raise BackupError(f"pg_dump failed: {final_line(dump.stderr.read())}")


def verify_archive(programs: Programs, file: Path, tables: Set[str] = frozenset()) -> None:
    verify_checksum(file)
    listed = [line.split() for line in read(programs, file, "--list").splitlines() if " TABLE DATA " in line]
    missing = {*tables, MIGRATIONS} - {words[-2] for words in listed}
    if missing:
        raise BackupError(f"{file} lacks the tables {', '.join(sorted(missing))}.")


def existing_tables() -> set[str]:
    return {name for (name,) in fetch_all(TABLES, [])}


def unknown_migrations(programs: Programs, file: Path) -> list[str]:
    """Those of a later version of this program, or of another program."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    rows = read(programs, file, "--data-only", f"--table={MIGRATIONS}", "--file=-").splitlines()
    found = [".".join(row.split("\t")[1:3]) for row in rows if row.count("\t") == 3]
    return [name for name in found if name not in known]


def read(programs: Programs, file: Path, *options: str) -> str:
    done = subprocess.run(  # noqa: S603  our own words
        programs.command("pg_restore", *options, file), capture_output=True, check=False
    )
    if done.returncode != 0:
        raise BackupError(f"{file} is no whole backup: {final_line(done.stderr)}")
    return done.stdout.decode()


def final_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no reason given"
