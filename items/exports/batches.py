"""Read the items of a dataset as they were at a revision, oldest first, in batches.

Each batch is one short statement, so no snapshot, transaction or cursor outlives it, however slowly the client reads.
The result depends on the revision alone: concurrent writes do not affect it.
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

# A batch ends after the row that brings it to this many bytes, as stored on disk.
BATCH_BYTES = 1_000_000
# Compressed values are assumed to be this many times their stored size; most are smaller.
COMPRESSION_FACTOR = 8
MIN_ROWS, MAX_ROWS = 50, 1000

EXPORT_COLUMNS = (
    "created_at, id, input, output, metadata, ref_trace_id, ref_timestamp, ref_source_id, updated_at, created_by_id, "
    "version"
)
# Two index scans: the remaining items with the last item's time, and all later ones.
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
# Items not written since the revision are read as they are now; for the others, the version that was listed. While the
# dataset is still at the revision, there are none of those and no row is read for them; later, only their validity is
# scanned along with the live rows.
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
# Revisions do not list archived items, so these are read as they are now.
ARCHIVED_ROWS = "WITH page AS ($archived)"
ALL_ROWS = """
WITH page AS (
  SELECT * FROM (SELECT * FROM ($live) l UNION ALL SELECT * FROM ($archived) a) r ORDER BY $order LIMIT %(limit)s
)
"""
# Expressions over EXPORT_COLUMNS, followed by the item's time and id. The size is computed only for rows that belong to
# the batch; the first row always does.
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
# Rows that do not match are returned as nulls, so that each batch reads a bounded number of rows.
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
    """A statement for all items at a revision, built once, and its shapes for selections."""

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
    """A dataset at one revision, or a selection of its items."""

    project_id: int
    dataset_id: UUID
    snapshot: Snapshot
    selection: Selection = Selection()

    @property
    def parameters(self) -> dict[str, Any]:
        return snapshot_parameters(self.project_id, self.dataset_id, self.snapshot) | self.selection.parameters


# The epoch of PostgreSQL's binary timestamps.
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# Sorts before every item.
START_KEY = {"created_at": datetime.min.replace(tzinfo=UTC), "id": UUID(int=2**128 - 1)}


def read_batches(dataset: DatasetSnapshot, statement: BatchStatement) -> Iterator[Result]:
    """Yield results with the rows of one batch each, never empty; each is valid until the next is requested."""
    if dataset.snapshot.created_at is None:
        return
    shape = statement.shape(dataset.selection)
    parameters: dict[str, Any] = START_KEY | dataset.parameters | {"limit": MIN_ROWS, "bytes": BATCH_BYTES}
    while (count := (result := run(shape, parameters)).count) > 0:
        parameters |= last_key(result)
        yield result
        # The byte limit will cut the next batch at about the same number of rows.
        parameters["limit"] = max(MIN_ROWS, min(2 * count, MAX_ROWS))


def last_key(result: Result) -> dict[str, Any]:
    """Decode only the time and id of the last row, from PostgreSQL's binary format; the row may be long."""
    raw = result.raw
    time, item_id = (raw.get_value(raw.ntuples - 1, raw.nfields - offset) or b"" for offset in (2, 1))
    microseconds = int.from_bytes(time, "big", signed=True)
    return {"created_at": POSTGRES_EPOCH + timedelta(microseconds=microseconds), "id": UUID(bytes=bytes(item_id))}
