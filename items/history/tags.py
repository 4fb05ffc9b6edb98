"""Names for revisions. A write to a tag makes no revision."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from database.query import Row, fetch_one
from database.sql import sql
from items.models import DatasetTag
from items.rows import DatasetRef

CURRENT_REVISION = "(SELECT revision FROM dataset_head WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s)"
CREATE_TAG = sql(
    "create_tag",
    """
WITH tag AS (
  INSERT INTO dataset_tag (team_id, dataset_id, name, revision, created_at, created_by_id)
  VALUES (%(project_id)s, %(dataset_id)s, %(name)s, %(revision)s, %(created_at)s, %(user_id)s)
  ON CONFLICT DO NOTHING
  RETURNING team_id, dataset_id
)
SELECT h.revision FROM dataset_head h JOIN tag ON h.team_id = tag.team_id AND h.dataset_id = tag.dataset_id
 WHERE h.team_id = %(project_id)s AND h.dataset_id = %(dataset_id)s
""",
)
MOVE_TAG = sql(
    "move_tag",
    """
UPDATE dataset_tag SET revision = %(revision)s
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND name = %(name)s AND revision = %(old_revision)s
RETURNING $current_revision
""",
    current_revision=CURRENT_REVISION,
)
DELETE_TAG = sql(
    "delete_tag",
    """
DELETE FROM dataset_tag WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND name = %(name)s
RETURNING $current_revision
""",
    current_revision=CURRENT_REVISION,
)


def tags_of(project_id: int, dataset_id: UUID) -> QuerySet[DatasetTag]:
    return DatasetTag.objects.filter(team_id=project_id, dataset_id=dataset_id).order_by("name")


def get_tag(project_id: int, dataset_id: UUID, name: str) -> int | None:
    """Return the revision that the tag names, or None."""
    return tags_of(project_id, dataset_id).filter(name=name).values_list("revision", flat=True).first()


class Tag(NamedTuple):
    name: str
    revision: int
    created_at: datetime
    created_by_id: int | None


def list_tags(project_id: int, dataset_id: UUID, *, limit: int, offset: int) -> tuple[int, list[Tag]]:
    """Return the number of tags and one page of them, in order of name."""
    tags = tags_of(project_id, dataset_id)
    page = tags.values_list(*Tag._fields)[offset : offset + limit]
    return tags.count(), [Tag._make(row) for row in page]


def find_tag(project_id: int, dataset_id: UUID, name: str) -> Tag | None:
    row = tags_of(project_id, dataset_id).filter(name=name).values_list(*Tag._fields).first()
    return row and Tag._make(row)


def create_tag(
    *, project_id: int, dataset_id: UUID, name: str, revision: int, user_id: int | None = None
) -> int | None:
    """Return the dataset's revision, or None if the name is taken."""
    tag = {"name": name, "revision": revision, "created_at": datetime.now(UTC), "user_id": user_id}
    return first_column(fetch_one(CREATE_TAG, DatasetRef(project_id, dataset_id).parameters | tag))


def move_tag(*, project_id: int, dataset_id: UUID, name: str, old_revision: int, revision: int) -> int | None:
    """Return the dataset's revision, or None if the tag no longer names `old_revision`."""
    tag = {"name": name, "old_revision": old_revision, "revision": revision}
    return first_column(fetch_one(MOVE_TAG, DatasetRef(project_id, dataset_id).parameters | tag))


def delete_tag(*, project_id: int, dataset_id: UUID, name: str) -> int | None:
    """Return the dataset's revision, or None if there is no such tag."""
    return first_column(fetch_one(DELETE_TAG, DatasetRef(project_id, dataset_id).parameters | {"name": name}))


def first_column(row: Row | None) -> int | None:
    return row[0] if row else None
