"""Check that the counts, revisions, versions and tags of a database are consistent."""

import argparse
import json
from typing import Any

from django.core.management import CommandError

from auth.models import Project
from database.management import DatabaseCommand, report_database_errors
from items.integrity.rule import RuleViolation, check_rule
from items.integrity.rules import RULES

# Exit codes for shell scripts; 0 means that every rule holds.
RULES_BROKEN = 1
NOT_CHECKED = 2


class Command(DatabaseCommand):
    help = "Checks the history of datasets and items. Exits with 1 if a rule is broken, with 2 if it could not check."
    example = "--project 1"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--project", type=int, metavar="ID", help="check only this project")
        parser.add_argument("--json", action="store_true", help="print only JSON")

    @report_database_errors(NOT_CHECKED)
    def handle(self, *args: Any, **options: Any) -> None:
        violations = check(options["project"])
        self.stdout.write(dump_json(violations) if options["json"] else as_text(violations))
        if violations:
            raise CommandError(f"{len(violations)} of {len(RULES)} rules are broken.", returncode=RULES_BROKEN)


def check(project_id: int | None) -> list[RuleViolation]:
    if project_id is not None and not Project.objects.filter(id=project_id).exists():
        raise CommandError(f"There is no project {project_id}.", returncode=NOT_CHECKED)
    results = (check_rule(rule, project_id=project_id) for rule in RULES)
    return [violation for violation in results if violation]


def dump_json(violations: list[RuleViolation]) -> str:
    broken = [
        {"rule": rule.name, "sentence": rule.sentence, "count": row_count, "examples": examples}
        for rule, row_count, examples in violations
    ]
    return json.dumps({"rules": len(RULES), "broken": broken})


def as_text(violations: list[RuleViolation]) -> str:
    if not violations:
        return f"{len(RULES)} rules checked: nothing wrong."
    return "\n".join(line for violation in violations for line in lines_of(violation))


def lines_of(violation: RuleViolation) -> list[str]:
    rule, row_count, examples = violation
    times = f"Broken {row_count} times" if row_count > 1 else "Broken once"
    shown = f"; the first {len(examples)}" if row_count > len(examples) else ""
    return [f"{rule.name}: {rule.sentence} {times}{shown}:", *map(line_of, examples)]


def line_of(example: dict[str, Any]) -> str:
    return "  " + ", ".join(f"{name} {value}" for name, value in example.items())
