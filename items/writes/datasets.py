"""Writes of a dataset itself: its name, description, metadata and whether it is deleted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from uuid_utils.compat import uuid7

from database.query import execute, fetch_one
from items.models import DatasetRow, assignments_sql, placeholder
from items.writes.item_statements import NEXT_TIME

INSERT_DATASET_CTE = f"""dataset_row AS (
  INSERT INTO dataset ({", ".join(DatasetRow._fields)})
  VALUES ({", ".join(placeholder(column) for column in DatasetRow._fields)})
)"""  # noqa: S608
CREATE_DATASET = f"""
WITH {INSERT_DATASET_CTE}, head AS (
  INSERT INTO dataset_head (team_id, dataset_id, revision, item_count, changed_at, touch_count)
  VALUES (%(team_id)s, %(id)s, 1, 0, %(updated_at)s, 0)
)
INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, created_at, created_by_id, item_count,
                            created, updated, archived, restored)
VALUES (%(team_id)s, %(id)s, 1, 0, 'dataset_created', %(updated_at)s, %(created_by_id)s, 0, 0, 0, 0, 0)
"""  # noqa: S608
TOUCH_DATASET = """
UPDATE dataset SET updated_at = %(updated_at)s
 WHERE team_id = %(team_id)s AND id = %(id)s AND version = %(version)s
RETURNING (SELECT revision FROM dataset_head WHERE team_id = %(team_id)s AND dataset_id = %(id)s)
"""


class DatasetWriteResult(NamedTuple):
    dataset: DatasetRow
    revision: int


def new_dataset(*, project_id: int, user_id: int, values: Mapping[str, Any]) -> DatasetRow:
    """The row of a dataset that is to be written."""
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
    )


def create_dataset(*, project_id: int, user_id: int, values: Mapping[str, Any]) -> DatasetRow:
    """One statement; the new dataset is at revision 1."""
    dataset = new_dataset(project_id=project_id, user_id=user_id, values=values)
    execute(CREATE_DATASET, dataset._asdict())
    return dataset


def update_dataset(*, dataset: DatasetRow, user_id: int, new_values: Mapping[str, Any]) -> DatasetWriteResult | None:
    """Writes the fields that differ, as a new version and revision; where none does, only updated_at moves.

    None: somebody else wrote the dataset since it was read; read and try again.
    """
    changed = {name: value for name, value in new_values.items() if getattr(dataset, name) != value}
    new = dataset._replace(**changed, updated_at=datetime.now(UTC))
    statement = update_dataset_sql(changed) if changed else TOUCH_DATASET
    row = fetch_one(statement, new._asdict() | {"user_id": user_id})
    if row is None:
        return None
    return DatasetWriteResult(new._replace(version=dataset.version + bool(changed)), row[0])


def update_dataset_sql(changed: Mapping[str, Any]) -> str:
    return f"""
WITH updated AS (
  UPDATE dataset SET {assignments_sql(DatasetRow._fields, changed)}, updated_at = %(updated_at)s, version = version + 1
   WHERE team_id = %(team_id)s AND id = %(id)s AND version = %(version)s
  RETURNING id
), head AS (
  UPDATE dataset_head h SET revision = h.revision + 1, changed_at = {NEXT_TIME} FROM updated
   WHERE h.team_id = %(team_id)s AND h.dataset_id = updated.id
  RETURNING h.revision, h.changed_at, h.item_count
)
INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, created_at, created_by_id, item_count,
                            created, updated, archived, restored)
SELECT %(team_id)s, %(id)s, revision, 0, 'dataset_updated', changed_at, %(user_id)s, item_count, 0, 0, 0, 0 FROM head
RETURNING revision
"""  # noqa: S608
