"""Names for revisions."""

from uuid import UUID

from database.statements import Row, fetch_one

# Of the dataset; no tag moves it on.
PRESENT = "(SELECT revision FROM dataset_head WHERE team_id = %(team)s AND dataset_id = %(dataset)s)"
FIND = "SELECT revision FROM dataset_tag WHERE team_id = %(team)s AND dataset_id = %(dataset)s AND name = %(name)s"
CREATE = f"""
INSERT INTO dataset_tag (team_id, dataset_id, name, revision)
VALUES (%(team)s, %(dataset)s, %(name)s, %(revision)s) ON CONFLICT DO NOTHING
RETURNING {PRESENT}
"""  # noqa: S608
MOVE = f"""
UPDATE dataset_tag SET revision = %(revision)s
 WHERE team_id = %(team)s AND dataset_id = %(dataset)s AND name = %(name)s AND revision = %(was)s
RETURNING {PRESENT}
"""  # noqa: S608
DELETE = f"""
DELETE FROM dataset_tag WHERE team_id = %(team)s AND dataset_id = %(dataset)s AND name = %(name)s
RETURNING {PRESENT}
"""  # noqa: S608


def find_tag(project_id: int, dataset_id: UUID, name: str) -> int | None:
    return number_of(fetch_one(FIND, {"team": project_id, "dataset": dataset_id, "name": name}))


def create_tag(*, project_id: int, dataset_id: UUID, name: str, revision: int) -> int | None:
    """The dataset's revision, as of all these writes. None: the name is taken."""
    parameters = {"team": project_id, "dataset": dataset_id, "name": name, "revision": revision}
    return number_of(fetch_one(CREATE, parameters))


def move_tag(*, project_id: int, dataset_id: UUID, name: str, was: int, revision: int) -> int | None:
    """None: the tag does not name revision `was` any more."""
    parameters = {"team": project_id, "dataset": dataset_id, "name": name, "was": was, "revision": revision}
    return number_of(fetch_one(MOVE, parameters))


def delete_tag(*, project_id: int, dataset_id: UUID, name: str) -> int | None:
    """None: there is no such tag."""
    return number_of(fetch_one(DELETE, {"team": project_id, "dataset": dataset_id, "name": name}))


def number_of(row: Row | None) -> int | None:
    return row[0] if row else None
