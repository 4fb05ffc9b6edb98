"""Find copies of items made by forks, and copies of those, anywhere in the project."""

from collections.abc import Collection
from uuid import UUID

from rest_framework.serializers import ValidationError

from database.query import execute, fetch_all
from database.sql import sql

MAX_COPIES = 100_000
FIND_COPIES = sql(
    "find_copies",
    "SELECT id FROM item_fork_origin WHERE team_id = %(project_id)s AND origin_item_id = ANY(%(ids)s) LIMIT %(limit)s",
)
# A fork or digest in progress would restore what is being erased, or a hash of it: forks and digests share this lock,
# and an erasure takes it exclusively.
LOCK_KEY = "hashtextextended('erasure in project ' || %(project_id)s::bigint, 0)"
SHARE_ERASURE_LOCK = sql("share_erasure_lock", "SELECT pg_advisory_xact_lock_shared($key)", key=LOCK_KEY)
TAKE_ERASURE_LOCK = sql("take_erasure_lock", "SELECT pg_advisory_xact_lock($key)", key=LOCK_KEY)


def share_erasure_lock(project_id: int) -> None:
    """Keep erasures from starting until the end of the transaction."""
    execute(SHARE_ERASURE_LOCK, {"project_id": project_id})


def take_erasure_lock(project_id: int) -> None:
    """Wait for all forks and digests of the project, and keep new ones waiting until the end of the transaction."""
    execute(TAKE_ERASURE_LOCK, {"project_id": project_id})


def find_copies(project_id: int, ids: Collection[UUID]) -> list[UUID]:
    """Return copies other than the given items. Raises ValidationError for too many."""
    known = set(ids)
    copies: list[UUID] = []
    origins = list(ids)
    while origins:
        parameters = {"project_id": project_id, "ids": origins, "limit": MAX_COPIES + 1}
        origins = [row[0] for row in fetch_all(FIND_COPIES, parameters) if row[0] not in known]
        known.update(origins)
        copies += origins
        if len(copies) > MAX_COPIES:
            detail = f"At most {MAX_COPIES:,} copies can be erased at once. Erase fewer items, or each fork by itself."
            raise ValidationError({"copies": [detail]}, code="too_many_items")
    return copies
