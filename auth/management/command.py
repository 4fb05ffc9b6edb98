"""The base class of the account commands: one transaction, and output as text or JSON."""

import argparse
import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.management import CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from rest_framework.exceptions import ValidationError

from auth.accounts import ProvisioningError
from auth.management.table import format_cell, format_table
from auth.models import Membership
from auth.serializers import CONTROL_CHARACTER
from database.advisory_lock import migration_lock, run_migrations
from database.management import DatabaseCommand, report_database_errors

Options = dict[str, Any]
Output = dict[str, Any]

# NUL, and the surrogates that Python decodes invalid UTF-8 arguments to.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
LEVELS = {level.name.lower(): level for level in Membership.Level}
LEVEL_NAMES: dict[int, str] = {level.value: name for name, level in LEVELS.items()}
# Options whose names differ from their fields'.
OPTION_NAMES = {"scoped_teams": "teams", "scoped_organizations": "organizations"}


class ManagementCommand(DatabaseCommand):
    """A command whose `run` returns the output of --json, and whose `format_output` turns it into text."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    # Printed instead of an empty table.
    empty_text = "There are none."

    def run(self, options: Options) -> Output | list[Output]:
        raise NotImplementedError

    def format_output(self, output: Any) -> str:
        if isinstance(output, list):
            return format_table(output, list(output[0])) if output else self.empty_text
        return "\n".join(f"{name:16} {format_cell(value)}" for name, value in output.items())

    def note(self, text: str) -> None:
        self.stderr.write(f"Note: {text}", self.style.NOTICE)

    @report_database_errors()
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with migration_lock():
                make_missing_tables()
                with transaction.atomic():
                    output = self.run(strip_options(options))
        except ProvisioningError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(error_lines(error.detail))) from error
        self.stdout.write(json.dumps(output, cls=DjangoJSONEncoder) if options["json"] else self.format_output(output))


def add_organization_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--organization-name", metavar="O", help="add the user to this organization, creating it if needed"
    )
    parser.add_argument("--level", choices=LEVELS, help="level in the organization (default: member, or unchanged)")


def level_from_options(options: Options) -> int | None:
    return LEVELS[options["level"]] if options["level"] else None


def split_list(text: str | None) -> list[str]:
    """Return the distinct parts of a comma-separated list; [] for None."""
    parts = (part.strip() for part in (text or "").split(","))
    return list(dict.fromkeys(part for part in parts if part))


def strip_options(options: Options) -> Options:
    """Strip whitespace around the texts. Raises ProvisioningError for characters that PostgreSQL cannot store."""
    for name, value in options.items():
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise ProvisioningError(f"--{name.replace('_', '-')} contains a character that cannot be stored.")
        if isinstance(value, str) and CONTROL_CHARACTER.search(value.strip()):
            raise ProvisioningError(f"--{name.replace('_', '-')} contains a control character.")
    return {name: value.strip() if isinstance(value, str) else value for name, value in options.items()}


def make_missing_tables() -> None:
    """Migrate a new database, since this command may be the first to run; existing tables are left to `migrate`."""
    if not MigrationRecorder(connection).has_table():
        run_migrations()


def error_lines(detail: Any, name: str = "") -> Iterator[str]:
    """Yield one line for each of DRF's nested errors, with the option's name."""
    if isinstance(detail, dict):
        for field, inner in detail.items():
            yield from error_lines(inner, name or str(field))
    elif isinstance(detail, list):
        for inner in detail:
            yield from error_lines(inner, name)
    else:
        yield f"--{OPTION_NAMES.get(name, name)}: {detail}"
