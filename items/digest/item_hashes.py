"""Hashes of versions of items. Each is computed once, as a version never changes, except by erasure."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from database.query import Row, execute, fetch_all
from database.sql import sql
from items.digest.canonical import CanonicalWriter, ItemContent
from items.erasure.copies import share_erasure_lock
from items.exports.batches import BATCH_BYTES, ROW_BYTES_SQL
from items.history.as_of import VALID_AT_REVISION, version_row_sql
from items.rows import JSON_COLUMNS

BATCH_ROWS = 1000
STORED_COLUMNS = "id, version, created_at, input, metadata, output, ref_source_id, ref_timestamp, ref_trace_id"
CONTENT_SQL = {
    **{name: f"i.{name}::text" for name in JSON_COLUMNS},
    "ref_timestamp": """to_char(i.ref_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}
# A batch ends after the row that brings it to this many bytes on disk, like in an export, and has at least one row.
READ_UNHASHED = sql(
    "read_unhashed_items",
    """
WITH unhashed AS (
  SELECT item_id, version FROM item_validity p
   WHERE $valid_at_revision AND created_at >= %(after_time)s
     AND (created_at > %(after_time)s OR item_id > %(after_id)s)
     AND NOT EXISTS (SELECT FROM item_hash h
                      WHERE h.team_id = %(project_id)s AND h.item_id = p.item_id AND h.version = p.version)
   ORDER BY created_at, item_id LIMIT %(limit)s
)
SELECT i.created_at, i.id, i.version, $content
  FROM (
    SELECT x.*, sum($row_bytes) OVER (ORDER BY created_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                AS bytes_before
      FROM unhashed CROSS JOIN LATERAL ($version_row) x
  ) i
 WHERE bytes_before IS NULL OR bytes_before < %(bytes)s
 ORDER BY i.created_at, i.id
""",
    valid_at_revision=VALID_AT_REVISION,
    content=", ".join(CONTENT_SQL.get(name, f"i.{name}") for name in ItemContent._fields),
    row_bytes=ROW_BYTES_SQL,
    version_row=version_row_sql("unhashed.item_id", "unhashed.version", columns=STORED_COLUMNS),
)
# Another request may hash the same items.
INSERT_HASHES = sql(
    "insert_item_hashes",
    """
INSERT INTO item_hash (team_id, item_id, version, hash)
SELECT i.team_id, i.id, n.version, n.hash
  FROM unnest(%(ids)s::uuid[], %(versions)s::bigint[], %(hashes)s::bytea[]) AS n (item_id, version, hash)
  JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = n.item_id
    ON CONFLICT DO NOTHING
""",
)
# Tables grow by the batch, so that a plan made at the first would soon be a bad one.
FORCE_CUSTOM_PLAN = sql(
    "force_custom_plan",
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)",
)


class Position(NamedTuple):
    """The item after which the search for unhashed ones continues."""

    after_time: datetime = datetime.min.replace(tzinfo=UTC)
    after_id: UUID = UUID(int=0)


def hash_items(snapshot: Mapping[str, Any], *, max_seconds: float) -> bool:
    """Hash the items of a revision that have no hash yet, at least one batch of them.

    Returns whether all have one. Erasures wait for one batch at most.
    """
    deadline, position = time.monotonic() + max_seconds, Position()
    while following := hash_batch(snapshot, position):
        if time.monotonic() >= deadline:
            return False
        position = following
    return True


def hash_batch(snapshot: Mapping[str, Any], position: Position) -> Position | None:
    """Return the position after the batch, or None if all items after `position` have a hash."""
    bounds = {"limit": BATCH_ROWS, "bytes": BATCH_BYTES}
    project_id = snapshot["project_id"]
    with transaction.atomic():
        execute(FORCE_CUSTOM_PLAN, {})
        share_erasure_lock(project_id)
        rows = fetch_all(READ_UNHASHED, {**snapshot, **position._asdict(), **bounds})
        if not rows:
            return None
        execute(INSERT_HASHES, {"project_id": project_id, **hash_columns(rows)})
    return Position(*rows[-1][:2])


def hash_columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    writer = CanonicalWriter()
    return {
        "ids": [row[1] for row in rows],
        "versions": [row[2] for row in rows],
        "hashes": [hash_item(writer, ItemContent._make(row[3:])) for row in rows],
    }


def hash_item(writer: CanonicalWriter, content: ItemContent) -> bytes:
    return hashlib.sha256(writer.item(content).encode()).digest()
