"""?cursor=: a place in a list, named by the row beside it, so that a page costs the same at any depth.

A cursor is opaque, and good for the walk that it was made for alone: the same project, dataset, revision, conditions
and order. It is signed with all of these, so that another's is refused, and so is one that somebody changed.
"""

import base64
import re
import struct
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.crypto import salted_hmac

from items.finding import values

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Flags, microseconds, id; with the signature a multiple of three bytes, which base64 spells in one way only.
PLACE = struct.Struct(">Bq16s")
SIGNATURE_LENGTH = 11
SPELLING = re.compile(r"[A-Za-z0-9_-]{48}")
BACKWARDS, INCLUSIVE = 1, 2


class Cursor(NamedTuple):
    """The rows behind a row, or before it; with the row itself if is_inclusive."""

    time: datetime
    item_id: UUID
    is_backwards: bool = False
    is_inclusive: bool = False

    def written(self, walk: Any) -> str:
        flags = BACKWARDS * self.is_backwards | INCLUSIVE * self.is_inclusive
        place = PLACE.pack(flags, (self.time - EPOCH) // MICROSECOND, self.item_id.bytes)
        return base64.urlsafe_b64encode(place + signature(place, walk)).decode()


def read_cursor(text: str, walk: Any, name: str = "cursor") -> Cursor:
    """Raises ValidationError for one of another walk, or none at all."""
    raw = base64.urlsafe_b64decode(text) if SPELLING.fullmatch(text) else b""
    place, signed = raw[: PLACE.size], raw[PLACE.size :]
    if not raw or not compare_digest(signed, signature(place, walk)):
        values.refuse(name, "This cursor was not made for this list.")
    flags, microseconds, item_id = PLACE.unpack(place)
    time = EPOCH + microseconds * MICROSECOND
    return Cursor(time, UUID(bytes=item_id), bool(flags & BACKWARDS), bool(flags & INCLUSIVE))


def signature(place: bytes, walk: Any) -> bytes:
    signed = salted_hmac("items.finding.cursors", place + repr(walk).encode(), algorithm="sha256")
    return signed.digest()[:SIGNATURE_LENGTH]
