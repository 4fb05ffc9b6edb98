"""Reads all items of a dataset as they were at a revision, oldest first, batch by batch.

Each batch is one short statement, so that no snapshot, transaction or cursor lives longer than that, however slowly the
rows are taken. What belongs to the revision does not depend on when it is asked: writers at work change nothing of it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from database.query import Result, run
from items.history.as_of import snapshot_parameters
from items.history.snapshots import Snapshot
from items.queries import IN_DATASET, OLDEST_FIRST
from items.rows import JSON_COLUMNS, OPEN_END

# A batch ends after the row with which it has so many bytes, as they lie on the disk.
BATCH_BYTES = 1_000_000
# Compressed values are reckoned at so many times their length, which is more than most come to.
COMPRESSION_FACTOR = 8
MIN_ROWS, MAX_ROWS = 50, 1000

EXPORT_COLUMNS = (
    "created_at, id, input, output, metadata, ref_trace_id, ref_timestamp, ref_source_id, updated_at, version"
)
# Items that have not been written since are as they were.
UNCHANGED_SINCE = f"{IN_DATASET} AND revision <= %(revision)s"
# Two walks of the page index: behind the last item among those of its time, and behind that time.
LIVE_ROWS = f"""
SELECT * FROM (
  (SELECT {EXPORT_COLUMNS} FROM dataset_item WHERE {UNCHANGED_SINCE} AND created_at = %(created_at)s AND id < %(id)s
    ORDER BY id DESC LIMIT %(limit)s)
  UNION ALL
  (SELECT {EXPORT_COLUMNS} FROM dataset_item WHERE {UNCHANGED_SINCE} AND created_at > %(created_at)s AND created_at <= %(time)s
    ORDER BY {OLDEST_FIRST} LIMIT %(limit)s)
) i ORDER BY {OLDEST_FIRST} LIMIT %(limit)s
"""  # noqa: S608
# Of the others, the version that was shown then. While the dataset is at the revision itself there are none, and no row
# is looked at; later only the presences beside the live rows are.
SUPERSEDED_ROWS = f"""
SELECT v.* FROM (
    SELECT item_id, version FROM item_validity
     WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
       AND created_at >= %(created_at)s AND (created_at > %(created_at)s OR item_id < %(id)s)
       AND created_at <= (SELECT CASE WHEN count(*) < %(limit)s THEN %(time)s ELSE max(created_at) END FROM live)
       AND valid_from <= %(revision)s AND valid_to > %(revision)s AND valid_to < {OPEN_END}
       AND %(revision)s < (SELECT revision FROM dataset_head WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s)
     ORDER BY created_at, item_id DESC LIMIT %(limit)s
  ) p
 CROSS JOIN LATERAL (
    SELECT {EXPORT_COLUMNS} FROM item_version WHERE team_id = %(project_id)s AND id = p.item_id AND version = p.version OFFSET 0
  ) v
"""  # noqa: S608


def column_bytes_sql(column: str) -> str:
    times = f"CASE WHEN pg_column_compression({column}) IS NULL THEN 1 ELSE {COMPRESSION_FACTOR} END"
    return f"coalesce(pg_column_size({column}) * {times}, 0)"


ROW_BYTES_SQL = " + ".join(column_bytes_sql(column) for column in JSON_COLUMNS)


def batch_sql(select: str) -> str:
    """Rows of what is selected from COLUMNS, and behind it the item's time and id.

    What makes a row long is looked at only in rows that belong to the batch; there is always one.
    """
    return f"""
WITH live AS ({LIVE_ROWS})
SELECT {select}, measured.created_at, measured.id FROM (
    SELECT *, sum({ROW_BYTES_SQL}) OVER (ORDER BY {OLDEST_FIRST} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM (SELECT * FROM (SELECT * FROM live UNION ALL SELECT * FROM ({SUPERSEDED_ROWS}) s) r
             ORDER BY {OLDEST_FIRST} LIMIT %(limit)s) page
  ) measured
 WHERE before IS NULL OR before < %(bytes)s
 ORDER BY measured.created_at, measured.id DESC
"""  # noqa: S608


class DatasetSnapshot(NamedTuple):
    """A dataset at one revision."""

    project_id: int
    dataset_id: UUID
    snapshot: Snapshot


# PostgreSQL's.
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# Before every item.
START_KEY = {"created_at": datetime.min.replace(tzinfo=UTC), "id": UUID(int=2**128 - 1)}


def read_batches(dataset: DatasetSnapshot, statement: str) -> Iterator[Result]:
    """Results with the rows of one batch each, good until the next is asked for; none is empty."""
    if dataset.snapshot.created_at is None:
        return
    parameters: dict[str, Any] = START_KEY | snapshot_parameters(*dataset) | {"limit": MIN_ROWS, "bytes": BATCH_BYTES}
    while (count := (result := run(statement, parameters)).count) > 0:
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
