"""The change feed of a dataset, oldest first: a client that keeps reading misses no change and sees none twice."""

from typing import NamedTuple
from uuid import UUID

from database.query import Row, fetch_all
from database.sql import sql
from items.history.as_of import GUARDED_COLUMNS, ROW_BYTES, version_row_sql
from items.page_bytes import fetch_bounded, measured
from items.rows import DatasetRef, ItemRow

# A page may begin inside a revision, and only the first change of a revision stores its message.
FIRST_MESSAGE = """
SELECT message FROM dataset_change
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND revision = %(revision)s AND position = 0
"""
# One statement reads the head and the entries, so no entry up to the head's revision is missing.
ENTRIES = """
SELECT h.revision, ($first_message), c.revision, c.position, c.operation, c.item_id, c.version, c.message, $columns
  FROM dataset_head h
  LEFT JOIN LATERAL (
    SELECT * FROM dataset_change
     WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
       AND (revision, position) > (%(revision)s, %(position)s)
     ORDER BY revision, position LIMIT %(limit)s
  ) c ON true
  LEFT JOIN LATERAL ($version_row) x ON c.operation <> 'moved_out'
 WHERE h.team_id = %(project_id)s AND h.dataset_id = %(dataset_id)s
 ORDER BY c.revision, c.position
"""
PARTS = {"first_message": FIRST_MESSAGE, "version_row": version_row_sql("c.item_id", "c.version")}
LIST_ENTRIES = sql("list_changes", ENTRIES, columns=GUARDED_COLUMNS.sql, **PARTS)
MEASURE_ENTRIES = sql("measure_changes", ENTRIES, columns=ROW_BYTES, **PARTS)
# Columns that precede the columns of the item.
ENTRY_COLUMNS = 8
END_OF_REVISION = 2**31 - 1


class FeedEntry(NamedTuple):
    revision: int
    position: int
    operation: str
    item_id: UUID
    version: int
    message: str | None  # of the whole revision
    row: ItemRow | None  # None if the item moved out


class Feed(NamedTuple):
    head: int
    entries: list[FeedEntry]
    has_more: bool


def read_feed(project_id: int, dataset_id: UUID, *, since: int, position: int | None, limit: int) -> Feed | None:
    """Return the entries after revision `since`, or after entry `position` of that revision.

    Returns None if the dataset does not exist. Raises PageTooLarge.
    """
    after = {"revision": since, "position": END_OF_REVISION if position is None else position}
    parameters = DatasetRef(project_id, dataset_id).parameters | after | {"limit": limit + 1}
    rows = fetch_bounded(
        lambda guards: fetch_all(LIST_ENTRIES, parameters | guards),
        lambda: measured(fetch_all(MEASURE_ENTRIES, parameters)),
        limit=limit + 1,
        json_indexes=GUARDED_COLUMNS.json_indexes,
        start=ENTRY_COLUMNS,
        spare=1,
        has_fields=False,
    )
    if not rows:
        return None
    entries = parse_entries([row[2:] for row in rows if row[2] is not None], rows[0][1])
    return Feed(rows[0][0], entries[:limit], len(entries) > limit)


def parse_entries(rows: list[Row], message: str | None) -> list[FeedEntry]:
    """Give each entry the message of its revision.

    Only the first change of a revision stores the message; `message` belongs to a revision that began on an earlier
    page.
    """
    entries = []
    for row in rows:
        revision, position, operation, item_id, version, own_message = row[:6]
        item = ItemRow._make(row[6:]) if row[7] is not None else None
        message = own_message if position == 0 else message
        entries.append(FeedEntry(revision, position, operation, item_id, version, message, item))
    return entries
