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

from auth.models import Membership
from auth.people import Refused
from database.console import database_errors_told
from database.turns import bring_up_to_date, take_turn

Options = dict[str, Any]
Shown = dict[str, Any]

# NUL, and what Python makes of bytes that are no UTF-8.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
LEVELS = {level.name.lower(): level for level in Membership.Level}
# Where a field's option is not called as the field is.
OPTION_NAMES = {"scoped_teams": "teams", "scoped_organizations": "organizations"}


class ConsoleCommand(BaseCommand):
    """`run` does the work and returns what --json prints; `describe` says the same to a person."""

    # They load every view, and the commands touch none.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def run(self, options: Options) -> Shown | list[Shown]:
        raise NotImplementedError

    def describe(self, shown: Any) -> str:
        return "\n".join(f"{name:16} {'-' if value is None else value}" for name, value in shown.items())

    def note(self, text: str) -> None:
        self.stderr.write(f"Note: {text}", self.style.NOTICE)

    @database_errors_told()
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with take_turn():
                make_missing_tables()
                with transaction.atomic():
                    shown = self.run(trimmed(options))
        except Refused as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(problems(error.detail))) from error
        self.stdout.write(json.dumps(shown, cls=DjangoJSONEncoder) if options["json"] else self.describe(shown))


def add_organization_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--organization-name", metavar="O", help="an organization to belong to, made if absent")
    parser.add_argument("--level", choices=LEVELS, help="in that organization (default: member, or as it was)")


def level_in(options: Options) -> int | None:
    return LEVELS[options["level"]] if options["level"] else None


def words(text: str | None) -> list[str]:
    """The parts between commas, each once; none for an option that was not given."""
    parts = (part.strip() for part in (text or "").split(","))
    return list(dict.fromkeys(part for part in parts if part))


def trimmed(options: Options) -> Options:
    """Without white space round the texts. Raises Refused for what no column takes."""
    for name, value in options.items():
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise Refused(f"--{name.replace('_', '-')} holds a character that cannot be stored.")
    return {name: value.strip() if isinstance(value, str) else value for name, value in options.items()}


def make_missing_tables() -> None:
    """A command may be the first thing that is ever run. Tables that are there, `up` and `migrate` bring up to date."""
    if not MigrationRecorder(connection).has_table():
        bring_up_to_date()


def problems(detail: Any, name: str = "") -> Iterator[str]:
    """The lines of DRF's nested errors, each with its option."""
    if isinstance(detail, dict):
        for field, inner in detail.items():
            yield from problems(inner, name or str(field))
    elif isinstance(detail, list):
        for inner in detail:
            yield from problems(inner, name)
    else:
        yield f"--{OPTION_NAMES.get(name, name)}: {detail}"
