"""Create a dataset with the items that another one had at a revision."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from uuid_utils import uuid7

from database.backend.timeouts import statement_timeout
from database.columns import UUIDColumn
from database.query import fetch_one
from database.sql import sql, sql_shape
from items.erasure.copies import share_erasure_lock
from items.history.as_of import VALID_AT_REVISION, snapshot_parameters, version_row_sql
from items.history.snapshots import Snapshot
from items.models import DatasetSchema
from items.quotas import project_usage
from items.revision_message import revision_message
from items.rows import ItemRow
from items.search.conditions import NO_CONDITIONS, Conditions
from items.search.selection import Selection
from items.validation.cache import get_schemas_as_of
from items.writes.datasets import DatasetWriteResult, count_dataset, insert_dataset, new_dataset
from items.writes.ledger import END, INSERT_CHANGES, INSERT_ITEMS, INSERT_VALIDITY, ITEM_COLUMNS

# Items per statement: their new ids are made here, and PostgreSQL keeps the list of them in its working memory.
BATCH_ROWS = 5000
# Sorts before every item.
START_KEY = {"after_time": datetime.min.replace(tzinfo=UTC), "after_id": UUID(int=0)}
FORK_REVISION = 1

# The values of a copied item `x`: keys are those of the new dataset, the others those of the version.
OWN_VALUES = {
    "team_id": "h.team_id",
    "id": "copied.new_id",
    "dataset_id": "h.dataset_id",
    "version": "1",
    "revision": "1",
}
COPIED_VALUES = ", ".join(OWN_VALUES.get(column, f"x.{column}") for column in ItemRow._fields)
COPY_BATCH = """
WITH copied AS (
  SELECT item_id, version, created_at, number + %(start)s AS position,
         (%(new_ids)s::uuid[])[number + 1] AS new_id FROM (
    SELECT *, (row_number() OVER (ORDER BY created_at, item_id) - 1)::int AS number FROM (
      SELECT item_id, version, created_at FROM item_validity
       WHERE $valid_at_revision AND $is_selected AND created_at >= %(after_time)s
         AND (created_at > %(after_time)s OR item_id > %(after_id)s)
       ORDER BY created_at, item_id LIMIT %(limit)s
    ) page
  ) numbered
), items AS (
  $insert_items
  SELECT $values
    FROM dataset_head h CROSS JOIN copied CROSS JOIN LATERAL ($version_row) x
   WHERE h.team_id = %(project_id)s AND h.dataset_id = %(fork_id)s
), validity AS (
  $insert_validity
  SELECT h.team_id, h.dataset_id, copied.created_at, copied.new_id, 1, $revision, $end
    FROM dataset_head h CROSS JOIN copied WHERE h.team_id = %(project_id)s AND h.dataset_id = %(fork_id)s
), origins AS (
  INSERT INTO item_fork_origin (team_id, id, origin_dataset_id, origin_revision, origin_item_id, origin_version)
  SELECT h.team_id, copied.new_id, %(dataset_id)s, %(revision)s, copied.item_id, copied.version
    FROM dataset_head h CROSS JOIN copied WHERE h.team_id = %(project_id)s AND h.dataset_id = %(fork_id)s
), sources AS (
  INSERT INTO item_source (team_id, item_id, dataset_id, client_item_id, source_output)
  SELECT h.team_id, copied.new_id, h.dataset_id, s.client_item_id, s.source_output
    FROM dataset_head h CROSS JOIN copied
    JOIN item_source s ON s.team_id = %(project_id)s AND s.item_id = copied.item_id
   WHERE h.team_id = %(project_id)s AND h.dataset_id = %(fork_id)s
     AND EXISTS (SELECT FROM item_source WHERE team_id = %(project_id)s)
), logged AS (
  $insert_changes
  SELECT h.team_id, h.dataset_id, $revision, copied.position, 'created', copied.new_id, 1,
         CASE WHEN copied.position = 0 THEN h.changed_at END,
         CASE WHEN copied.position = 0 THEN %(user_id)s::bigint END,
         CASE WHEN copied.position = 0 THEN h.item_count END,
         CASE WHEN copied.position = 0 THEN h.item_count ELSE 0 END, 0, 0, 0,
         CASE WHEN copied.position = 0 THEN %(message)s::text END
    FROM dataset_head h CROSS JOIN copied WHERE h.team_id = %(project_id)s AND h.dataset_id = %(fork_id)s
)
SELECT created_at, item_id FROM copied ORDER BY created_at DESC, item_id DESC LIMIT 1
"""
PARTS = {
    "valid_at_revision": VALID_AT_REVISION,
    "insert_items": INSERT_ITEMS,
    "values": COPIED_VALUES,
    # Of the two tables, the second is read only if the first has no such row. JSON stays as it is stored: casts to text
    # and back would decompress, check and compress it.
    "version_row": version_row_sql("copied.item_id", "copied.version", columns=ITEM_COLUMNS) + " LIMIT 1",
    "insert_validity": INSERT_VALIDITY,
    "revision": str(FORK_REVISION),
    "end": END,
    "insert_changes": INSERT_CHANGES,
}
COPY_ALL = sql("copy_items_to_fork", COPY_BATCH, is_selected="true", **PARTS)


def copy_batch_sql(selection: Selection) -> str:
    if selection.is_whole:
        return COPY_ALL
    is_selected = selection.in_selection_sql("item_validity.item_id", "item_validity.version")
    return sql_shape("copy_selected_items_to_fork", COPY_BATCH, is_selected=is_selected, **PARTS)


def fork_dataset(
    *,
    project_id: int,
    user_id: int,
    source: UUID,
    snapshot: Snapshot,
    values: Mapping[str, Any],
    conditions: Conditions = NO_CONDITIONS,
) -> DatasetWriteResult:
    """Fork in one transaction and one revision, or revision 0 without items. Memory is bounded for any dataset.

    Items keep their content, order and created_at, but get new ids. The schemas in force at the snapshot's revision,
    which the copied items satisfy, are copied too. Raises SearchTimeout and QuotaExceeded.
    """
    dataset = new_dataset(project_id=project_id, user_id=user_id, values=values)
    selection = Selection.resolve(project_id, source, snapshot, conditions)
    count = selection.number_of_items(project_id, source, snapshot)
    revision = FORK_REVISION if count else 0
    if usage := project_usage(project_id):
        usage.add_copies(count)
    with statement_timeout(0):
        share_erasure_lock(project_id)
        schemas = get_schemas_as_of(project_id, source, snapshot.revision)
        insert_dataset(
            dataset,
            revision=revision,
            item_count=count,
            # A revision is never older than an item that it lists.
            changed_at=max(dataset.updated_at, snapshot.created_at or dataset.updated_at),
            schema_version=int(bool(schemas.fields)),
        )
        if schemas.fields:
            owned = {"version": 1, "revision": 0, "created_at": dataset.updated_at, "created_by_id": user_id}
            of_fork = {"team_id": project_id, "dataset_id": dataset.id}
            DatasetSchema.objects.create(**schemas._asdict() | owned | of_fork)
        fork = {"fork_id": dataset.id, "user_id": user_id, "message": revision_message.get()}
        parameters = snapshot_parameters(project_id, source, snapshot) | selection.parameters | fork
        copy_items(copy_batch_sql(selection), parameters, count)
        # Last, since other datasets of the project wait to be counted meanwhile.
        count_dataset(dataset)
    return DatasetWriteResult(dataset, revision)


def copy_items(statement: str, parameters: dict[str, Any], count: int) -> None:
    """Copy oldest first in batches: concurrent writes do not affect a past revision."""
    key: dict[str, Any] = dict(START_KEY)
    for start, limit in batches(count):
        batch = {"start": start, "limit": limit, "new_ids": UUIDColumn(uuid7() for _ in range(limit))}
        row = fetch_one(statement, parameters | key | batch)
        assert row is not None  # noqa: S101  the snapshot's count is exact
        key = {"after_time": row[0], "after_id": row[1]}


def batches(count: int) -> Iterator[tuple[int, int]]:
    """Yield the first index and the length of each batch."""
    return ((start, min(BATCH_ROWS, count - start)) for start in range(0, count, BATCH_ROWS))
