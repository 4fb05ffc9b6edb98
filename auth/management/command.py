"""The base of the commands for users, projects and keys: one transaction, output for people or as JSON."""

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

# NUL, and what Python makes of bytes that are no UTF-8.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
LEVELS = {level.name.lower(): level for level in Membership.Level}
LEVEL_NAMES: dict[int, str] = {level.value: name for name, level in LEVELS.items()}
# Where a field's option is not called as the field is.
OPTION_NAMES = {"scoped_teams": "teams", "scoped_organizations": "organizations"}


class ManagementCommand(DatabaseCommand):
    """`run` does the work and returns what --json prints; `format_output` says the same to a person."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    # Printed in place of a table without rows.
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
    parser.add_argument("--organization-name", metavar="O", help="an organization to belong to, made if absent")
    parser.add_argument("--level", choices=LEVELS, help="in that organization (default: member, or as it was)")


def level_from_options(options: Options) -> int | None:
    return LEVELS[options["level"]] if options["level"] else None


def split_list(text: str | None) -> list[str]:
    """The parts between commas, each once; none for an option that was not given."""
    parts = (part.strip() for part in (text or "").split(","))
    return list(dict.fromkeys(part for part in parts if part))


def strip_options(options: Options) -> Options:
    """Without white space round the texts. Raises ProvisioningError for what no column takes."""
    for name, value in options.items():
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise ProvisioningError(f"--{name.replace('_', '-')} holds a character that cannot be stored.")
        if isinstance(value, str) and CONTROL_CHARACTER.search(value.strip()):
            raise ProvisioningError(f"--{name.replace('_', '-')} holds a control character.")
    return {name: value.strip() if isinstance(value, str) else value for name, value in options.items()}


def make_missing_tables() -> None:
    """A command may be the first thing that is ever run. Tables that are there, `up` and `migrate` bring up to date."""
    if not MigrationRecorder(connection).has_table():
        run_migrations()


def error_lines(detail: Any, name: str = "") -> Iterator[str]:
    """The lines of DRF's nested errors, each with its option."""
    if isinstance(detail, dict):
        for field, inner in detail.items():
            yield from error_lines(inner, name or str(field))
    elif isinstance(detail, list):
        for inner in detail:
            yield from error_lines(inner, name)
    else:
        yield f"--{OPTION_NAMES.get(name, name)}: {detail}"
