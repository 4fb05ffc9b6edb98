"""Responses that are kept for their Idempotency-Key and show what is erased: a repeat is refused from then on.

The record stays: without it, a repeat of the request would store the content again.
"""

from collections.abc import Collection
from uuid import UUID

import orjson

from database.query import execute
from database.sql import sql

# Content stands in a response beside the id of its item and dataset alone.
ERASE_RESPONSES = sql(
    "erase_kept_responses",
    """
UPDATE idempotency_record r SET status = 409, headers = '{}', body = %(refusal)s
 WHERE r.team_id = %(project_id)s AND r.body IS NOT NULL AND EXISTS (
   SELECT FROM regexp_matches(convert_from(r.body, 'UTF8'),
                              '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g') AS m (ids)
    WHERE m.ids[1]::uuid = ANY(%(ids)s))
""",
)
REFUSAL = orjson.dumps(
    {
        "type": "invalid_request",
        "code": "erased",
        "detail": "The response to this request was erased with its content.",
        "attr": None,
    }
)


def erase_kept_responses(project_id: int, ids: Collection[UUID]) -> None:
    """Those that name one of the ids."""
    execute(ERASE_RESPONSES, {"project_id": project_id, "ids": list(ids), "refusal": REFUSAL})
