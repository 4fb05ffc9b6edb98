"""Writes of a dataset itself: its name, description, metadata and whether it is deleted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from uuid_utils.compat import uuid7

from database.statements import execute, fetch_one
from items.models import DatasetRow, placeholder

CREATE = f"""
WITH created AS (
  INSERT INTO dataset ({", ".join(DatasetRow._fields)})
  VALUES ({", ".join(placeholder(column) for column in DatasetRow._fields)})
)
INSERT INTO dataset_head (team_id, dataset_id, revision, item_count) VALUES (%(team_id)s, %(id)s, 1, 0)
"""  # noqa: S608
TOUCH = """
UPDATE dataset SET updated_at = %(updated_at)s
 WHERE team_id = %(team_id)s AND id = %(id)s AND version = %(version)s
"""


def create_dataset(*, project_id: int, user_id: int, values: Mapping[str, Any]) -> DatasetRow:
    """One statement; the new dataset is at revision 1."""
    created_at = datetime.now(UTC)
    dataset = DatasetRow(
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
    execute(CREATE, dataset._asdict())
    return dataset


def update_dataset(*, dataset: DatasetRow, changes: Mapping[str, Any]) -> DatasetRow | None:
    """Writes the fields that differ, as a new version and revision; where none does, only updated_at moves.

    None: somebody else wrote the dataset since it was read; read and try again.
    """
    changed = {name: value for name, value in changes.items() if getattr(dataset, name) != value}
    target = dataset._replace(**changed, updated_at=datetime.now(UTC))
    if not changed:
        return target if execute(TOUCH, target._asdict()) else None
    row = fetch_one(update_statement(changed), target._asdict())
    return target._replace(version=dataset.version + 1) if row else None


def update_statement(changed: Mapping[str, Any]) -> str:
    assignments = ", ".join(f"{column} = {placeholder(column)}" for column in DatasetRow._fields if column in changed)
    return f"""
WITH written AS (
  UPDATE dataset SET {assignments}, updated_at = %(updated_at)s, version = version + 1
   WHERE team_id = %(team_id)s AND id = %(id)s AND version = %(version)s
  RETURNING team_id, id
)
UPDATE dataset_head h SET revision = h.revision + 1 FROM written
 WHERE h.team_id = %(team_id)s AND h.dataset_id = written.id
RETURNING h.revision
"""  # noqa: S608
