"""The canonical form of JSON values and items, which digests are based on. Pure.

Numbers stay text, so that no digit is lost.
"""

import re
from json.decoder import JSONDecoder
from json.encoder import JSONEncoder, encode_basestring
from typing import Any, NamedTuple, Never

JSON_NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?")
# Integers with this few digits, the last of them not 0, are their own canonical form.
PLAIN_INTEGER = re.compile(r"0|-?[1-9]|-?[1-9]\d{0,15}[1-9]")
ENCODER = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class CanonicalNumber(str):
    """A number in its canonical form."""

    __slots__ = ()


class ItemContent(NamedTuple):
    """The hashed fields, in the order of the canonical item: JSON as text, the time in UTC with six decimals."""

    input: str | None
    metadata: str | None
    output: str | None
    ref_source_id: str | None
    ref_timestamp: str | None
    ref_trace_id: str | None


class CanonicalWriter:
    """Writes values in their canonical form."""

    def __init__(self) -> None:
        # Whether the last value has numbers that ENCODER would write differently.
        self.has_canonical_numbers = False
        self.decode = JSONDecoder(
            parse_int=self.read_integer, parse_float=self.read_number, parse_constant=reject_constant
        ).decode

    def item(self, content: ItemContent) -> str:
        values = self.value(content.input), self.value(content.metadata), self.value(content.output)
        refs = map(write_text, content[3:])
        members = zip(ItemContent._fields, (*values, *refs), strict=True)
        return "{" + ",".join(f'"{name}":{value}' for name, value in members) + "}"

    def value(self, text: str | None) -> str:
        """Return the canonical form of a JSON text; None is null."""
        if text is None:
            return "null"
        self.has_canonical_numbers = False
        value = self.decode(text)
        return write_value(value) if self.has_canonical_numbers else ENCODER.encode(value)

    def read_integer(self, text: str) -> Any:
        return int(text) if PLAIN_INTEGER.fullmatch(text) else self.read_number(text)

    def read_number(self, text: str) -> CanonicalNumber:
        self.has_canonical_numbers = True
        return CanonicalNumber(write_number(text))


def write_number(text: str) -> str:
    """Return `d`, or `d`, `e` and an exponent, where `d` does not end in 0."""
    match = JSON_NUMBER.fullmatch(text)
    if match is None:
        raise ValueError("Not a JSON number.")
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", match[4] or "0"
    digits = (whole + fraction).lstrip("0")
    significant = digits.rstrip("0")
    if not significant:
        return "0"
    power = int(exponent) - len(fraction) + len(digits) - len(significant)
    return f"{sign}{significant}e{power}" if power else f"{sign}{significant}"


def write_value(value: Any) -> str:
    """Write like ENCODER, except for canonical numbers."""
    if isinstance(value, CanonicalNumber):
        return value
    if isinstance(value, dict):
        members = (f"{encode_basestring(key)}:{write_value(value[key])}" for key in sorted(value))
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write_value, value)) + "]"
    return ENCODER.encode(value)


def write_text(text: str | None) -> str:
    return "null" if text is None else encode_basestring(text)


def reject_constant(text: str) -> Never:
    raise ValueError(f"{text} is not a JSON value.")
