"""What breaks a rule."""

import json
from typing import Any, NamedTuple

from django.db import transaction

from database.statements import execute, fetch_all
from items.management.history_rules.rule import Rule

MAX_EXAMPLES = 10
# A rule reads whole tables, of which much is of one revision. Joined by indexes, or in order of revisions, each row of
# it would be laid beside each other one.
BY_HASHES = ("SET LOCAL enable_nestloop = off", "SET LOCAL enable_mergejoin = off")


class Breach(NamedTuple):
    rule: Rule
    places: int
    examples: list[dict[str, Any]]


def breach_of(rule: Rule, *, project_id: int | None) -> Breach | None:
    """None: the rule holds. One statement, hence of one snapshot: writers may be at work."""
    statement = f"""
      SELECT count(*) OVER (), row_to_json(found)::text FROM ({rule.statement}) found
       WHERE %(project)s::bigint IS NULL OR found.project = %(project)s
       LIMIT {MAX_EXAMPLES}
    """  # noqa: S608
    with transaction.atomic():
        for setting in BY_HASHES:
            execute(setting, {})
        rows = fetch_all(statement, {"project": project_id})
    return Breach(rule, rows[0][0], [json.loads(row[1]) for row in rows]) if rows else None
