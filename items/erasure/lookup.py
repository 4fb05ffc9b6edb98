"""Check whether items are erased: such items never take content again."""

from collections.abc import Collection
from uuid import UUID

from rest_framework.exceptions import APIException

from database.query import fetch_one
from database.sql import sql

FIND_ERASED = sql(
    "find_erased_item",
    "SELECT item_id FROM dataset_erasure WHERE team_id = %(project_id)s AND item_id = ANY(%(ids)s) LIMIT 1",
)


class ItemErased(APIException):
    status_code = 409
    default_code = "erased"
    default_type = "invalid_request"

    def __init__(self, item_id: UUID) -> None:
        super().__init__(f"Item {item_id} was erased. Its content cannot come back; create a new item.")


def check_not_erased(project_id: int, ids: Collection[UUID]) -> None:
    """Raises ItemErased. Erased items are archived, so writes to live items need no check."""
    row = fetch_one(FIND_ERASED, {"project_id": project_id, "ids": list(ids)}) if ids else None
    if row is not None:
        raise ItemErased(row[0])
