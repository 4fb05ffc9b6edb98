"""The base class of management commands: an example in their help, and database errors as one line."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from database.passwords import mask_passwords


class DatabaseCommand(BaseCommand):
    """A command whose `--help` ends with `example`, arguments that work apart from ids and file names."""

    example: str
    # Checks would load every view, and the commands use none.
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = ExampleFormatter
        parser.epilog = f"Example:\n  manage.py {subcommand} {self.example}".rstrip()
        return parser


class ExampleFormatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the line break before the example, and hides the options that Django adds to every command."""

    HIDDEN = {"version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks"}

    def add_argument(self, action: argparse.Action) -> None:
        if action.dest not in self.HIDDEN:
            super().add_argument(action)

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, [each for each in actions if each.dest not in self.HIDDEN], groups, prefix)


@contextmanager
def report_database_errors(returncode: int = 1) -> Iterator[None]:
    """Turn database errors into a one-line CommandError with this exit code; also usable as a decorator."""
    try:
        yield
    except DatabaseError as error:
        message = mask_passwords(str(error).strip())
        raise CommandError(f"The database cannot be used: {message}", returncode=returncode) from error
