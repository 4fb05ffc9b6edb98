"""Writes all that the database holds to a file while the service works, and reads it again to see whether it can be."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from database.management import DatabaseCommand, report_database_errors
from datasets_api.backups.archives import make_archive
from datasets_api.backups.programs import configured_address, programs_for_server
from datasets_api.backups.signals import exit_on_signals
from datasets_api.backups.verify import verify_restore


class Command(DatabaseCommand):
    help = "Writes the whole database to a file, in pg_dump's custom format. The service may go on working."
    example = "datasets.backup --check"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; its folder must exist")
        parser.add_argument("--overwrite", action="store_true", help="replace the file if it is there")
        parser.add_argument(
            "--check",
            action="store_true",
            help="also restore it in a database made for it, and run check_history there",
        )

    @exit_on_signals()
    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if file.exists() and not options["overwrite"]:
            raise CommandError(f"{file} exists: give another name, or --overwrite.")
        programs = programs_for_server()
        make_archive(programs, configured_address(), file)
        if options["check"]:
            verify_restore(programs, file)
        checked = ", restored on trial and checked" if options["check"] else ""
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes, read again{checked}.")
