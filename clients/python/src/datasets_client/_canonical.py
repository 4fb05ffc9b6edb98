"""The canonical form of JSON values and items, on which digests rest; docs/digest.md defines it.

Pure: texts in, texts out. Numbers are handled as texts, so that no digit is lost.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from json.decoder import JSONDecoder
from json.encoder import JSONEncoder, encode_basestring

FIELDS = ("input", "metadata", "output", "ref_source_id", "ref_timestamp", "ref_trace_id")
NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?")
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.IGNORECASE)
# Integers of up to so many digits that do not end in 0 are their own canonical form.
SHORT_INTEGER = re.compile(r"0|-?[1-9]|-?[1-9]\d{0,15}[1-9]")
# An exponent of more digits belongs to no number that a server stores.
MAX_EXPONENT_DIGITS = 18

ENCODER = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class NumberText(str):
    """A number that its canonical form represents; a text only so that no digit is lost."""

    __slots__ = ()


def canonical_number(text: str) -> str:
    """Return `d` or `d e exponent` for the text of a JSON number."""
    match = NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a JSON number.")
    sign, whole, fraction, exponent_text = match.group(1), match.group(2), match.group(3) or "", match.group(4) or "0"
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return "0"
    if len(exponent_text.lstrip("+-0")) > MAX_EXPONENT_DIGITS:
        raise ValueError("The exponent of a number is out of range.")
    significant = digits.rstrip("0")
    exponent = int(exponent_text) - len(fraction) + len(digits) - len(significant)
    return f"{sign}{significant}" if exponent == 0 else f"{sign}{significant}e{exponent}"


class Reader:
    """Reads one JSON text, and notes whether it holds numbers that the fast encoder would misspell."""

    def __init__(self) -> None:
        self.has_odd_numbers = False
        self.decoder = JSONDecoder(parse_int=self.integer, parse_float=self.number, parse_constant=reject_constant)

    def integer(self, text: str) -> object:
        return int(text) if SHORT_INTEGER.fullmatch(text) else self.number(text)

    def number(self, text: str) -> NumberText:
        self.has_odd_numbers = True
        return NumberText(canonical_number(text))

    def encode(self, value: object) -> str:
        return encode_value(value) if self.has_odd_numbers else ENCODER.encode(value)


def reject_constant(text: str) -> object:
    raise ValueError(f"{text} is not a JSON value.")


def encode_value(value: object) -> str:
    if isinstance(value, NumberText):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{encode_basestring(key)}:{encode_value(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(encode_value, value)) + "]"
    return ENCODER.encode(value)


def canonical_value(text: str) -> str:
    """Return the canonical form of a JSON text."""
    reader = Reader()
    return reader.encode(reader.decoder.decode(text))


def canonical_time(text: str) -> str:
    """Return an RFC 3339 time in UTC with six decimals; digits beyond them are cut."""
    match = TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time.")
    date, clock, fraction, sign, hours, minutes = match.groups()
    instant = datetime.fromisoformat(f"{date}T{clock}.{(fraction or '')[:6]:0<6}")
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        instant = instant - offset if sign == "+" else instant + offset
    return instant.replace(tzinfo=timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def canonical_item(row: str) -> str:
    """Return the canonical form of the six content fields of an item's JSON text."""
    reader = Reader()
    members = reader.decoder.decode(row)
    if not isinstance(members, dict):
        raise ValueError("An item is a JSON object.")
    content = {name: members.get(name) for name in FIELDS}
    if content["ref_timestamp"] is not None:
        content["ref_timestamp"] = canonical_time(content["ref_timestamp"])
    return reader.encode(content)


__all__ = ["canonical_item", "canonical_number", "canonical_time", "canonical_value"]
