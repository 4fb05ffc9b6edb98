"""Puts a backup back into an empty database, or in place of what is there: all of it, or nothing."""

import argparse
from pathlib import Path
from typing import Any

from django.db import connection

from database.advisory_lock import migration_lock, run_migrations
from database.management import DatabaseCommand, report_database_errors
from datasets_api.backups import BackupError
from datasets_api.backups.archives import unknown_migrations, verify_archive
from datasets_api.backups.programs import configured_address, programs_for_server
from datasets_api.backups.restoring import drop_statements, is_empty, is_in_use, restore_archive


class Command(DatabaseCommand):
    help = "Puts a backup back. The service must be stopped; if it fails, the database is as it was."
    example = "datasets.backup"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` has written")
        parser.add_argument(
            "--replace", action="store_true", help="delete what the database holds, if it holds anything"
        )

    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        if is_in_use():
            raise BackupError("The service has this database open: stop it first.")
        with migration_lock():
            restore(options["file"], replace=options["replace"])
            # A backup of an earlier version lacks the newer tables; none has statistics.
            run_migrations()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        self.stdout.write(f"{options['file']} is restored.")


def restore(file: Path, *, replace: bool) -> None:
    programs = programs_for_server()
    verify_archive(programs, file)
    if unknown := unknown_migrations(programs, file):
        raise BackupError(f"{file} was made by a later version: it has {', '.join(unknown)}.")
    if not is_empty() and not replace:
        raise BackupError("The database is not empty: --replace deletes what it holds.")
    before = drop_statements()
    connection.close()
    restore_archive(programs, configured_address(), file, before=before)
