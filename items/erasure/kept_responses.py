"""Erase stored responses of Idempotency-Keys that show erased content; repeating such a request is then an error.

The record itself stays: without it, repeating the request would store the content again.
"""

from collections.abc import Collection
from uuid import UUID

import orjson

from database.query import execute
from database.sql import sql

# Responses contain content only together with the id of its item and dataset.
ERASE_RESPONSES = sql(
    "erase_kept_responses",
    """
UPDATE idempotency_record r SET status = 409, headers = '{}', body = %(error_body)s
 WHERE r.team_id = %(project_id)s AND r.body IS NOT NULL AND EXISTS (
   SELECT FROM regexp_matches(convert_from(r.body, 'UTF8'),
                              '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g') AS m (ids)
    WHERE m.ids[1]::uuid = ANY(%(ids)s))
""",
)
ERROR_BODY = orjson.dumps(
    {
        "type": "invalid_request",
        "code": "erased",
        "detail": "The response to this request was erased with its content.",
        "attr": None,
    }
)


def erase_kept_responses(project_id: int, ids: Collection[UUID]) -> None:
    """Replace the responses that contain one of the ids."""
    execute(ERASE_RESPONSES, {"project_id": project_id, "ids": list(ids), "error_body": ERROR_BODY})
