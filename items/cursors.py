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
SIGNATURE_LENGTH = 11
CURSOR_PATTERN = re.compile(r"[A-Za-z0-9_-]+")
BACKWARDS, INCLUSIVE = 1, 2

SortKey = tuple[Any, Any]


class Cursor(NamedTuple):
    """The rows after the row with this sort key, or before it; is_inclusive adds the row itself."""

    key: SortKey
    is_backwards: bool = False
    is_inclusive: bool = False

    @property
    def flags(self) -> int:
        return BACKWARDS * self.is_backwards | INCLUSIVE * self.is_inclusive

    def reverse(self) -> "Cursor":
        return self._replace(is_backwards=not self.is_backwards, is_inclusive=not self.is_inclusive)


class CursorCodec:
    """Encodes the cursors of one kind of sort key."""

    # Flags and the sort key; with the signature a multiple of three bytes, which base64 encodes in only one way.
    position: struct.Struct

    def pack_key(self, key: SortKey) -> SortKey:
        return key

    def unpack_key(self, key: SortKey) -> SortKey:
        return key

    def encode(self, cursor: Cursor, scope: Any) -> str:
        position = self.position.pack(cursor.flags, *self.pack_key(cursor.key))
        return base64.urlsafe_b64encode(position + signature(position, scope)).decode()

    def decode(self, text: str, scope: Any, name: str = "cursor") -> Cursor:
        """Verify and decode a cursor. Raises ValidationError unless it was made for this list."""
        size = self.position.size
        is_plausible = CURSOR_PATTERN.fullmatch(text) and len(text) * 3 == (size + SIGNATURE_LENGTH) * 4
        raw = base64.urlsafe_b64decode(text) if is_plausible else b""
        position, signed = raw[:size], raw[size:]
        if not raw or not compare_digest(signed, signature(position, scope)):
            query_params.raise_invalid(name, "This cursor was not made for this list.")
        flags, *key = self.position.unpack(position)
        return Cursor(self.unpack_key((key[0], key[1])), bool(flags & BACKWARDS), bool(flags & INCLUSIVE))


class ItemCursorCodec(CursorCodec):
    """For items in the order of a time, then of their ids."""

    position = struct.Struct(">Bq16s")

    def pack_key(self, key: SortKey) -> SortKey:
        time, item_id = key
        return (time - EPOCH) // MICROSECOND, item_id.bytes

    def unpack_key(self, key: SortKey) -> SortKey:
        microseconds, item_id = key
        return EPOCH + microseconds * MICROSECOND, UUID(bytes=item_id)


class ChangeCursorCodec(CursorCodec):
    """For entries of the change log, by revision and position."""

    position = struct.Struct(">BQI")


ITEM_CURSORS = ItemCursorCodec()
CHANGE_CURSORS = ChangeCursorCodec()


def signature(position: bytes, scope: Any) -> bytes:
    signed = salted_hmac("items.cursors", position + repr(scope).encode(), algorithm="sha256")
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
    next_cursor = Cursor(sort_key(page[-1])) if has_more else None
    if cursor is None:
        return CursorPage(page, next_cursor, None)
    # The previous page existed. If this page is empty, the previous-page cursor includes the cursor's own row.
    previous_cursor = Cursor(sort_key(page[0]), not cursor.is_backwards) if page else cursor.reverse()
    if cursor.is_backwards:
        next_cursor = next_cursor and next_cursor._replace(is_backwards=True)
        return CursorPage(page[::-1], previous_cursor, next_cursor)
    return CursorPage(page, next_cursor, previous_cursor)


def sort_key(row: Row) -> SortKey:
    return row[0], row[1]
