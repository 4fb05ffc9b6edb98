"""Reads the items of a dataset as they were at a revision, oldest first, batch by batch.

Each batch is one short statement, so that no snapshot, transaction or cursor lives longer than that, however slowly the
rows are taken. What belongs to the revision does not depend on when it is asked: writers at work change nothing of it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from database.query import Result, run
from database.sql import fragment, sql, sql_shape
from items.history.as_of import snapshot_parameters
from items.history.snapshots import Snapshot
from items.queries import OLDEST_FIRST
from items.rows import JSON_COLUMNS, OPEN_END
from items.search.conditions import DeletedFilter
from items.search.selection import Selection

# A batch ends after the row with which it has so many bytes, as they lie on the disk.
BATCH_BYTES = 1_000_000
# Compressed values are reckoned at so many times their length, which is more than most come to.
COMPRESSION_FACTOR = 8
MIN_ROWS, MAX_ROWS = 50, 1000

EXPORT_COLUMNS = (
    "created_at, id, input, output, metadata, ref_trace_id, ref_timestamp, ref_source_id, updated_at, created_by_id, "
    "version"
)
# Two scans of an index: behind the last item among those of its time, and behind that time.
INDEXED_ROWS = """
SELECT * FROM (
  (SELECT $columns FROM dataset_item
    WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND $condition
      AND created_at = %(created_at)s AND id < %(id)s
    ORDER BY id DESC LIMIT %(limit)s)
  UNION ALL
  (SELECT $columns FROM dataset_item
    WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND $condition
      AND created_at > %(created_at)s AND created_at <= %(time)s
    ORDER BY $order LIMIT %(limit)s)
) i ORDER BY $order LIMIT %(limit)s
"""
# Items that have not been written since are as they were. Of the others, the version that was shown then: while the
# dataset is at the revision itself there are none, and no row is looked at; later only their validity beside the live
# rows is.
REVISION_ROWS = """
WITH live AS ($live), superseded AS (
  SELECT v.* FROM (
    SELECT item_id, version FROM item_validity
     WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
       AND created_at >= %(created_at)s AND (created_at > %(created_at)s OR item_id < %(id)s)
       AND created_at <= (SELECT CASE WHEN count(*) < %(limit)s THEN %(time)s ELSE max(created_at) END FROM live)
       AND valid_from <= %(revision)s AND valid_to > %(revision)s AND valid_to < $open_end
       AND %(revision)s < (SELECT revision FROM dataset_head
                            WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s)
     ORDER BY created_at, item_id DESC LIMIT %(limit)s
  ) p
  CROSS JOIN LATERAL (
    SELECT $columns FROM item_version WHERE team_id = %(project_id)s AND id = p.item_id AND version = p.version OFFSET 0
  ) v
), page AS (
  SELECT * FROM (SELECT * FROM live UNION ALL SELECT * FROM superseded) r ORDER BY $order LIMIT %(limit)s
)
"""
# No revision remembers the trash, so that this is read as it is.
ARCHIVED_ROWS = "WITH page AS ($archived)"
ALL_ROWS = """
WITH page AS (
  SELECT * FROM (SELECT * FROM ($live) l UNION ALL SELECT * FROM ($archived) a) r ORDER BY $order LIMIT %(limit)s
)
"""
# Rows of what is selected from EXPORT_COLUMNS, and behind it the item's time and id. How long a row is, is looked at
# only in rows that belong to the batch; there is always one.
BATCH = """
$rows
SELECT $select, i.created_at, i.id
  FROM (
    SELECT *, sum($row_bytes) OVER (ORDER BY $order ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM page
  ) i $join
 WHERE before IS NULL OR before < %(bytes)s
 ORDER BY i.created_at, i.id DESC
"""
# Rows that do not match are sent as nulls: a batch ends where a bounded number of rows has been looked at.
MATCHING = "CROSS JOIN LATERAL (SELECT $condition AS is_match OFFSET 0) m"
IF_MATCHING = "CASE WHEN is_match THEN $expression END"
COLUMN_BYTES = """coalesce(pg_column_size($column) *
      CASE WHEN pg_column_compression($column) IS NULL THEN 1 ELSE $factor END, 0)"""
ROW_BYTES_SQL = " + ".join(
    fragment(COLUMN_BYTES, column=column, factor=str(COMPRESSION_FACTOR)) for column in JSON_COLUMNS
)


def indexed_rows_sql(condition: str) -> str:
    return fragment(INDEXED_ROWS, columns=EXPORT_COLUMNS, condition=condition, order=OLDEST_FIRST)


LIVE = indexed_rows_sql("deleted IS NOT TRUE")
ARCHIVED = indexed_rows_sql("deleted")
ROWS = {
    DeletedFilter.LIVE: fragment(
        REVISION_ROWS,
        live=indexed_rows_sql("deleted IS NOT TRUE AND revision <= %(revision)s"),
        open_end=str(OPEN_END),
        columns=EXPORT_COLUMNS,
        order=OLDEST_FIRST,
    ),
    DeletedFilter.ARCHIVED: fragment(ARCHIVED_ROWS, archived=ARCHIVED),
    DeletedFilter.ALL: fragment(ALL_ROWS, live=LIVE, archived=ARCHIVED, order=OLDEST_FIRST),
}


class BatchStatement(NamedTuple):
    """A statement for all items at a revision, which is built once, and shapes of it for those that match."""

    name: str
    expressions: tuple[str, ...]
    whole: str

    @classmethod
    def of(cls, name: str, *expressions: str) -> "BatchStatement":
        parts = batch_parts(DeletedFilter.LIVE, expressions, join="")
        return cls(name, expressions, sql(name, BATCH, **parts))

    def shape(self, selection: Selection) -> str:
        if selection.is_whole:
            return self.whole
        matching = [fragment(IF_MATCHING, expression=each) for each in self.expressions]
        join = fragment(MATCHING, condition=selection.row_sql)
        return sql_shape(
            f"{self.name}_matches", BATCH, **batch_parts(selection.conditions.deleted_filter, matching, join=join)
        )


def batch_parts(deleted_filter: DeletedFilter, expressions: Any, *, join: str) -> dict[str, str]:
    return {
        "rows": ROWS[deleted_filter],
        "select": ", ".join(expressions),
        "row_bytes": ROW_BYTES_SQL,
        "order": OLDEST_FIRST,
        "join": join,
    }


class DatasetSnapshot(NamedTuple):
    """A dataset at one revision, or the items that are selected from it."""

    project_id: int
    dataset_id: UUID
    snapshot: Snapshot
    selection: Selection = Selection()

    @property
    def parameters(self) -> dict[str, Any]:
        return snapshot_parameters(self.project_id, self.dataset_id, self.snapshot) | self.selection.parameters


# PostgreSQL's.
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# Before every item.
START_KEY = {"created_at": datetime.min.replace(tzinfo=UTC), "id": UUID(int=2**128 - 1)}


def read_batches(dataset: DatasetSnapshot, statement: BatchStatement) -> Iterator[Result]:
    """Results with the rows of one batch each, good until the next is asked for; none is empty."""
    if dataset.snapshot.created_at is None:
        return
    shape = statement.shape(dataset.selection)
    parameters: dict[str, Any] = START_KEY | dataset.parameters | {"limit": MIN_ROWS, "bytes": BATCH_BYTES}
    while (count := (result := run(shape, parameters)).count) > 0:
        parameters |= last_key(result)
        yield result
        # As long a batch as the last one is likely to be cut where that was.
        parameters["limit"] = max(MIN_ROWS, min(2 * count, MAX_ROWS))


def last_key(result: Result) -> dict[str, Any]:
    """Time and id of the last row, in PostgreSQL's binary form: the row itself, which may be long, is not decoded."""
    raw = result.raw
    time, item_id = (raw.get_value(raw.ntuples - 1, raw.nfields - offset) or b"" for offset in (2, 1))
    microseconds = int.from_bytes(time, "big", signed=True)
    return {"created_at": POSTGRES_EPOCH + timedelta(microseconds=microseconds), "id": UUID(bytes=bytes(item_id))}
