"""Says whether counts, revisions, versions and tags of a database are as they must be, and what is wrong."""

import argparse
import json
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from auth.models import Project
from items.management.history_rules import RULES, Breach, breach_of

# What a shell script can tell apart: 0, nothing wrong.
SOMETHING_WRONG = 1
NOT_CHECKED = 2


class Command(BaseCommand):
    help = "Checks the history of datasets and items. Ends with 1 if something is wrong, with 2 if it cannot tell."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--project", type=int, metavar="ID", help="check this project alone")
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            breaches = check(options["project"])
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip()}", returncode=NOT_CHECKED) from error
        self.stdout.write(as_json(breaches) if options["json"] else as_text(breaches))
        if breaches:
            raise CommandError(f"{len(breaches)} of {len(RULES)} rules are broken.", returncode=SOMETHING_WRONG)


def check(project_id: int | None) -> list[Breach]:
    if project_id is not None and not Project.objects.filter(id=project_id).exists():
        raise CommandError(f"There is no project {project_id}.", returncode=NOT_CHECKED)
    found = (breach_of(rule, project_id=project_id) for rule in RULES)
    return [breach for breach in found if breach]


def as_json(breaches: list[Breach]) -> str:
    wrong = [
        {"rule": rule.name, "sentence": rule.sentence, "places": places, "examples": examples}
        for rule, places, examples in breaches
    ]
    return json.dumps({"rules": len(RULES), "wrong": wrong})


def as_text(breaches: list[Breach]) -> str:
    if not breaches:
        return f"{len(RULES)} rules checked: nothing wrong."
    return "\n".join(line for breach in breaches for line in lines_of(breach))


def lines_of(breach: Breach) -> list[str]:
    rule, places, examples = breach
    which = "" if places == len(examples) else f", of which the first {len(examples)} are"
    return [f"{rule.name}: {rule.sentence} Broken {places} times{which}:", *map(line_of, examples)]


def line_of(example: dict[str, Any]) -> str:
    return "  " + ", ".join(f"{name} {value}" for name, value in example.items())
