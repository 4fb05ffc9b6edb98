"""What the console commands share: one turn and one transaction, output as text or JSON, errors in a line."""

import argparse
import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from rest_framework.exceptions import ValidationError

from auth.accounts import ProvisioningError
from auth.models import Membership
from database.advisory_lock import migration_lock, run_migrations
from database.management import report_database_errors

Options = dict[str, Any]
Output = dict[str, Any]

# NUL, and what Python makes of bytes that are no UTF-8.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
LEVELS = {level.name.lower(): level for level in Membership.Level}
# Where a field's option is not called as the field is.
OPTION_NAMES = {"scoped_teams": "teams", "scoped_organizations": "organizations"}


class ManagementCommand(BaseCommand):
    """`run` does the work and returns what --json prints; `format_output` says the same to a person."""

    # They load every view, and the commands touch none.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def run(self, options: Options) -> Output | list[Output]:
        raise NotImplementedError

    def format_output(self, output: Any) -> str:
        return "\n".join(f"{name:16} {'-' if value is None else value}" for name, value in output.items())

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
