"""Says whether counts, revisions, versions and tags of a database are as they must be, and what is wrong."""

import argparse
import json
from typing import Any

from django.core.management import CommandError

from auth.models import Project
from database.management import DatabaseCommand, report_database_errors
from items.integrity import RULES, RuleViolation, check_rule

# What a shell script can tell apart: 0, nothing wrong.
RULES_BROKEN = 1
NOT_CHECKED = 2


class Command(DatabaseCommand):
    help = "Checks the history of datasets and items. Ends with 1 if something is wrong, with 2 if it cannot tell."
    example = "--project 1"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--project", type=int, metavar="ID", help="check this project alone")
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

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
    which = "" if row_count == len(examples) else f", of which the first {len(examples)} are"
    return [f"{rule.name}: {rule.sentence} Broken {row_count} times{which}:", *map(line_of, examples)]


def line_of(example: dict[str, Any]) -> str:
    return "  " + ", ".join(f"{name} {value}" for name, value in example.items())
