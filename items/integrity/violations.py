"""What breaks a rule."""

import json
from typing import Any, NamedTuple

from django.db import transaction

from database.query import execute, fetch_all
from database.sql import sql_shape
from items.integrity.rule import Rule

MAX_EXAMPLES = 10
# A rule reads whole tables, of which much is of one revision. Joined by indexes, or in order of revisions, each row of
# it would be laid beside each other one.
PLANNER_SETTINGS = ("SET LOCAL enable_nestloop = off", "SET LOCAL enable_mergejoin = off")


class RuleViolation(NamedTuple):
    rule: Rule
    row_count: int
    examples: list[dict[str, Any]]


def check_rule(rule: Rule, *, project_id: int | None) -> RuleViolation | None:
    """None: the rule holds. One statement, hence of one snapshot: writers may be at work."""
    statement = sql_shape(
        f"check_{rule.name}",
        """
      SELECT count(*) OVER (), row_to_json(broken)::text FROM ($rule) broken
       WHERE %(project_id)s::bigint IS NULL OR broken.project = %(project_id)s
       LIMIT $limit
    """,
        rule=rule.statement,
        limit=str(MAX_EXAMPLES),
    )
    with transaction.atomic():
        for setting in PLANNER_SETTINGS:
            execute(setting, {})
        rows = fetch_all(statement, {"project_id": project_id})
    return RuleViolation(rule, rows[0][0], [json.loads(row[1]) for row in rows]) if rows else None
