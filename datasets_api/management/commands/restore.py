"""Restores a backup in an empty database, or replaces its contents: all or nothing."""

import argparse
from pathlib import Path
from typing import Any

from django.db import connection

from database.advisory_lock import migration_lock, run_migrations
from database.management import DatabaseCommand, report_database_errors
from datasets_api.backups.archives import unknown_migrations, verify_archive
from datasets_api.backups.errors import BackupError
from datasets_api.backups.programs import configured_address, programs_for_server
from datasets_api.backups.restoring import drop_statements, is_empty, is_in_use, restore_archive


class Command(DatabaseCommand):
    help = "Restores a backup. The service must be stopped. If it fails, the database is unchanged."
    example = "datasets.backup"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file written by `backup`")
        parser.add_argument("--replace", action="store_true", help="delete everything in the database first")

    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        if is_in_use():
            raise BackupError("The service is running on this database: stop it first.")
        with migration_lock():
            restore(options["file"], replace=options["replace"])
            # A backup of an earlier version lacks newer tables, and no backup contains statistics.
            run_migrations()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        self.stdout.write(f"{options['file']} is restored.")


def restore(file: Path, *, replace: bool) -> None:
    programs = programs_for_server()
    verify_archive(programs, file)
    if unknown := unknown_migrations(programs, file):
        raise BackupError(f"{file} was made by a later version, with the migrations {', '.join(unknown)}.")
    if not is_empty() and not replace:
        raise BackupError("The database is not empty: add --replace to delete its contents.")
    before = drop_statements()
    connection.close()
    restore_archive(programs, configured_address(), file, before=before)
