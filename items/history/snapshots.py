"""Resolve a revision of a dataset by its number, by a tag or by a time."""

import re
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from database.query import fetch_all, fetch_one
from database.sql import sql
from items.rows import DatasetRef
from rest.pagination import MAX_OFFSET

REVISION_NUMBER = re.compile(r"[0-9]+")
# The largest bigint, beyond any revision or version.
MAX_BIGINT = 2**63 - 1
# Names the newest revision wherever a revision is given; no tag may have this name.
LATEST = "latest"
TAG_PATTERN = re.compile(r"(?![0-9]+$|latest$)[a-z0-9._-]{1,64}")
# Matches numbers, tags and `latest`, for the OpenAPI file.
REVISION_PATTERN = r"^([0-9]+|[a-z0-9._-]{1,64})$"

SNAPSHOT_COLUMNS = """
SELECT revision, item_count, created_at,
       (SELECT touch_count FROM dataset_head WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s)
  FROM dataset_change
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND position = 0
"""
# Revision 0 is the dataset before its first item; no write made it.
INITIAL = sql(
    "find_initial_snapshot",
    """
SELECT 0::bigint, 0::bigint, NULL::timestamptz, touch_count FROM dataset_head
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
""",
)
FIND_LATEST = sql(
    "find_latest_revision",
    "SELECT revision FROM dataset_head WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s",
)
BY_NUMBER = sql("find_snapshot_by_number", "$snapshot AND revision = %(revision)s", snapshot=SNAPSHOT_COLUMNS)
# With a join, the planner might scan all revisions up to the tagged one.
BY_TAG = sql(
    "find_snapshot_by_tag",
    """
$snapshot AND revision = (SELECT revision FROM dataset_tag
                           WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND name = %(tag)s)
""",
    snapshot=SNAPSHOT_COLUMNS,
)
BY_TIME = sql(
    "find_snapshot_by_time",
    "$snapshot AND created_at <= %(time)s ORDER BY created_at DESC LIMIT 1",
    snapshot=SNAPSHOT_COLUMNS,
)
LIST_REVISIONS = sql(
    "list_revisions",
    """
SELECT h.revision, c.revision, c.created_at, c.created_by_id, c.created, c.updated, c.archived, c.restored,
       c.message, ARRAY(SELECT t.name::text FROM dataset_tag t
              WHERE t.team_id = %(project_id)s AND t.dataset_id = %(dataset_id)s AND t.revision = c.revision
              ORDER BY t.name)
  FROM dataset_head h
  LEFT JOIN LATERAL (
    SELECT * FROM dataset_change
     WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND position = 0
       AND revision <= h.revision - %(offset)s
     ORDER BY revision DESC LIMIT %(limit)s
  ) c ON true
 WHERE h.team_id = %(project_id)s AND h.dataset_id = %(dataset_id)s
""",
)


class Snapshot(NamedTuple):
    """A revision of a dataset: the number of live items at it, and when it was made.

    touch_count is the current one: revisions do not record writes without effect, but such a write moves an item's
    updated_at, which lists of past revisions show.
    """

    revision: int
    item_count: int
    created_at: Any  # None at revision 0
    touch_count: int = 0


# The state before a dataset's first revision, as at revision 0: an empty list.
EMPTY_SNAPSHOT = Snapshot(0, 0, None)


class Revision(NamedTuple):
    revision: int
    created_at: Any
    created_by_id: int | None
    created: int
    updated: int
    archived: int
    restored: int
    message: str | None
    tags: list[str]


class RevisionNotFound(Exception):
    """The dataset has no such revision, or no such tag."""


class InvalidRevision(ValueError):
    """The text is neither a number nor a valid tag."""


def parse_number(digits: str) -> int:
    """Return MAX_BIGINT for any larger number; neither exists."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= 18 else MAX_BIGINT


def resolve_revision(project_id: int, dataset_id: UUID, text: str) -> Snapshot:
    """Resolve a revision's number from 0 on, a tag, or `latest`. Raises RevisionNotFound and InvalidRevision."""
    parameters = DatasetRef(project_id, dataset_id).parameters
    if text == LATEST:
        # Fix the number now: concurrent writers may add revisions.
        text = find_latest(parameters)
    if REVISION_NUMBER.fullmatch(text):
        number = parse_number(text)
        row = fetch_one(BY_NUMBER, parameters | {"revision": number}) if number else fetch_one(INITIAL, parameters)
    elif TAG_PATTERN.fullmatch(text):
        row = fetch_one(BY_TAG, parameters | {"tag": text})
    else:
        raise InvalidRevision(text)
    if row is None:
        raise RevisionNotFound(text)
    return Snapshot._make(row)


def find_latest(parameters: dict[str, Any]) -> str:
    row = fetch_one(FIND_LATEST, parameters)
    if row is None:
        raise RevisionNotFound(LATEST)
    return str(row[0])


def resolve_time(project_id: int, dataset_id: UUID, time: datetime) -> Snapshot:
    """Return the newest revision made at or before the time, or EMPTY_SNAPSHOT."""
    row = fetch_one(BY_TIME, DatasetRef(project_id, dataset_id).parameters | {"time": time})
    return Snapshot._make(row) if row else EMPTY_SNAPSHOT


def list_revisions(project_id: int, dataset_id: UUID, *, limit: int, offset: int) -> tuple[int, list[Revision]] | None:
    """Return the number of revisions and one page of them, newest first; None if the dataset does not exist.

    Runs one statement. Revisions are numbered without gaps, so the number of the newest one is the count.
    """
    page = {"limit": limit, "offset": min(offset, MAX_OFFSET)}
    rows = fetch_all(LIST_REVISIONS, DatasetRef(project_id, dataset_id).parameters | page)
    if not rows:
        return None
    return rows[0][0], [Revision._make(row[1:]) for row in rows if row[1] is not None]
