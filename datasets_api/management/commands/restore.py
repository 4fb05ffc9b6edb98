"""Restores a backup in an empty database: all or nothing."""

import argparse
from pathlib import Path
from typing import Any

from django.db import connection

from database.advisory_lock import migration_lock, run_migrations
from database.management import DatabaseCommand, report_database_errors
from datasets_api.backups.archives import unknown_migrations
from datasets_api.backups.errors import BackupError
from datasets_api.backups.programs import configured_address, programs_for_server
from datasets_api.backups.restoring import is_empty, restore_archive
from datasets_api.backups.signals import exit_on_signals
from datasets_api.citus import current_messages


class Command(DatabaseCommand):
    help = "Restores a backup in an empty database. If it fails, the database stays empty."
    example = "datasets.backup"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file written by `backup`")

    @exit_on_signals()
    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        with migration_lock():
            restore(options["file"])
            # A backup of an earlier version lacks newer tables, and no backup contains statistics.
            run_migrations()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        self.stdout.write(f"{options['file']} is restored.")
        # On Citus, a restored table is not distributed.
        for message in current_messages():
            self.stderr.write(str(message))


def restore(file: Path) -> None:
    if not is_empty():
        raise BackupError("The database is not empty: a backup can only be restored in an empty one.")
    programs = programs_for_server()
    if unknown := unknown_migrations(programs, file):
        raise BackupError(f"{file} was made by a later version, with the migrations {', '.join(unknown)}.")
    restore_archive(programs, configured_address(), file)
