"""Writes of a dataset's own fields: its name, description, metadata and whether it is deleted.

They increment the dataset's own version, which is its ETag. Revisions count only writes of items.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from database.query import execute, fetch_one
from database.sql import fragment, sql, sql_shape
from items.rows import DatasetRow, assignments_sql, placeholder

NO_DATASET = UUID(int=0)
COUNT_DATASET_SQL = """
INSERT INTO project_head (team_id, dataset_count, archived_dataset_count)
VALUES (%(project_id)s, 1 - %(is_archived)s, %(is_archived)s)
ON CONFLICT (team_id) DO UPDATE
   SET dataset_count = project_head.dataset_count + 1 - %(is_archived)s,
       archived_dataset_count = project_head.archived_dataset_count + %(is_archived)s"""
COUNT_DATASET = sql("count_dataset", COUNT_DATASET_SQL)
INSERT_DATASET_SQL = """
WITH dataset_row AS (
  INSERT INTO dataset ($columns) VALUES ($values)
)$counted
INSERT INTO dataset_head (team_id, dataset_id, revision, item_count, changed_at, touch_count, schema_version)
VALUES (%(project_id)s, %(dataset_id)s, %(revision)s, %(item_count)s, %(changed_at)s, 0, %(schema_version)s)
"""
INSERT_DATASET_PARTS = {
    "columns": ", ".join(DatasetRow._fields),
    "values": ", ".join(map(placeholder, DatasetRow._fields)),
}
CREATE_DATASET = sql(
    "create_dataset", INSERT_DATASET_SQL, counted=f", counted AS ({COUNT_DATASET_SQL})", **INSERT_DATASET_PARTS
)
INSERT_DATASET = sql("insert_dataset", INSERT_DATASET_SQL, counted="", **INSERT_DATASET_PARTS)
# Where its liveness changes; nothing is counted where the dataset was written since it was read.
COUNT_ARCHIVAL = fragment(
    """, counted AS (
  UPDATE project_head
     SET dataset_count = dataset_count + %(live_delta)s,
         archived_dataset_count = archived_dataset_count - %(live_delta)s
   WHERE team_id = %(project_id)s AND EXISTS (SELECT FROM written)
)"""
)
CURRENT_REVISION = "(SELECT revision FROM dataset_head WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s)"
# Only one writer of the project at a time checks and takes a name. Rows that refer to the project do not wait.
LOCK_NAMES = sql("lock_dataset_names", "SELECT FROM api_auth_project WHERE id = %(project_id)s FOR NO KEY UPDATE")
FIND_NAME = sql(
    "find_dataset_name",
    "SELECT FROM dataset WHERE team_id = %(project_id)s AND name = %(name)s AND id <> %(dataset_id)s LIMIT 1",
)
TOUCH_DATASET = sql(
    "touch_dataset",
    """
UPDATE dataset SET updated_at = %(updated_at)s
 WHERE team_id = %(project_id)s AND id = %(dataset_id)s AND version = %(version)s
RETURNING $current_revision
""",
    current_revision=CURRENT_REVISION,
)


class DatasetNameTaken(Exception):
    """Another dataset of the project, perhaps archived, has the name."""


class DatasetWriteResult(NamedTuple):
    dataset: DatasetRow
    revision: int


@contextmanager
def reserved_name(project_id: int, name: str, *, dataset_id: UUID = NO_DATASET) -> Iterator[None]:
    """Open a transaction in which no other dataset takes the name. Raises DatasetNameTaken.

    Applies among writers that reserve names; v1's do not, so they may use a name twice.
    """
    with transaction.atomic():
        execute(LOCK_NAMES, {"project_id": project_id})
        if fetch_one(FIND_NAME, {"project_id": project_id, "name": name, "dataset_id": dataset_id}) is not None:
            raise DatasetNameTaken
        yield


def new_dataset(*, project_id: int, user_id: int, values: Mapping[str, Any]) -> DatasetRow:
    """Build the row of a new dataset."""
    created_at = datetime.now(UTC)
    return DatasetRow(
        team_id=project_id,
        id=uuid7(),
        name=values["name"],
        description=values.get("description"),
        metadata=values.get("metadata"),
        created_at=created_at,
        updated_at=datetime.now(UTC),
        deleted=values.get("deleted", False),
        created_by_id=user_id,
        version=1,
        labels=values.get("labels", []),
    )


def create_dataset(*, project_id: int, user_id: int, values: Mapping[str, Any]) -> DatasetRow:
    """Create a dataset at revision 0 with one statement."""
    dataset = new_dataset(project_id=project_id, user_id=user_id, values=values)
    head = {"revision": 0, "item_count": 0, "changed_at": dataset.updated_at, "schema_version": 0}
    execute(CREATE_DATASET, dataset.parameters | head | {"is_archived": int(not is_live(dataset))})
    return dataset


def insert_dataset(dataset: DatasetRow, **head: Any) -> None:
    """Insert a dataset that is not counted yet; count_dataset() is to follow at the end of the transaction."""
    execute(INSERT_DATASET, dataset.parameters | head)


def count_dataset(dataset: DatasetRow) -> None:
    execute(COUNT_DATASET, {"project_id": dataset.team_id, "is_archived": int(not is_live(dataset))})


def is_live(dataset: DatasetRow) -> bool:
    return dataset.deleted is not True


def update_dataset(*, dataset: DatasetRow, new_values: Mapping[str, Any]) -> DatasetWriteResult | None:
    """Write the fields that differ, as a new version; if none do, only move updated_at.

    Returns None if the dataset was written since it was read: read it again and retry.
    """
    changed = {name: value for name, value in new_values.items() if getattr(dataset, name) != value}
    new = dataset._replace(**changed, updated_at=datetime.now(UTC))
    live_delta = is_live(new) - is_live(dataset)
    statement = update_dataset_sql(changed, is_archival=live_delta != 0) if changed else TOUCH_DATASET
    row = fetch_one(statement, new.parameters | {"live_delta": live_delta})
    if row is None:
        return None
    return DatasetWriteResult(new._replace(version=dataset.version + bool(changed)), row[0])


def update_dataset_sql(changed: Collection[str], *, is_archival: bool) -> str:
    return sql_shape(
        "update_dataset",
        """
WITH written AS (
  UPDATE dataset SET $assignments, updated_at = %(updated_at)s, version = version + 1
   WHERE team_id = %(project_id)s AND id = %(dataset_id)s AND version = %(version)s
  RETURNING $current_revision AS revision
)$counted
SELECT revision FROM written
""",
        counted=COUNT_ARCHIVAL if is_archival else "",
        assignments=assignments_sql(DatasetRow._fields, changed),
        current_revision=CURRENT_REVISION,
    )
