"""Restores a backup in one transaction: all of it or nothing."""

from pathlib import Path

from database.query import fetch_one
from datasets_api.backups.programs import Address, Programs

FIND_TABLE = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() LIMIT 1"
# An incomplete file causes an error before the commit.
RESTORE_OPTIONS = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments")


def is_empty() -> bool:
    return fetch_one(FIND_TABLE, []) is None


def restore_archive(programs: Programs, address: Address, file: Path) -> None:
    programs.run(
        "pg_restore",
        *RESTORE_OPTIONS,
        "--dbname",
        address.conninfo,
        file,
        address=address,
        failure="The database rejected the backup",
    )
