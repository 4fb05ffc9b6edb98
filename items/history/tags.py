"""Names for revisions."""

from uuid import UUID

from database.query import Row, fetch_one

# Of the dataset; no tag moves it on.
CURRENT_REVISION = "(SELECT revision FROM dataset_head WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s)"
FIND_TAG = "SELECT revision FROM dataset_tag WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND name = %(name)s"
CREATE_TAG = f"""
INSERT INTO dataset_tag (team_id, dataset_id, name, revision)
VALUES (%(project_id)s, %(dataset_id)s, %(name)s, %(revision)s) ON CONFLICT DO NOTHING
RETURNING {CURRENT_REVISION}
"""  # noqa: S608
MOVE_TAG = f"""
UPDATE dataset_tag SET revision = %(revision)s
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND name = %(name)s AND revision = %(old_revision)s
RETURNING {CURRENT_REVISION}
"""  # noqa: S608
DELETE_TAG = f"""
DELETE FROM dataset_tag WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND name = %(name)s
RETURNING {CURRENT_REVISION}
"""  # noqa: S608


def get_tag(project_id: int, dataset_id: UUID, name: str) -> int | None:
    return first_column(fetch_one(FIND_TAG, {"project_id": project_id, "dataset_id": dataset_id, "name": name}))


def create_tag(*, project_id: int, dataset_id: UUID, name: str, revision: int) -> int | None:
    """The dataset's revision, as of all these writes. None: the name is taken."""
    parameters = {"project_id": project_id, "dataset_id": dataset_id, "name": name, "revision": revision}
    return first_column(fetch_one(CREATE_TAG, parameters))


def move_tag(*, project_id: int, dataset_id: UUID, name: str, old_revision: int, revision: int) -> int | None:
    """None: the tag does not name revision `was` any more."""
    parameters = {
        "project_id": project_id,
        "dataset_id": dataset_id,
        "name": name,
        "old_revision": old_revision,
        "revision": revision,
    }
    return first_column(fetch_one(MOVE_TAG, parameters))


def delete_tag(*, project_id: int, dataset_id: UUID, name: str) -> int | None:
    """None: there is no such tag."""
    return first_column(fetch_one(DELETE_TAG, {"project_id": project_id, "dataset_id": dataset_id, "name": name}))


def first_column(row: Row | None) -> int | None:
    return row[0] if row else None
