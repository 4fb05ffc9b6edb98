"""Idempotency-Key: a repeated write returns the stored response and is not executed again."""

import functools
import hashlib
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import transaction
from django.db.models import QuerySet
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from database.query import Row, execute, fetch_one
from database.sql import sql
from items.models import IdempotencyRecord
from rest.body_limits import is_upload
from rest.headers import get_header
from rest.renderers import JSONRenderer
from rest.responses import Response
from rest.state import get_state
from rest.uploads import file_digest, get_upload

HEADER = "Idempotency-Key"
KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,255}")
TTL = timedelta(hours=24)
REPLAYED_HEADERS = ("ETag", "Dataset-Revision")
# One request in this many deletes its project's expired records, so that none pile up without a background job.
PRUNE_ONE_IN = 1000

# Waits for another request with the same key to commit or fail; takes over an expired key.
CLAIM = sql(
    "claim_idempotency_key",
    """
INSERT INTO idempotency_record (team_id, user_id, key, fingerprint, created_at, headers)
VALUES (%(project_id)s, %(user_id)s, %(key)s, %(fingerprint)s, %(now)s, '{}')
ON CONFLICT (team_id, user_id, key) DO UPDATE
   SET fingerprint = EXCLUDED.fingerprint, created_at = EXCLUDED.created_at, status = NULL, body = NULL
 WHERE idempotency_record.created_at < %(expired)s
RETURNING 1
""",
)
RECORD_COLUMNS = """
SELECT fingerprint, status, headers::text, body FROM idempotency_record
 WHERE team_id = %(project_id)s AND user_id = %(user_id)s AND key = %(key)s
"""
FIND_RECORD = sql("find_idempotency_record", RECORD_COLUMNS)
FIND_UNEXPIRED = sql(
    "find_unexpired_idempotency_record", "$record AND created_at >= %(expired)s", record=RECORD_COLUMNS
)
SAVE_RESPONSE = sql(
    "save_idempotent_response",
    """
UPDATE idempotency_record SET status = %(status)s, headers = %(headers)s, body = %(body)s
 WHERE team_id = %(project_id)s AND user_id = %(user_id)s AND key = %(key)s
""",
)


class KeyReused(APIException):
    status_code = 422
    default_code = "idempotency_key_reused"
    default_type = "invalid_request"
    default_detail = "This Idempotency-Key was used for another request."


class IdempotentRequest:
    """A request that is executed only once, if it has a key."""

    def __init__(self, view: Any, request: Request) -> None:
        self.view, self.request, self.key = view, request, key_from_header(request)

    def stored_response(self) -> Response | None:
        """Return the response to an earlier identical request, if any. Raises KeyReused."""
        if self.key is None:
            return None
        row = fetch_one(FIND_UNEXPIRED, self.parameters())
        return replay(row, self.fingerprint) if row else None

    def respond(self, write: Callable[[], Response]) -> Response:
        """Execute the write and store its response in the same transaction. Raises KeyReused."""
        if self.key is None:
            return write()
        parameters = self.parameters()
        with transaction.atomic():
            if fetch_one(CLAIM, parameters) is None:
                return replay(fetch_one(FIND_RECORD, parameters), self.fingerprint)
            response = write()
            if response.status_code >= 300:
                transaction.set_rollback(True)
                return response
            save_response(response, parameters)
        if random.randrange(PRUNE_ONE_IN) == 0:  # noqa: S311  nothing secret
            expired_records().filter(team_id=self.view.project_id).delete()
        return response

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the statements, with the current time: a write may begin long after its request."""
        now = datetime.now(UTC)
        return {
            "project_id": self.view.project_id,
            "user_id": self.view.access.user.id,
            "key": self.key,
            "fingerprint": self.fingerprint,
            "now": now,
            "expired": now - TTL,
        }

    @functools.cached_property
    def fingerprint(self) -> bytes:
        """Hash the method, the path below the project (the same for both prefixes), the query and the body.

        Reads an uploaded file to its end.
        """
        view, request = self.view, self.request
        api, _, path = request.path_info.partition("/api/")  # a body means something else under /v2
        sub_path = f"{api}{path.split('/', 2)[-1].rstrip('/')}"
        query = request.META.get("QUERY_STRING", "")
        body = request_body_digest(request)
        parts = (request.method, str(view.project_id), sub_path, query, body)
        return hashlib.sha256(repr(parts).encode()).digest()


def request_body_digest(request: Request) -> bytes:
    """Return the digest of an uploaded file, or the body itself."""
    if is_upload(request.method, request.path_info):
        return file_digest(get_upload(request).file)
    return get_state(request).raw_body


def key_from_header(request: Request) -> str | None:
    key = get_header(request, HEADER)
    if key is not None and not KEY_PATTERN.fullmatch(key):
        detail = f"{HEADER} must be 1 to 255 visible ASCII characters."
        raise ValidationError({HEADER: [detail]}, code="invalid")
    return key


def prune_records() -> int:
    """Delete the expired records of all projects; return their number."""
    count, _ = expired_records().delete()
    return count


def expired_records() -> QuerySet[IdempotencyRecord]:
    return IdempotencyRecord.objects.filter(created_at__lt=datetime.now(UTC) - TTL)


def save_response(response: Response, parameters: dict[str, Any]) -> None:
    body = JSONRenderer().render(response.data)
    headers = {name: response.headers[name] for name in REPLAYED_HEADERS if name in response.headers}
    record = {"status": response.status_code, "headers": orjson.dumps(headers).decode(), "body": body}
    execute(SAVE_RESPONSE, parameters | record)


def replay(row: Row | None, expected_fingerprint: bytes) -> Response:
    assert row is not None  # noqa: S101  the claim found it, and unexpired records stay
    stored_fingerprint, status, headers, body = row
    if bytes(stored_fingerprint) != expected_fingerprint:
        raise KeyReused
    data = orjson.Fragment(bytes(body)) if body else None
    return Response(data, status=status, headers=orjson.loads(headers) | {"Idempotency-Replayed": "true"})
