"""Rules that hold in every database, and the check of one: a statement that finds what breaks it."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from database.query import execute, run
from database.sql import sql_shape

MAX_EXAMPLES = 10
# Rules read whole tables, with many rows per revision. Nested loops and merge joins would compare each row of a
# revision with every other.
PLANNER_SETTINGS = ("SET LOCAL enable_nestloop = off", "SET LOCAL enable_mergejoin = off")


class Rule(NamedTuple):
    name: str
    sentence: str
    statement: str  # finds violations; its first column is the project


class RuleViolation(NamedTuple):
    rule: Rule
    row_count: int
    examples: list[dict[str, Any]]


def check_rule(rule: Rule, *, project_id: int | None) -> RuleViolation | None:
    """Return None if the rule holds. One statement in one snapshot, so writers may be active."""
    statement = sql_shape(
        f"check_{rule.name}",
        """
      SELECT count(*) OVER (), broken.* FROM ($rule) broken
       WHERE %(project_id)s::bigint IS NULL OR broken.project = %(project_id)s
       LIMIT $limit
    """,
        rule=rule.statement,
        limit=str(MAX_EXAMPLES),
    )
    with transaction.atomic():
        for setting in PLANNER_SETTINGS:
            execute(setting, {})
        result = run(statement, {"project_id": project_id})
        names, rows = result.names[1:], result.rows
    if not rows:
        return None
    # Not by row_to_json, for which Citus has no names of columns.
    examples = [dict(zip(names, map(json_value, row[1:]), strict=True)) for row in rows]
    return RuleViolation(rule, rows[0][0], examples)


def json_value(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value
