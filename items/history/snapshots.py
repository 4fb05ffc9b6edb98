"""Which revision of a dataset is meant: by its number, by a tag, or by a time."""

import re
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from database.query import fetch_all, fetch_one
from rest.pagination import MAX_OFFSET

REVISION_NUMBER = re.compile(r"[0-9]+")
# As far as PostgreSQL counts, and beyond any revision or version.
MAX_BIGINT = 2**63 - 1
TAG_PATTERN = re.compile(r"(?![0-9]+$)[a-z0-9._-]{1,64}")
# Either, for the OpenAPI file.
REVISION_PATTERN = r"^([0-9]+|[a-z0-9._-]{1,64})$"

SELECT_SNAPSHOT = """
SELECT revision, item_count, created_at,
       (SELECT touch_count FROM dataset_head WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s)
  FROM dataset_change
"""
BY_NUMBER = f"""{SELECT_SNAPSHOT}
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND revision = %(revision)s AND position = 0
"""
# A join would be planned by where the tags stand, also as a walk through the revisions up to the tagged one.
BY_TAG = f"""{SELECT_SNAPSHOT}
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND position = 0
   AND revision = (SELECT revision FROM dataset_tag
                    WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND name = %(tag)s)
"""  # noqa: S608
BY_TIME = f"""{SELECT_SNAPSHOT}
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND position = 0 AND created_at <= %(time)s
 ORDER BY created_at DESC LIMIT 1
"""
LIST_REVISIONS = """
SELECT h.revision, c.revision, c.created_at, c.created_by_id, c.created, c.updated, c.archived, c.restored,
       ARRAY(SELECT t.name::text FROM dataset_tag t
              WHERE t.team_id = %(project_id)s AND t.dataset_id = %(dataset_id)s AND t.revision = c.revision ORDER BY t.name)
  FROM dataset_head h
  LEFT JOIN LATERAL (
    SELECT * FROM dataset_change
     WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND position = 0 AND revision <= h.revision - %(offset)s
     ORDER BY revision DESC LIMIT %(limit)s
  ) c ON true
 WHERE h.team_id = %(project_id)s AND h.dataset_id = %(dataset_id)s
"""


class Snapshot(NamedTuple):
    """A revision of a dataset, how many items its list showed then, and when it was made.

    touch_count: of now. No revision remembers a write without effect, yet a past list shows the updated_at that it moved.
    """

    revision: int
    item_count: int
    created_at: Any
    touch_count: int = 0


# Before a dataset's first revision: an empty list.
EMPTY_SNAPSHOT = Snapshot(0, 0, None)


class Revision(NamedTuple):
    revision: int
    created_at: Any
    created_by_id: int | None
    created: int
    updated: int
    archived: int
    restored: int
    tags: list[str]


class RevisionNotFound(Exception):
    """The dataset has no such revision, or no such tag."""


class InvalidRevision(ValueError):
    """Neither a number nor a possible tag."""


def parse_number(digits: str) -> int:
    """One that is too large to be stored is as unknown as MAX_NUMBER."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= 18 else MAX_BIGINT


def resolve_revision(project_id: int, dataset_id: UUID, text: str) -> Snapshot:
    """A revision's number or a tag. Raises UnknownRevision and MalformedRevision."""
    parameters: dict[str, Any] = {"project_id": project_id, "dataset_id": dataset_id}
    if REVISION_NUMBER.fullmatch(text):
        row = fetch_one(BY_NUMBER, parameters | {"revision": parse_number(text)})
    elif TAG_PATTERN.fullmatch(text):
        row = fetch_one(BY_TAG, parameters | {"tag": text})
    else:
        raise InvalidRevision(text)
    if row is None:
        raise RevisionNotFound(text)
    return Snapshot._make(row)


def resolve_time(project_id: int, dataset_id: UUID, time: datetime) -> Snapshot:
    """The newest revision that was not made later than the time."""
    row = fetch_one(BY_TIME, {"project_id": project_id, "dataset_id": dataset_id, "time": time})
    return Snapshot._make(row) if row else EMPTY_SNAPSHOT


def list_revisions(project_id: int, dataset_id: UUID, *, limit: int, offset: int) -> tuple[int, list[Revision]]:
    """How many there are, and a page of them, newest first. One statement; no revision is ever missing."""
    parameters = {"project_id": project_id, "dataset_id": dataset_id, "limit": limit, "offset": min(offset, MAX_OFFSET)}
    rows = fetch_all(LIST_REVISIONS, parameters)
    revisions = [Revision._make(row[1:]) for row in rows if row[1] is not None]
    return (rows[0][0] if rows else 0), revisions
