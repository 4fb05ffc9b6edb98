"""JSON texts taken apart and put together without changing a digit."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from json.decoder import JSONDecoder
from json.encoder import JSONEncoder, encode_basestring
from typing import Any, Literal
from uuid import UUID

JSON = Any
Numbers = Literal["python", "decimal"]
WHITE_SPACE = " \t\n\r"
# CPython refuses to read longer integers, since the time it takes grows with the square of the digits.
MAX_INTEGER_DIGITS = 4300


def refuse_constant(text: str) -> JSON:
    raise ValueError(f"{text} is not a JSON value.")


SKIP = JSONDecoder(parse_int=len, parse_float=len, parse_constant=refuse_constant)
ENCODER = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class RawJSON:
    """The text of a JSON value, to be sent as it is. Not a text itself, so that no encoder takes it for one."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"RawJSON({self.text!r})"


def read_integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= MAX_INTEGER_DIGITS else Decimal(text)


def read_float(text: str) -> float | Decimal:
    number = float(text)
    return number if math.isfinite(number) else Decimal(text)


READERS = {
    "python": JSONDecoder(parse_int=read_integer, parse_float=read_float),
    "decimal": JSONDecoder(parse_int=read_integer, parse_float=Decimal),
}


def read_json(text: str, numbers: Numbers = "python") -> JSON:
    """Return the value of a JSON text; numbers that Python's float cannot hold become Decimal in either mode."""
    return READERS[numbers].decode(text)


def skip_white_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in WHITE_SPACE:
        at += 1
    return at


def slice_value(text: str, at: int) -> tuple[str, int]:
    """Return the text of the value that begins at a place, and the place behind it."""
    _, end = SKIP.raw_decode(text, at)
    return text[at:end], end


def split_object(text: str) -> dict[str, str]:
    """Return the texts of an object's members; of a repeated key the last."""
    members: dict[str, str] = {}
    at = expect(text, skip_white_space(text, 0), "{")
    if text[at : at + 1] == "}":
        return members
    while True:
        expect(text, at, '"')
        key, at = SKIP.raw_decode(text, at)
        members[key], at = slice_value(text, expect(text, skip_white_space(text, at), ":"))
        at = skip_white_space(text, at)
        if text[at : at + 1] == "}":
            return members
        at = skip_white_space(text, expect(text, at, ","))


def split_array(text: str) -> Iterator[str]:
    """Yield the texts of an array's elements."""
    at = expect(text, skip_white_space(text, 0), "[")
    if text[at : at + 1] == "]":
        return
    while True:
        value, at = slice_value(text, at)
        yield value
        at = skip_white_space(text, at)
        if text[at : at + 1] == "]":
            return
        at = expect(text, at, ",")


def expect(text: str, at: int, mark: str) -> int:
    """Return the place of what follows a mark; raises ValueError where the mark is not."""
    if text[at : at + 1] != mark:
        raise json.JSONDecodeError(f"Expecting {mark}", text, at)
    return skip_white_space(text, at + 1)


class NeedsSlowEncoder(Exception):
    """A value that the fast encoder would misspell or does not know."""


def refuse_unknown(value: object) -> JSON:
    raise NeedsSlowEncoder


FAST = JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False, default=refuse_unknown
)


def write_json(value: JSON) -> str:
    """Return a value as JSON: Decimal with every digit, times as RFC 3339; raises ValueError for NaN and infinity."""
    try:
        return FAST.encode(value)
    except NeedsSlowEncoder:
        return write_value(value)
    except RecursionError:
        raise ValueError("The value is nested too deeply, or contains itself.") from None


def write_value(value: JSON) -> str:
    if isinstance(value, RawJSON):
        return value.text
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{write_key(key)}:{write_value(member)}" for key, member in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(write_value, value)) + "]"
    return write_scalar(value)


def write_key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"The key {key!r} of an object is not a text.")
    return encode_basestring(key)


def write_scalar(value: JSON) -> str:
    if value is None or isinstance(value, (str, bool, int, float)):
        return ENCODER.encode(value)
    if isinstance(value, Decimal):
        return write_decimal(value)
    if isinstance(value, (datetime, date)):
        return encode_basestring(time_text(value))
    if isinstance(value, UUID):
        return encode_basestring(str(value))
    return write_value(plain_value(value))


def write_decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("Out of range decimal values are not JSON compliant")
    return str(value)


def time_text(value: datetime | date) -> str:
    """Return RFC 3339; a time without a zone is in UTC, as the API has it."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).isoformat()
    return value.isoformat()


def plain_value(value: Any) -> JSON:
    """Return the Python value of a NumPy or pandas scalar or array; raises TypeError for other objects."""
    convert: Callable[[], JSON] | None = getattr(value, "tolist", None) or getattr(value, "item", None)
    if convert is None:
        raise TypeError(f"A value of type {type(value).__name__} cannot be written as JSON.")
    return convert()
