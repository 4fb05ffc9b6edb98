"""Compare two revisions of a dataset."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from database.query import Row, fetch_all, fetch_one
from database.sql import fragment, sql, sql_shape
from items.cursors import Cursor
from items.history.as_of import version_row_sql
from items.history.snapshots import MAX_BIGINT, Snapshot
from items.page_bytes import bytes_sql, check_bytes, fetch_bounded, measured, page_columns
from items.rows import CONTENT_COLUMNS, JSON_COLUMNS, DatasetRef, ItemRow


def changed_field_sql(name: str) -> str:
    """Compare JSON by value, so that a different spelling is not a change."""
    kind = "::jsonb" if name in JSON_COLUMNS else ""
    return f"CASE WHEN f.{name}{kind} IS DISTINCT FROM t.{name}{kind} THEN '{name}' END"


CHANGED_FIELDS = f"array_remove(ARRAY[{', '.join(map(changed_field_sql, CONTENT_COLUMNS))}], NULL)"
# OFFSET 0: a join may look up the dataset alone, and read the validities of all its items for each item. Where projects
# have few items on average, the planner expects one row for any project and dataset.
VALIDITY_JOIN = """
  LEFT JOIN LATERAL (
    SELECT item_id, version, valid_from, valid_to FROM item_validity
     WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND created_at = i.created_at AND item_id = i.id
       AND valid_from <= %($side)s AND valid_to > %($side)s
    OFFSET 0
  ) p$side ON true
  LEFT JOIN LATERAL ($version_row) $side ON true
"""


def validity_join(side: str) -> str:
    return fragment(VALIDITY_JOIN, side=side, version_row=version_row_sql(f"p{side}.item_id", f"p{side}.version"))


CHANGES = ("added", "removed", "changed")
BEFORE, AFTER = (page_columns(side, ItemRow._fields, is_text=True) for side in ("f", "t"))
# Items that differ are those whose versions at the two revisions differ, unless both have the same content.
IS_DIFFERENT = fragment(
    "pf.version IS DISTINCT FROM pt.version AND (f.id IS NULL OR t.id IS NULL OR $changed_fields <> '{}')",
    changed_fields=CHANGED_FIELDS,
)
COUNT_DIFFERENCES = sql(
    "count_differences",
    """
WITH touched AS MATERIALIZED (
  SELECT DISTINCT item_id FROM dataset_change
   WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
     AND revision > least(%(f)s, %(t)s) AND revision <= greatest(%(f)s, %(t)s)
)
SELECT count(*) FILTER (WHERE f.id IS NULL), count(*) FILTER (WHERE t.id IS NULL),
       count(*) FILTER (WHERE f.id IS NOT NULL AND t.id IS NOT NULL)
  FROM touched JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = touched.item_id
  $validity_from $validity_to
 WHERE $is_different
""",
    validity_from=validity_join("f"),
    validity_to=validity_join("t"),
    is_different=IS_DIFFERENT,
)
# Entries of the log that one statement reads at the most, however few of them are differences.
MAX_SCANNED = 1000
# Each item that differs stands in the log once as the change that decides: the one that made its last version, or the
# one that took it out of the list. OFFSET 0 keeps the items from being joined in any other way than one by one.
PAGE = """
SELECT last.revision, last.position, d.* FROM (SELECT) AS always
  LEFT JOIN (
    SELECT revision, position FROM dataset_change c WHERE $in_range
     ORDER BY c.revision $direction, c.position $direction LIMIT 1 OFFSET $max_scanned - 1
  ) last ON true
  LEFT JOIN LATERAL (
    SELECT c.revision, c.position, d.* FROM (
      SELECT revision, position, item_id FROM dataset_change c WHERE $in_range
       ORDER BY c.revision $direction, c.position $direction LIMIT $max_scanned
    ) c JOIN LATERAL (
      SELECT i.id, $change, $changed_fields, $before, $after FROM dataset_item i
      $validity_from $validity_to
       WHERE i.team_id = %(project_id)s AND i.id = c.item_id AND $is_different AND $change = ANY(%(changes)s::text[])
         AND c.revision = CASE WHEN %(f)s <= %(t)s THEN coalesce(pt.valid_from, pf.valid_to)
                               ELSE coalesce(pf.valid_from, pt.valid_to) END
      OFFSET 0
    ) d ON true
     ORDER BY c.revision $direction, c.position $direction LIMIT %(limit)s
  ) d ON true
"""
IN_RANGE = """
c.team_id = %(project_id)s AND c.dataset_id = %(dataset_id)s
AND c.revision > least(%(f)s, %(t)s) AND c.revision <= greatest(%(f)s, %(t)s)
AND (c.revision, c.position) $comparison (%(key_revision)s, %(key_position)s)"""
PAGE_PARTS = {
    "change": "CASE WHEN f.id IS NULL THEN 'added' WHEN t.id IS NULL THEN 'removed' ELSE 'changed' END",
    "changed_fields": CHANGED_FIELDS,
    "validity_from": validity_join("f"),
    "validity_to": validity_join("t"),
    "is_different": IS_DIFFERENT,
    "max_scanned": str(MAX_SCANNED),
}
PAGE_CONTENT = {"before": BEFORE.sql, "after": AFTER.sql}
PAGE_BYTES = {"before": bytes_sql("f", ItemRow._fields), "after": bytes_sql("t", ItemRow._fields)}
# The entry that was read last; then two columns of the sort key and three of the difference precede the two items.
SCAN_COLUMNS = 2
DIFF_COLUMNS = 5
JSON_INDEXES = (*BEFORE.json_indexes, *(len(ItemRow._fields) + index for index in AFTER.json_indexes))
# Newer than any change.
START = Cursor((MAX_BIGINT, 0))


class RevisionPair(NamedTuple):
    project_id: int
    dataset_id: UUID
    before: Snapshot
    after: Snapshot

    @property
    def parameters(self) -> dict[str, Any]:
        dataset = DatasetRef(self.project_id, self.dataset_id)
        return dataset.parameters | {"f": self.before.revision, "t": self.after.revision}


class ItemDiff(NamedTuple):
    item_id: UUID
    change: str
    fields: list[str]
    before: ItemRow | None
    after: ItemRow | None


class DiffCounts(NamedTuple):
    added: int
    removed: int
    changed: int


def count_differences(revisions: RevisionPair) -> DiffCounts:
    """Count the items that differ. The cost grows with the number of changes between the two revisions."""
    row = fetch_one(COUNT_DIFFERENCES, revisions.parameters)
    return DiffCounts(*(row or (0, 0, 0)))


def read_differences(
    revisions: RevisionPair, *, changes: Sequence[str], cursor: Cursor | None, limit: int
) -> list[Row]:
    """Return rows for paginate(), newest change first, which parse_item_diff() takes. Raises PageTooLarge.

    Only items with one of the changes are returned.
    All pages together read each change between the two revisions once.
    """
    parameters = revisions.parameters | {"changes": list(changes)}
    position: Cursor | None = cursor or START
    rows: list[Row] = []
    while position and len(rows) <= limit:
        found = scan_changes(parameters, position, limit + 1 - len(rows))
        is_continued = bool(rows)
        rows += [row[SCAN_COLUMNS:] for row in found if row[SCAN_COLUMNS] is not None]
        if is_continued:
            check_bytes([json_bytes(row) for row in rows], has_fields=False)
        last = found[0][:SCAN_COLUMNS]
        position = Cursor(last, position.is_backwards) if last[0] is not None else None
    return rows


def scan_changes(parameters: dict[str, Any], position: Cursor, limit: int) -> list[Row]:
    """Return rows that begin with the last entry read; NULL if there are no further entries."""
    key = dict(zip(("key_revision", "key_position"), position.key, strict=True))
    parameters = parameters | key | {"limit": limit}
    return fetch_bounded(
        lambda guards: fetch_all(diff_page_sql(position, PAGE_CONTENT), parameters | guards),
        lambda: measured(fetch_all(diff_page_sql(position, PAGE_BYTES), parameters), -1, -2),
        limit=limit,
        json_indexes=JSON_INDEXES,
        start=SCAN_COLUMNS + DIFF_COLUMNS,
        spare=1,
        has_fields=False,
    )


def json_bytes(row: Row) -> int:
    return sum(len(text.encode()) for index in JSON_INDEXES if (text := row[DIFF_COLUMNS + index]))


def diff_page_sql(cursor: Cursor, columns: dict[str, str]) -> str:
    comparison = ">" if cursor.is_backwards else "<"
    return sql_shape(
        "list_differences",
        PAGE,
        in_range=fragment(IN_RANGE, comparison=f"{comparison}=" if cursor.is_inclusive else comparison),
        direction="ASC" if cursor.is_backwards else "DESC",
        **columns,
        **PAGE_PARTS,
    )


def parse_item_diff(row: Row) -> ItemDiff:
    width = len(ItemRow._fields)
    item_id, change, fields, *rest = row[DIFF_COLUMNS - 3 :]
    before, after = tuple(rest[:width]), tuple(rest[width:])
    return ItemDiff(item_id, change, fields if change == "changed" else [], item_or_none(before), item_or_none(after))


def item_or_none(row: tuple[Any, ...]) -> ItemRow | None:
    item = ItemRow._make(row)
    return item if item.id is not None else None
