"""Compare two revisions of a dataset."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from database.query import Row, fetch_all
from database.sql import fragment, sql
from items.history.as_of import version_row_sql
from items.history.snapshots import Snapshot
from items.page_bytes import bytes_sql, fetch_bounded, measured, page_columns
from items.rows import CONTENT_COLUMNS, JSON_COLUMNS, DatasetRef, ItemRow
from rest.pagination import MAX_OFFSET


def changed_field_sql(name: str) -> str:
    """Compare JSON by value, so that a different spelling is not a change."""
    kind = "::jsonb" if name in JSON_COLUMNS else ""
    return f"CASE WHEN f.{name}{kind} IS DISTINCT FROM t.{name}{kind} THEN '{name}' END"


VALIDITY_JOIN = """
  LEFT JOIN item_validity p$side ON p$side.team_id = %(project_id)s AND p$side.dataset_id = %(dataset_id)s
        AND p$side.created_at = i.created_at AND p$side.item_id = i.id
        AND p$side.valid_from <= %($side)s AND p$side.valid_to > %($side)s
  LEFT JOIN LATERAL ($version_row) $side ON true
"""


def validity_join(side: str) -> str:
    return fragment(VALIDITY_JOIN, side=side, version_row=version_row_sql(f"p{side}.item_id", f"p{side}.version"))


CHANGES = ("added", "removed", "changed")
BEFORE, AFTER = (page_columns(side, ItemRow._fields, is_text=True) for side in ("f", "t"))
DIFF = """
WITH touched AS MATERIALIZED (
  SELECT DISTINCT item_id FROM dataset_change
   WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
     AND revision > least(%(f)s, %(t)s) AND revision <= greatest(%(f)s, %(t)s)
), compared AS (
  SELECT i.id AS item_id, i.created_at AS item_created_at,
         CASE WHEN f.id IS NULL THEN 'added' WHEN t.id IS NULL THEN 'removed' ELSE 'changed' END AS change,
         array_remove(ARRAY[$changed_fields], NULL) AS fields,
         pf.version AS from_version, pt.version AS to_version
    FROM touched JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = touched.item_id
    $validity_from $validity_to
   WHERE (f.id IS NOT NULL OR t.id IS NOT NULL) AND pf.version IS DISTINCT FROM pt.version
), kept AS MATERIALIZED (
  SELECT * FROM compared WHERE change <> 'changed' OR fields <> '{}'
), page AS (
  SELECT * FROM kept WHERE change = ANY(%(changes)s::text[])
   ORDER BY item_created_at DESC, item_id LIMIT %(limit)s OFFSET %(offset)s
), counts AS (
  SELECT count(*) FILTER (WHERE change = 'added') AS added, count(*) FILTER (WHERE change = 'removed') AS removed,
         count(*) FILTER (WHERE change = 'changed') AS changed FROM kept
)
SELECT counts.*, page.item_id, page.change, page.fields, $before, $after
  FROM counts LEFT JOIN page ON true
  LEFT JOIN LATERAL ($row_before) f ON true
  LEFT JOIN LATERAL ($row_after) t ON true
 ORDER BY page.item_created_at DESC, page.item_id
"""
PARTS = {
    "changed_fields": ", ".join(map(changed_field_sql, CONTENT_COLUMNS)),
    "validity_from": validity_join("f"),
    "validity_to": validity_join("t"),
    "row_before": version_row_sql("page.item_id", "page.from_version"),
    "row_after": version_row_sql("page.item_id", "page.to_version"),
}
DIFF_REVISIONS = sql("diff_revisions", DIFF, before=BEFORE.sql, after=AFTER.sql, **PARTS)
MEASURE_DIFF = sql(
    "measure_diff", DIFF, before=bytes_sql("f", ItemRow._fields), after=bytes_sql("t", ItemRow._fields), **PARTS
)
# Three counts and three columns of the diff precede the columns of the two items.
DIFF_COLUMNS = 6
JSON_INDEXES = (*BEFORE.json_indexes, *(len(ItemRow._fields) + index for index in AFTER.json_indexes))


class ItemDiff(NamedTuple):
    item_id: UUID
    change: str
    fields: list[str]
    before: ItemRow | None
    after: ItemRow | None


class Diff(NamedTuple):
    added: int
    removed: int
    changed: int
    page: list[ItemDiff]


def read_diff(
    dataset: DatasetRef,
    before: Snapshot,
    after: Snapshot,
    *,
    changes: Sequence[str],
    limit: int,
    offset: int,
) -> Diff:
    """Return the totals of all changes and one page of those that are named. Raises PageTooLarge.

    The cost grows with the number of changes between the two revisions, not with the size of the dataset.
    """
    page = {"changes": list(changes), "limit": limit, "offset": min(offset, MAX_OFFSET)}
    revisions = {"f": before.revision, "t": after.revision}
    parameters = dataset.parameters | revisions | page
    rows = fetch_bounded(
        lambda guards: fetch_all(DIFF_REVISIONS, parameters | guards),
        lambda: measured(fetch_all(MEASURE_DIFF, parameters), -1, -2),
        limit=2 * limit,
        json_indexes=JSON_INDEXES,
        start=DIFF_COLUMNS,
        has_fields=False,
    )
    added, removed, changed = rows[0][:3]
    return Diff(added, removed, changed, [parse_item_diff(row[3:]) for row in rows if row[3] is not None])


def parse_item_diff(row: Row) -> ItemDiff:
    width = len(ItemRow._fields)
    item_id, change, fields, *rest = row
    before, after = tuple(rest[:width]), tuple(rest[width:])
    fields = fields if change == "changed" else []
    return ItemDiff(item_id, change, fields, item_or_none(before), item_or_none(after))


def item_or_none(row: tuple[Any, ...]) -> ItemRow | None:
    item = ItemRow._make(row)
    return item if item.id is not None else None
