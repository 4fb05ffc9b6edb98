"""Idempotency-Key: a write that is sent again is answered again, not done again."""

import functools
import hashlib
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import transaction
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from database.statements import Row, execute, fetch_one
from rest.files import digest_of, upload_in
from rest.headers import header
from rest.renderers import JSONRenderer
from rest.uploads import is_upload

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
KEPT_FOR = timedelta(hours=24)
REPEATED_HEADERS = ("ETag", "Dataset-Revision")
# One request in so many clears its project's answers that are too old, so that none pile up without a background job.
CLEAR_ONE_IN = 1000

# Waits for another request with the same key to commit or to fail; takes over a key that is too old.
CLAIM = """
INSERT INTO kept_answer (team_id, user_id, key, fingerprint, created_at, headers)
VALUES (%(team)s, %(user)s, %(key)s, %(fingerprint)s, %(now)s, '{}')
ON CONFLICT (team_id, user_id, key) DO UPDATE
   SET fingerprint = EXCLUDED.fingerprint, created_at = EXCLUDED.created_at, status = NULL, body = NULL
 WHERE kept_answer.created_at < %(expired)s
RETURNING 1
"""
FIND = """
SELECT fingerprint, status, headers::text, body FROM kept_answer
 WHERE team_id = %(team)s AND user_id = %(user)s AND key = %(key)s
"""
FIND_YOUNG = f"{FIND} AND created_at >= %(expired)s"
KEEP = """
UPDATE kept_answer SET status = %(status)s, headers = %(headers)s, body = %(body)s
 WHERE team_id = %(team)s AND user_id = %(user)s AND key = %(key)s
"""
CLEAR = "DELETE FROM kept_answer WHERE team_id = %(team)s AND created_at < %(expired)s"
CLEAR_EVERYWHERE = "DELETE FROM kept_answer WHERE created_at < %(expired)s"

Method = Callable[..., Response]


class KeyReused(APIException):
    status_code = 422
    default_code = "idempotency_key_reused"
    default_type = "invalid_request"
    default_detail = "This Idempotency-Key was used for another request."


def idempotent(method: Method) -> Method:
    """For the methods of project-scoped views that write."""

    @functools.wraps(method)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Once(view, request).answer(functools.partial(method, view, request, *args, **kwargs))

    answer.is_idempotent = True  # type: ignore[attr-defined]
    return answer


def idempotent_in_parts(method: Method) -> Method:
    """The same for a write that takes long to prepare: the method is given `once`, and says when the write begins."""

    @functools.wraps(method)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        return method(view, request, *args, once=Once(view, request), **kwargs)

    answer.is_idempotent = True  # type: ignore[attr-defined]
    return answer


class Once:
    """A request that is done once; any number of times, if it has no key."""

    def __init__(self, view: Any, request: Request) -> None:
        self.view, self.request, self.key = view, request, wanted_key(request)

    def kept_answer(self) -> Response | None:
        """The answer to the same request before. Raises KeyReused."""
        if self.key is None:
            return None
        row = fetch_one(FIND_YOUNG, self.claim())
        return replay(row, self.fingerprint) if row else None

    def answer(self, write: Callable[[], Response]) -> Response:
        """The key is kept with the write, in its transaction: both are there or neither is."""
        if self.key is None:
            return write()
        parameters = self.claim()
        with transaction.atomic():
            if fetch_one(CLAIM, parameters) is None:
                return replay(fetch_one(FIND, parameters), self.fingerprint)
            response = write()
            if response.status_code >= 300:
                transaction.set_rollback(True)
                return response
            keep(response, parameters)
        if random.randrange(CLEAR_ONE_IN) == 0:  # noqa: S311  nothing secret
            execute(CLEAR, parameters)
        return response

    def claim(self) -> dict[str, Any]:
        """The statements' parameters. The time is that of now: a write may begin long after its request."""
        now = datetime.now(UTC)
        return {
            "team": self.view.project_id,
            "user": self.view.access.person.id,
            "key": self.key,
            "fingerprint": self.fingerprint,
            "now": now,
            "expired": now - KEPT_FOR,
        }

    @functools.cached_property
    def fingerprint(self) -> bytes:
        """Method, path below the project (so that both prefixes are one), query and body. Reads a file to its end."""
        view, request = self.view, self.request
        below = request.path.split("/", 4)[-1].rstrip("/")
        query = request.META.get("QUERY_STRING", "")
        body = digest_of(upload_in(request).file) if is_upload(request.method, request.path) else view.raw_body
        parts = (request.method, str(view.project_id), below, query, body)
        return hashlib.sha256(repr(parts).encode()).digest()


def wanted_key(request: Request) -> str | None:
    key = header(request, HEADER)
    if key is not None and not KEY.fullmatch(key):
        detail = f"{HEADER} must be 1 to 255 visible ASCII characters."
        raise ValidationError({HEADER: [detail]}, code="invalid")
    return key


def clear_old_answers() -> int:
    """Of all projects; returns how many there were."""
    return execute(CLEAR_EVERYWHERE, {"expired": datetime.now(UTC) - KEPT_FOR})


def keep(response: Response, parameters: dict[str, Any]) -> None:
    body = JSONRenderer().render(response.data)
    headers = {name: response.headers[name] for name in REPEATED_HEADERS if name in response.headers}
    kept = {"status": response.status_code, "headers": orjson.dumps(headers).decode(), "body": body}
    execute(KEEP, parameters | kept)


def replay(row: Row | None, wanted: bytes) -> Response:
    assert row is not None  # noqa: S101  the claim met it, and it is not removed while young
    found, status, headers, body = row
    if bytes(found) != wanted:
        raise KeyReused
    data = orjson.Fragment(bytes(body)) if body else None
    return Response(data, status=status, headers=orjson.loads(headers) | {"Idempotency-Replayed": "true"})
