"""The errors that users catch: one tree, with a class for each code that programs tell apart.

DatasetsError
├── ConfigurationError          no address or key; an unreadable configuration file
├── ConnectionFailed            no response, after all retries
├── APIError                    a response that refuses: status, code, attr, detail, request_id
│   ├── InvalidRequest          400 (and 405, 406, 413, 415, 422)
│   │   ├── SchemaMismatch, UnknownParameter, UnknownField, MultipleMatches, RowsRejected
│   │   ├── TooLarge, PageTooLarge, IdempotencyKeyReused
│   ├── AuthenticationFailed    401
│   ├── AccessDenied            403
│   ├── NotFound                404
│   │   ├── DatasetNotFound, RevisionNotFound, ItemNotFound
│   ├── Conflict                409
│   │   ├── TagExists, ItemsMoved, Erased, StaleVersion (412)
│   ├── RateLimited             429
│   └── ServerError             5xx
│       └── ServiceUnavailable  502, 503, 504 (and 408)
├── AmbiguousName               several datasets have this name
├── InvalidRow                  a row that cannot be sent
├── UnfinishedPush              an interrupted push of other rows
├── RevisionsWentBack           the server was restored from an older backup
└── LockError                   datasets.lock is missing, unreadable, or not met
    └── ContentChanged          a locked revision has another digest
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


class DatasetsError(Exception):
    """The base of all errors of this package."""


class ConfigurationError(DatasetsError):
    """The address or the key is missing, or a configuration file cannot be read."""


class ConnectionFailed(DatasetsError):
    """The server did not respond, after all retries."""


class APIError(DatasetsError):
    """A response that refuses a request."""

    def __init__(
        self,
        detail: str,
        *,
        status: int = 0,
        code: str = "",
        attr: str | None = None,
        request_id: str | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.code = code
        self.attr = attr
        self.request_id = request_id
        self.members = dict(members or {})

    def __str__(self) -> str:
        parts = [self.detail]
        if self.attr:
            parts.append(f"[{self.attr}]")
        if self.request_id and self.status >= 500:
            parts.append(f"(request {self.request_id})")
        return " ".join(parts)


class InvalidRequest(APIError):
    """The request is wrong, and would be wrong again."""


class SchemaMismatch(InvalidRequest):
    """An item does not fit the dataset's schema; `attr` is the path."""


class UnknownParameter(InvalidRequest):
    """The server does not know a parameter."""


class UnknownField(InvalidRequest):
    """The server does not know a member of the body."""


class TooLarge(InvalidRequest):
    """The request is larger than the server accepts."""


class PageTooLarge(InvalidRequest):
    """A page has more bytes than the server sends at once; readers ask for a smaller one by themselves."""


class MultipleMatches(InvalidRequest):
    """Several items of the dataset have the key of one row."""


class IdempotencyKeyReused(InvalidRequest):
    """The idempotency key belongs to another request."""


class AuthenticationFailed(APIError):
    """The key is missing or wrong."""


class AccessDenied(APIError):
    """The key lacks a scope, or the user has no access to the project."""


class NotFound(APIError):
    """There is no such thing in this project."""


class DatasetNotFound(NotFound):
    """The project has no dataset of this name or id."""


class RevisionNotFound(NotFound):
    """The dataset has no revision of this number, and no tag of this name."""


class ItemNotFound(NotFound):
    """The dataset has no such item."""


class Conflict(APIError):
    """The request does not fit the present state."""


class TagExists(Conflict):
    """The tag names another revision; pass force=True to move it."""


class ItemsMoved(Conflict):
    """Items that moved to another dataset are in the way of a rollback or an erasure."""


class Erased(Conflict):
    """The content of an item was erased, and cannot be brought back."""


class StaleVersion(Conflict):
    """Somebody changed the item since it was read; `current_version` says to which version."""

    @property
    def current_version(self) -> int | None:
        return self.members.get("current_version")


class RateLimited(APIError):
    """Too many requests, after all retries."""

    @property
    def retry_after(self) -> float | None:
        return self.members.get("retry_after")


class ServerError(APIError):
    """The server failed."""


class ServiceUnavailable(ServerError):
    """The server is down or overloaded, after all retries."""


class AmbiguousName(DatasetsError):
    """Several datasets have this name; use an id."""


class InvalidRow(DatasetsError, ValueError):
    """A row that cannot be sent: `row` counts from 1."""

    def __init__(self, detail: str, *, row: int | None = None) -> None:
        super().__init__(detail if row is None else f"Row {row}: {detail}")
        self.row = row


class UnfinishedPush(DatasetsError):
    """An earlier push that began with the same rows was interrupted, and its later rows were others."""


class RevisionsWentBack(DatasetsError):
    """The dataset is at a lower revision than was seen before: the server was restored from an older backup."""


class RevisionsWentBackWarning(UserWarning):
    """As RevisionsWentBack, where the answer can be used nevertheless."""


class LockError(DatasetsError):
    """datasets.lock is missing or unreadable, or what it records is not there."""


class ContentChanged(LockError):
    """The content of a locked revision has another digest than the lock records."""


class RowsRejected(InvalidRequest):
    """The server refused rows of a push; `errors` says which, `report` what was stored before."""

    def __init__(self, detail: str, *, errors: Sequence[Any], report: Any, **values: Any) -> None:
        super().__init__(detail, **values)
        self.errors = list(errors)
        self.report = report


BY_CODE: dict[str, type[APIError]] = {
    "schema_mismatch": SchemaMismatch,
    "unknown_parameter": UnknownParameter,
    "unknown_field": UnknownField,
    "multiple_matches": MultipleMatches,
    "page_too_large": PageTooLarge,
    "tag_exists": TagExists,
    "items_moved": ItemsMoved,
    "erased": Erased,
    "stale_version": StaleVersion,
    "idempotency_key_reused": IdempotencyKeyReused,
}
BY_STATUS: dict[int, type[APIError]] = {
    401: AuthenticationFailed,
    403: AccessDenied,
    404: NotFound,
    408: ServiceUnavailable,
    409: Conflict,
    412: StaleVersion,
    413: TooLarge,
    429: RateLimited,
    502: ServiceUnavailable,
    503: ServiceUnavailable,
    504: ServiceUnavailable,
}


def error_from_response(status: int, text: str, headers: Mapping[str, str]) -> APIError:
    """Return the error that a response stands for, also where a proxy wrote it and not the server."""
    body = read_envelope(text)
    code = str(body.get("code", ""))
    fallback = ServerError if status >= 500 else InvalidRequest
    kind = BY_CODE.get(code) or BY_STATUS.get(status, fallback)
    members = {name: value for name, value in body.items() if name not in {"type", "code", "detail", "attr"}}
    if "retry-after" in headers:
        members["retry_after"] = parse_seconds(headers["retry-after"])
    return kind(
        str(body.get("detail") or plain_detail(status, headers)),
        status=status,
        code=code,
        attr=body.get("attr"),
        request_id=headers.get("x-request-id"),
        members=members,
    )


def plain_detail(status: int, headers: Mapping[str, str]) -> str:
    if 300 <= status < 400 and "location" in headers:
        return f"The server redirects to {headers['location']}; set the address to where that leads."
    return f"The server answered with status {status}."


def read_envelope(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def parse_seconds(text: str) -> float | None:
    try:
        return max(0.0, float(text))
    except ValueError:
        return None
