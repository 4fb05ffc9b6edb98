"""Prove that a text is nowhere in the database: search each table and, optionally, the data folder."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from database.management import DatabaseCommand, report_database_errors
from items.erasure.search import Finding, data_directory, search_files, search_tables

# Exit codes for shell scripts; 0 means that the text is nowhere.
FOUND = 1
NOT_SEARCHED = 2


class Command(DatabaseCommand):
    help = "Searches everything stored for a text. Exits with 1 if it is found, with 2 if it could not search."
    example = '--text "Jane Doe" --files'

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--text", required=True, help="the text to search for; - reads it from stdin")
        parser.add_argument("--files", action="store_true", help="also search the files of the database")
        parser.add_argument(
            "--data-dir", type=Path, metavar="FOLDER", help="the data folder (default: the one that PostgreSQL uses)"
        )
        parser.add_argument("--json", action="store_true", help="print only JSON")

    @report_database_errors(NOT_SEARCHED)
    def handle(self, *args: Any, **options: Any) -> None:
        text: str = input() if options["text"] == "-" else options["text"]
        if not text or "\0" in text:
            raise CommandError("--text must not be empty.", returncode=NOT_SEARCHED)
        findings = list(search_tables(text))
        if options["files"]:
            findings += self.findings_in_files(options["data_dir"] or data_directory(), text)
        self.report(findings, as_json=options["json"])
        if findings:
            raise CommandError(f"The text is in {len(findings)} places.", returncode=FOUND)

    def findings_in_files(self, folder: Path, text: str) -> list[Finding]:
        try:
            if not (folder / "PG_VERSION").is_file():
                raise CommandError(f"{folder} is not a readable data folder.", returncode=NOT_SEARCHED)
            return list(search_files(folder, text))
        except OSError as error:
            raise CommandError(f"The data folder cannot be read: {error}", returncode=NOT_SEARCHED) from error

    def report(self, findings: list[Finding], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps([each._asdict() for each in findings]))
        elif findings:
            self.stdout.write("\n".join(f"{place}: {count}" for place, count in findings))
        else:
            self.stdout.write("The text is nowhere.")
