"""What the types of Arrow, in which Parquet is read, are in JSON. Nothing is rounded; what JSON lacks is refused.

null                          null
bool, string                  the same
whole numbers, decimals       the same digits
floating-point numbers        the shortest digits that give the same number back; NaN and infinity are refused
list                          array
struct                        object with all members; map with texts as keys: object; other map: array of pairs
date, time, timestamp         text (ISO 8601) with as many digits as it has; a timestamp with a zone in UTC
binary                        text in base64
UUID                          text
JSON                          the value that it holds
duration, interval and rarer  refused
"""

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
from pyarrow import types

TextOf = Callable[[Any], str]
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoJSON(ValueError):
    """A type, or a value, that JSON has not."""


def is_text(type_: pa.DataType) -> bool:
    return bool(types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_))


def is_list(type_: pa.DataType) -> bool:
    return isinstance(type_, pa.ListType | pa.LargeListType | pa.FixedSizeListType | pa.ListViewType)


def is_binary(type_: pa.DataType) -> bool:
    kinds = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary, types.is_binary_view)
    return any(is_kind(type_) for is_kind in kinds)


def is_moment(type_: pa.DataType) -> bool:
    return bool(types.is_timestamp(type_) or types.is_date(type_) or types.is_time(type_))


def is_simple(type_: pa.DataType) -> bool:
    """Whether Python's values are the same, and its json writes them exactly."""
    if is_list(type_):
        return is_simple(type_.value_type)
    if types.is_struct(type_):
        return len({field.name for field in type_}) == type_.num_fields and all(is_simple(f.type) for f in type_)
    is_number = types.is_integer(type_) or types.is_floating(type_)
    return bool(is_number or types.is_boolean(type_) or types.is_null(type_) or is_text(type_))


def text_of_simple(value: Any) -> str:
    """Of a Python value."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        raise NoJSON("NaN and infinity are no JSON.") from None


def text_writer(type_: pa.DataType, read_json: Callable[[str], str]) -> TextOf:
    """Makes JSON texts of scalars that are not null; read_json checks those that hold JSON. Raises NoJSON."""
    if isinstance(type_, pa.JsonType):
        return lambda scalar: read_json(scalar.as_py())
    for is_kind, write in WRITERS:
        if is_kind(type_):
            return write
    if types.is_dictionary(type_):
        write_value = text_writer(type_.value_type, read_json)
        return lambda scalar: write_value(scalar.value)
    return writer_of_many(type_, read_json)


def or_null(write: TextOf) -> TextOf:
    return lambda scalar: write(scalar) if scalar.is_valid else "null"


def writer_of_many(type_: pa.DataType, read_json: Callable[[str], str]) -> TextOf:
    if is_list(type_):
        write = or_null(text_writer(type_.value_type, read_json))
        return lambda scalar: f"[{','.join(map(write, scalar.values))}]"
    if types.is_map(type_):
        return map_writer(type_, read_json)
    if types.is_struct(type_):
        keys = [json.dumps(field.name) for field in type_]
        writers = [or_null(text_writer(field.type, read_json)) for field in type_]
        places = range(type_.num_fields)
        return lambda scalar: "{" + ",".join(f"{keys[n]}:{writers[n](scalar[n])}" for n in places) + "}"
    if isinstance(type_, pa.BaseExtensionType):
        write_stored = or_null(text_writer(type_.storage_type, read_json))
        return lambda scalar: write_stored(scalar.value)
    raise NoJSON(f"Values of the type {type_} have no JSON.")


def map_writer(type_: pa.DataType, read_json: Callable[[str], str]) -> TextOf:
    key, value = text_writer(type_.key_type, read_json), or_null(text_writer(type_.item_type, read_json))
    if is_text(type_.key_type):
        return lambda scalar: "{" + ",".join(f"{key(pair[0])}:{value(pair[1])}" for pair in scalar.values) + "}"
    return lambda scalar: "[" + ",".join(f"[{key(pair[0])},{value(pair[1])}]" for pair in scalar.values) + "]"


def is_uuid(type_: pa.DataType) -> bool:
    return isinstance(type_, pa.UuidType)


# For types of which nothing else need be known.
WRITERS: list[tuple[Callable[[pa.DataType], bool], TextOf]] = [
    (is_simple, lambda scalar: text_of_simple(scalar.as_py())),
    (types.is_decimal, lambda scalar: format(scalar.as_py(), "f")),
    (is_moment, lambda scalar: f'"{moment_text(scalar)}"'),
    (is_binary, lambda scalar: f'"{base64.b64encode(scalar.as_py()).decode()}"'),
    (is_uuid, lambda scalar: f'"{scalar.as_py()}"'),
]


def moment_text(scalar: Any) -> str:
    """Raises NoJSON for one outside the years 1 to 9999."""
    type_, count = scalar.type, scalar.value
    try:
        if types.is_date32(type_):
            return str(date(1970, 1, 1) + timedelta(days=count))
        if types.is_date64(type_):
            return str(date(1970, 1, 1) + timedelta(milliseconds=count))
        seconds, rest = divmod(count, PER_SECOND[type_.unit])
        moment = EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise NoJSON("The time is outside the years 1 to 9999.") from None
    fraction = fraction_text(rest, type_.unit)
    if types.is_time(type_):
        return f"{moment:%H:%M:%S}{fraction}"
    return f"{moment.replace(tzinfo=None).isoformat()}{fraction}{'Z' if type_.tz else ''}"


def fraction_text(rest: int, unit: str) -> str:
    """Three, six or nine digits; none for a whole second."""
    if not rest:
        return ""
    digits = f"{rest:0{len(str(PER_SECOND[unit])) - 1}d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f".{digits}"


def plain_value(scalar: Any) -> Any:
    """For a field that takes no JSON. Raises NoJSON."""
    if is_moment(scalar.type):
        return moment_text(scalar)
    if is_uuid(scalar.type):
        return str(scalar.as_py())
    if types.is_decimal(scalar.type):
        return format(scalar.as_py(), "f")
    value = scalar.as_py()
    if isinstance(value, float):
        text_of_simple(value)
    return value
