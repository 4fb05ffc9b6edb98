"""Writes the whole database to a file while the service runs, and verifies that the file is complete."""

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
    help = "Writes the whole database to a file, in pg_dump's custom format. The service may keep running."
    example = "datasets.backup --check"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; its folder must exist")
        parser.add_argument("--overwrite", action="store_true", help="replace an existing file")
        parser.add_argument(
            "--check",
            action="store_true",
            help="also restore it in a temporary database, and run check_history there",
        )

    @exit_on_signals()
    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if file.exists() and not options["overwrite"]:
            raise CommandError(f"{file} exists: choose another name, or add --overwrite.")
        programs = programs_for_server()
        make_archive(programs, configured_address(), file)
        if options["check"]:
            verify_restore(programs, file)
        checked = " and by a test restore" if options["check"] else ""
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes, verified by reading all of it{checked}.")
