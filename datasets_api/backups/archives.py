"""Writes backup files, and verifies that one is complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from datasets_api.backups.errors import BackupError
from datasets_api.backups.programs import Address, Programs

DUMP_OPTIONS = (
    "--format=custom",
    "--no-owner",
    "--no-privileges",
    # Only the owner of an extension may comment on it.
    "--no-comments",
    # Unlogged tables, such as the counters of rate limits, are lost in a crash anyway.
    "--no-unlogged-table-data",
    # Without Citus, whose extension only a superuser creates: the backup can be restored in any PostgreSQL.
    "--extension=plpgsql",
)
MIGRATIONS = "django_migrations"


def make_archive(programs: Programs, address: Address, file: Path) -> None:
    """Write a consistent backup while others write. The file gets its name once it is complete, with mode 0600."""
    with draft_file(file) as draft:
        # A file name, because pg_dump cannot put the final table of contents first in its standard output.
        programs.run("pg_dump", *DUMP_OPTIONS, "--file", draft, "--dbname", address.conninfo, address=address)
        check_archive(programs, draft)


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
        raise BackupError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def check_archive(programs: Programs, file: Path) -> None:
    """Read and decompress every row. Raises BackupError if pg_restore cannot."""
    programs.run("pg_restore", "--file", os.devnull, file, failure=f"{file} is not a complete backup")


def unknown_migrations(programs: Programs, file: Path) -> list[str]:
    """Return the backup's migrations that this version does not have. Raises BackupError if it has none at all."""
    options = ("--data-only", f"--table={MIGRATIONS}", "--file=-")
    rows = programs.run("pg_restore", *options, file, failure=f"{file} is not a complete backup").splitlines()
    found = [".".join(row.split("\t")[1:3]) for row in rows if row.count("\t") == 3]
    if not found:
        raise BackupError(f"{file} is not a backup of this service.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return [name for name in found if name not in known]
