"""Convert Arrow values, as read from Parquet, to JSON. Nothing is rounded; types without JSON are errors.

null null bool, string the same integers, decimals the same digits floating-point numbers the shortest digits that round
to the same number of that width; NaN and infinity are errors list array struct object with all members; map with string
keys: object; other map: array of pairs date, time, timestamp string (ISO 8601) with as many digits as it has; a
timestamp with a time zone in UTC binary base64 string UUID string JSON the value that it contains duration, interval
and rarer errors
"""

import base64
import json
import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
from django.conf import settings
from pyarrow import types

Encoder = Callable[[Any], str]
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotRepresentable(ValueError):
    """JSON has no such type or value."""


def is_text(type_: pa.DataType) -> bool:
    return bool(types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_))


def is_list(type_: pa.DataType) -> bool:
    return isinstance(type_, pa.ListType | pa.LargeListType | pa.FixedSizeListType | pa.ListViewType)


def is_binary(type_: pa.DataType) -> bool:
    kinds = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary, types.is_binary_view)
    return any(is_kind(type_) for is_kind in kinds)


def is_temporal(type_: pa.DataType) -> bool:
    return bool(types.is_timestamp(type_) or types.is_date(type_) or types.is_time(type_))


def is_plain_json(type_: pa.DataType) -> bool:
    """Whether Python has the same values and its json module writes them exactly."""
    if is_list(type_):
        return is_plain_json(type_.value_type)
    if types.is_struct(type_):
        return len({field.name for field in type_}) == type_.num_fields and all(is_plain_json(f.type) for f in type_)
    is_number = types.is_integer(type_) or types.is_float64(type_)
    return bool(is_number or types.is_boolean(type_) or types.is_null(type_) or is_text(type_))


def plain_json(value: Any) -> str:
    """Return the JSON of a Python value. Raises NotRepresentable."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        raise NotRepresentable("NaN and infinity are not valid JSON.") from None


def narrow_float(type_: pa.DataType) -> Encoder:
    """Encode 32-bit and 16-bit floats, which Python widens to doubles: 0.1 would be 0.10000000149011612."""
    code, most_digits = ("f", 9) if types.is_float32(type_) else ("e", 5)

    def encode(scalar: Any) -> str:
        value = float(scalar.as_py())
        for digits in range(1, most_digits + 1):
            shortest = float(f"{value:.{digits}g}")
            with suppress(OverflowError):
                if struct.unpack(code, struct.pack(code, shortest))[0] == value:
                    return plain_json(shortest)
        return plain_json(value)

    return encode


def is_narrow_float(type_: pa.DataType) -> bool:
    return bool(types.is_float32(type_) or types.is_float16(type_))


def join(texts: Iterable[str]) -> str:
    """Join with commas, up to the limit of a row: a small page may repeat a long text any number of times."""
    parts: list[str] = []
    length = 0
    for text in texts:
        length += len(text) + 1
        if length > settings.BODY_LIMIT_BYTES:
            raise NotRepresentable(f"The row exceeds the limit of {settings.BODY_LIMIT_BYTES} bytes.")
        parts.append(text)
    return ",".join(parts)


def json_encoder_for(type_: pa.DataType, read_json: Callable[[str], str]) -> Encoder:
    """Return an encoder of non-null scalars to JSON text; read_json checks columns of JSON.

    Raises NotRepresentable.
    """
    if isinstance(type_, pa.JsonType):
        return lambda scalar: read_json(scalar.as_py())
    for is_kind, encode in ENCODERS:
        if is_kind(type_):
            return encode
    if is_narrow_float(type_):
        return narrow_float(type_)
    if types.is_dictionary(type_):
        encode_value = json_encoder_for(type_.value_type, read_json)
        return lambda scalar: encode_value(scalar.value)
    return composite_encoder(type_, read_json)


def null_or(encode: Encoder) -> Encoder:
    return lambda scalar: encode(scalar) if scalar.is_valid else "null"


def composite_encoder(type_: pa.DataType, read_json: Callable[[str], str]) -> Encoder:
    if is_list(type_):
        encode = null_or(json_encoder_for(type_.value_type, read_json))
        return lambda scalar: f"[{join(map(encode, scalar.values))}]"
    if types.is_map(type_):
        return map_encoder(type_, read_json)
    if types.is_struct(type_):
        keys = [json.dumps(field.name) for field in type_]
        encoders = [null_or(json_encoder_for(field.type, read_json)) for field in type_]
        indexes = range(type_.num_fields)
        return lambda scalar: "{" + join(f"{keys[n]}:{encoders[n](scalar[n])}" for n in indexes) + "}"
    if isinstance(type_, pa.BaseExtensionType):
        encode_storage = null_or(json_encoder_for(type_.storage_type, read_json))
        return lambda scalar: encode_storage(scalar.value)
    raise NotRepresentable(f"Values of type {type_} have no JSON representation.")


def map_encoder(type_: pa.DataType, read_json: Callable[[str], str]) -> Encoder:
    key, value = json_encoder_for(type_.key_type, read_json), null_or(json_encoder_for(type_.item_type, read_json))
    if is_text(type_.key_type) or is_text(getattr(type_.key_type, "value_type", type_.key_type)):
        return lambda scalar: "{" + join(f"{key(pair[0])}:{value(pair[1])}" for pair in scalar.values) + "}"
    return lambda scalar: "[" + join(f"[{key(pair[0])},{value(pair[1])}]" for pair in scalar.values) + "]"


def is_uuid(type_: pa.DataType) -> bool:
    return isinstance(type_, pa.UuidType)


# Encoders of types without parameters.
ENCODERS: list[tuple[Callable[[pa.DataType], bool], Encoder]] = [
    (is_plain_json, lambda scalar: plain_json(scalar.as_py())),
    (types.is_decimal, lambda scalar: format(scalar.as_py(), "f")),
    (is_temporal, lambda scalar: f'"{time_text(scalar)}"'),
    (is_binary, lambda scalar: f'"{base64.b64encode(scalar.as_py()).decode()}"'),
    (is_uuid, lambda scalar: f'"{scalar.as_py()}"'),
]


def time_text(scalar: Any) -> str:
    """Raises NotRepresentable for a time outside the years 1 to 9999."""
    type_, count = scalar.type, scalar.value
    try:
        if types.is_date32(type_):
            return str(date(1970, 1, 1) + timedelta(days=count))
        if types.is_date64(type_):
            return str(date(1970, 1, 1) + timedelta(milliseconds=count))
        seconds, remainder = divmod(count, PER_SECOND[type_.unit])
        instant = EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise NotRepresentable("The time is outside the years 1 to 9999.") from None
    fraction = fraction_text(remainder, type_.unit)
    if types.is_time(type_):
        return f"{instant:%H:%M:%S}{fraction}"
    return f"{instant.replace(tzinfo=None).isoformat()}{fraction}{'Z' if type_.tz else ''}"


def fraction_text(remainder: int, unit: str) -> str:
    """Return three, six or nine digits; nothing for a whole second."""
    if not remainder:
        return ""
    digits = f"{remainder:0{len(str(PER_SECOND[unit])) - 1}d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f".{digits}"


def scalar_value(scalar: Any) -> Any:
    """Return the Python value for a field that is not JSON. Raises NotRepresentable."""
    if is_temporal(scalar.type):
        return time_text(scalar)
    if is_uuid(scalar.type):
        return str(scalar.as_py())
    if types.is_decimal(scalar.type):
        return format(scalar.as_py(), "f")
    if is_narrow_float(scalar.type):
        return json.loads(narrow_float(scalar.type)(scalar))
    value = scalar.as_py()
    if isinstance(value, float):
        plain_json(value)
    return value
