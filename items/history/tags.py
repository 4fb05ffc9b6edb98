"""Names for revisions."""

from uuid import UUID

from database.statements import execute, fetch_one

FIND = "SELECT revision FROM dataset_tag WHERE team_id = %(team)s AND dataset_id = %(dataset)s AND name = %(name)s"
CREATE = """
INSERT INTO dataset_tag (team_id, dataset_id, name, revision)
VALUES (%(team)s, %(dataset)s, %(name)s, %(revision)s) ON CONFLICT DO NOTHING
"""
MOVE = """
UPDATE dataset_tag SET revision = %(revision)s
 WHERE team_id = %(team)s AND dataset_id = %(dataset)s AND name = %(name)s AND revision = %(was)s
"""
DELETE = "DELETE FROM dataset_tag WHERE team_id = %(team)s AND dataset_id = %(dataset)s AND name = %(name)s"


def find_tag(project_id: int, dataset_id: UUID, name: str) -> int | None:
    row = fetch_one(FIND, {"team": project_id, "dataset": dataset_id, "name": name})
    return row[0] if row else None


def create_tag(*, project_id: int, dataset_id: UUID, name: str, revision: int) -> bool:
    """False: the name is taken."""
    parameters = {"team": project_id, "dataset": dataset_id, "name": name, "revision": revision}
    return execute(CREATE, parameters) == 1


def move_tag(*, project_id: int, dataset_id: UUID, name: str, was: int, revision: int) -> bool:
    """False: the tag does not name revision `was` any more."""
    parameters = {"team": project_id, "dataset": dataset_id, "name": name, "was": was, "revision": revision}
    return execute(MOVE, parameters) == 1


def delete_tag(*, project_id: int, dataset_id: UUID, name: str) -> bool:
    return execute(DELETE, {"team": project_id, "dataset": dataset_id, "name": name}) == 1
