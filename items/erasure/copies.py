"""Copies that forks made of items, and copies of those, anywhere in the project."""

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
# A fork or digest that is under way would bring back what is erased meanwhile, or a hash of it: they share this lock,
# an erasure has it alone.
LOCK_KEY = "hashtextextended('erasure in project ' || %(project_id)s::bigint, 0)"
SHARE_ERASURE_LOCK = sql("share_erasure_lock", "SELECT pg_advisory_xact_lock_shared($key)", key=LOCK_KEY)
TAKE_ERASURE_LOCK = sql("take_erasure_lock", "SELECT pg_advisory_xact_lock($key)", key=LOCK_KEY)


def share_erasure_lock(project_id: int) -> None:
    """To the end of the transaction no erasure begins."""
    execute(SHARE_ERASURE_LOCK, {"project_id": project_id})


def take_erasure_lock(project_id: int) -> None:
    """To the end of the transaction no fork or digest of the project is under way."""
    execute(TAKE_ERASURE_LOCK, {"project_id": project_id})


def find_copies(project_id: int, ids: Collection[UUID]) -> list[UUID]:
    """Those that are not among the ids. Raises ValidationError for too many."""
    known = set(ids)
    copies: list[UUID] = []
    origins = list(ids)
    while origins:
        parameters = {"project_id": project_id, "ids": origins, "limit": MAX_COPIES + 1}
        origins = [row[0] for row in fetch_all(FIND_COPIES, parameters) if row[0] not in known]
        known.update(origins)
        copies += origins
        if len(copies) > MAX_COPIES:
            detail = f"At most {MAX_COPIES:,} copies at once: erase fewer items, or each fork by itself."
            raise ValidationError({"copies": [detail]}, code="too_many_items")
    return copies
