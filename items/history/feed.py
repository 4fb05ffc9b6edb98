"""All changes of a dataset, oldest first: whoever reads in a loop misses none and sees none twice."""

from typing import NamedTuple
from uuid import UUID

from database.query import Row, fetch_all
from database.sql import sql
from items.history.as_of import GUARDED_COLUMNS, ROW_BYTES, version_row_sql
from items.page_bytes import fetch_bounded, measured
from items.rows import DatasetRef, ItemRow

# A page may begin inside a revision, whose message its first change has.
FIRST_MESSAGE = """
SELECT message FROM dataset_change
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND revision = %(revision)s AND position = 0
"""
# The head and the entries are of one snapshot, so that no entry of a revision up to the head's is missing.
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
# Before the columns of the item.
ENTRY_COLUMNS = 8
END_OF_REVISION = 2**31 - 1


class FeedEntry(NamedTuple):
    revision: int
    position: int
    operation: str
    item_id: UUID
    version: int
    message: str | None  # of the revision
    row: ItemRow | None  # None: moved out


class Feed(NamedTuple):
    head: int
    entries: list[FeedEntry]
    has_more: bool


def read_feed(project_id: int, dataset_id: UUID, *, since: int, position: int | None, limit: int) -> Feed | None:
    """Entries after revision `since`, or after one entry of it when `position` names it; None: no such dataset.

    Raises PageTooLarge.
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
    """The first change of each revision has the message of all; `message` is that of a revision begun before."""
    entries = []
    for row in rows:
        revision, position, operation, item_id, version, own_message = row[:6]
        item = ItemRow._make(row[6:]) if row[7] is not None else None
        message = own_message if position == 0 else message
        entries.append(FeedEntry(revision, position, operation, item_id, version, message, item))
    return entries
