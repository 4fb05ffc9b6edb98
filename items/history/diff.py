"""What differs between two revisions of a dataset."""

from typing import Any, NamedTuple
from uuid import UUID

from database.statements import Row, fetch_all
from items.history.as_of import row_of_version
from items.history.moments import Moment
from items.models import CONTENT_COLUMNS, JSON_COLUMNS, ItemRow, item_columns
from rest.pagination import MAX_OFFSET


def differs(name: str) -> str:
    """Equal JSON is no difference, however it is spelt."""
    kind = "::jsonb" if name in JSON_COLUMNS else ""
    return f"CASE WHEN f.{name}{kind} IS DISTINCT FROM t.{name}{kind} THEN '{name}' END"


def presence(of: str) -> str:
    return f"""
  LEFT JOIN item_presence p{of} ON p{of}.team_id = %(team)s AND p{of}.dataset_id = %(dataset)s
        AND p{of}.created_at = i.created_at AND p{of}.item_id = i.id
        AND p{of}.since_revision <= %({of})s AND p{of}.until_revision > %({of})s
  LEFT JOIN LATERAL ({row_of_version(f"p{of}.item_id", f"p{of}.version")}) {of} ON true
"""


DIFF = f"""
WITH touched AS MATERIALIZED (
  SELECT DISTINCT item_id FROM dataset_change
   WHERE team_id = %(team)s AND dataset_id = %(dataset)s AND item_id IS NOT NULL
     AND revision > least(%(f)s, %(t)s) AND revision <= greatest(%(f)s, %(t)s)
), compared AS (
  SELECT i.id AS item_id, i.created_at AS item_created_at,
         CASE WHEN f.id IS NULL THEN 'added' WHEN t.id IS NULL THEN 'removed' ELSE 'changed' END AS change,
         array_remove(ARRAY[{", ".join(map(differs, CONTENT_COLUMNS))}], NULL) AS fields,
         pf.version AS from_version, pt.version AS to_version
    FROM touched JOIN dataset_item i ON i.team_id = %(team)s AND i.id = touched.item_id
    {presence("f")} {presence("t")}
   WHERE (f.id IS NOT NULL OR t.id IS NOT NULL) AND pf.version IS DISTINCT FROM pt.version
), kept AS MATERIALIZED (
  SELECT * FROM compared WHERE change <> 'changed' OR fields <> '{{}}'
), page AS (
  SELECT * FROM kept ORDER BY item_created_at DESC, item_id LIMIT %(limit)s OFFSET %(offset)s
), counts AS (
  SELECT count(*) FILTER (WHERE change = 'added') AS added, count(*) FILTER (WHERE change = 'removed') AS removed,
         count(*) FILTER (WHERE change = 'changed') AS changed FROM kept
)
SELECT counts.*, page.item_id, page.change, page.fields, {item_columns("f")}, {item_columns("t")}
  FROM counts LEFT JOIN page ON true
  LEFT JOIN LATERAL ({row_of_version("page.item_id", "page.from_version")}) f ON true
  LEFT JOIN LATERAL ({row_of_version("page.item_id", "page.to_version")}) t ON true
 ORDER BY page.item_created_at DESC, page.item_id
"""  # noqa: S608


class Difference(NamedTuple):
    item_id: UUID
    change: str
    fields: list[str]
    before: ItemRow | None
    after: ItemRow | None


class Diff(NamedTuple):
    added: int
    removed: int
    changed: int
    page: list[Difference]


def read_diff(project_id: int, dataset_id: UUID, before: Moment, after: Moment, *, limit: int, offset: int) -> Diff:
    """Costs grow with the changes between the two, not with the dataset."""
    parameters = {
        "team": project_id,
        "dataset": dataset_id,
        "f": before.revision,
        "t": after.revision,
        "limit": limit,
        "offset": min(offset, MAX_OFFSET),
    }
    rows = fetch_all(DIFF, parameters)
    added, removed, changed = rows[0][:3]
    return Diff(added, removed, changed, [as_difference(row[3:]) for row in rows if row[3] is not None])


def as_difference(row: Row) -> Difference:
    width = len(ItemRow._fields)
    item_id, change, fields, *rest = row
    before, after = tuple(rest[:width]), tuple(rest[width:])
    fields = fields if change == "changed" else []
    return Difference(item_id, change, fields, as_item(before), as_item(after))


def as_item(row: tuple[Any, ...]) -> ItemRow | None:
    item = ItemRow._make(row)
    return item if item.id is not None else None
