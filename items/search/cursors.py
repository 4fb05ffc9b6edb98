"""?cursor=: a position in a list, named by the row next to it, so that a page costs the same at any depth.

A cursor is opaque and valid only for the list that it was made for: the same project, dataset, revision, conditions and
order. It is signed together with these, so cursors of other lists and altered cursors are rejected.
"""

import base64
import re
import struct
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.crypto import salted_hmac

from database.query import Row
from items import query_params

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Flags, microseconds, id; with the signature a multiple of three bytes, which base64 encodes in only one way.
POSITION = struct.Struct(">Bq16s")
SIGNATURE_LENGTH = 11
CURSOR_PATTERN = re.compile(r"[A-Za-z0-9_-]{48}")
BACKWARDS, INCLUSIVE = 1, 2


class Cursor(NamedTuple):
    """The rows after a row, or before it; is_inclusive adds the row itself."""

    time: datetime
    item_id: UUID
    is_backwards: bool = False
    is_inclusive: bool = False

    def encode(self, scope: Any) -> str:
        flags = BACKWARDS * self.is_backwards | INCLUSIVE * self.is_inclusive
        position = POSITION.pack(flags, (self.time - EPOCH) // MICROSECOND, self.item_id.bytes)
        return base64.urlsafe_b64encode(position + signature(position, scope)).decode()


def decode_cursor(text: str, scope: Any, name: str = "cursor") -> Cursor:
    """Verify and decode a cursor. Raises ValidationError unless it was made for this list."""
    raw = base64.urlsafe_b64decode(text) if CURSOR_PATTERN.fullmatch(text) else b""
    position, signed = raw[: POSITION.size], raw[POSITION.size :]
    if not raw or not compare_digest(signed, signature(position, scope)):
        query_params.raise_invalid(name, "This cursor was not made for this list.")
    flags, microseconds, item_id = POSITION.unpack(position)
    time = EPOCH + microseconds * MICROSECOND
    return Cursor(time, UUID(bytes=item_id), bool(flags & BACKWARDS), bool(flags & INCLUSIVE))


def signature(position: bytes, scope: Any) -> bytes:
    signed = salted_hmac("items.search.cursors", position + repr(scope).encode(), algorithm="sha256")
    return signed.digest()[:SIGNATURE_LENGTH]


class CursorPage(NamedTuple):
    """A page in list order, with the cursors of the neighboring pages; None if there is no such page."""

    rows: list[Row]
    next: Cursor | None
    previous: Cursor | None


def paginate(rows: list[Row], cursor: Cursor | None, limit: int) -> CursorPage:
    """Build a page and the cursors of its neighbors.

    Rows begin with their sort key and come in scan order, with one row more than `limit` if another page follows.
    """
    page, has_more = rows[:limit], len(rows) > limit
    next_cursor = cursor_after(page[-1]) if has_more else None
    if cursor is None:
        return CursorPage(page, next_cursor, None)
    # The previous page existed. If this page is empty, the previous-page cursor includes the cursor's own row.
    previous_cursor = cursor_after(page[0], is_backwards=not cursor.is_backwards) if page else reversed_cursor(cursor)
    if cursor.is_backwards:
        next_cursor = next_cursor and next_cursor._replace(is_backwards=True)
        return CursorPage(page[::-1], previous_cursor, next_cursor)
    return CursorPage(page, next_cursor, previous_cursor)


def cursor_after(row: Row, *, is_backwards: bool = False) -> Cursor:
    return Cursor(row[0], row[1], is_backwards=is_backwards)


def reversed_cursor(cursor: Cursor) -> Cursor:
    return cursor._replace(is_backwards=not cursor.is_backwards, is_inclusive=not cursor.is_inclusive)
