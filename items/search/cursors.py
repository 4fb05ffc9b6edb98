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

from items import query_params

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Flags, microseconds, id; with the signature a multiple of three bytes, which base64 spells in one way only.
POSITION = struct.Struct(">Bq16s")
SIGNATURE_LENGTH = 11
CURSOR_PATTERN = re.compile(r"[A-Za-z0-9_-]{48}")
BACKWARDS, INCLUSIVE = 1, 2


class Cursor(NamedTuple):
    """The rows behind a row, or before it; with the row itself if is_inclusive."""

    time: datetime
    item_id: UUID
    is_backwards: bool = False
    is_inclusive: bool = False

    def encode(self, scope: Any) -> str:
        flags = BACKWARDS * self.is_backwards | INCLUSIVE * self.is_inclusive
        position = POSITION.pack(flags, (self.time - EPOCH) // MICROSECOND, self.item_id.bytes)
        return base64.urlsafe_b64encode(position + signature(position, scope)).decode()


def decode_cursor(text: str, scope: Any, name: str = "cursor") -> Cursor:
    """Raises ValidationError for one of another walk, or none at all."""
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
