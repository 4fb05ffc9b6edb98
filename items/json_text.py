"""Which JSON values may be stored, and in which text. Pure: texts in, texts out.

A value is kept as the text that was sent: key order, repeated keys and every digit. Two rewritings only: white space
other than blanks goes, so that a value is one line, and string tokens with \\u escapes become plain UTF-8, so that a
search finds them.
"""

import json
import re
from json.decoder import JSONDecoder
from typing import Never

MAX_DEPTH = 250
# What PostgreSQL's numeric, and so jsonb, can hold: digits before and after the decimal point.
# https://www.postgresql.org/docs/current/datatype-numeric.html
MAX_INTEGER_DIGITS = 131_072
MAX_FRACTION_DIGITS = 16_383

# A string that does not end is taken to the end of the text, so that no part of it is looked at twice.
JSON_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
JSON_NUMBER = re.compile(r"-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?")
BRACKETS = re.compile(r"[\[\]{}]")
SURROGATE = re.compile("[\ud800-\udfff]")


# What is looked for together, made alike.
FOLD_TABLE = bytes.maketrans(b"123456789+E{\r\t", b"000000000-e[\n\n")
# An exponent that leads beyond the bounds has so many digits, where no more than SHORT stand before it.
FIVE_DIGITS = b"00000"
FAST_PATH_BYTES = 6000


class InvalidJSONValue(ValueError):
    """A JSON value that cannot be stored: `code` and `detail` as the API answers them."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def invalid_json() -> InvalidJSONValue:
    return InvalidJSONValue("invalid", "Value must be valid JSON.")


def normalize(text: str, *, has_extreme_numbers: bool = True) -> str:
    """The text to store for a syntactically valid JSON value; raises JSONRefused.

    has_extreme_numbers may be False when whoever read the syntax saw only short, finite numbers.
    """
    if text.count("[") + text.count("{") > MAX_DEPTH:
        check_depth(text)
    if has_extreme_numbers:
        check_numbers(text)
    if "\\u" in text:
        text = JSON_STRING.sub(unescape_string, text)
    for space in "\n\r\t":
        if space in text:
            text = text.replace(space, "")
    return text


def is_normalized(json_text: bytes) -> bool:
    """Whether `storable` would give the text back as it is. May say no where that is so.

    For a valid JSON text in UTF-8; costs a tenth of `storable`.
    """
    folded = json_text.translate(FOLD_TABLE)
    return (
        len(json_text) <= FAST_PATH_BYTES
        and (b"\\" not in json_text or b"\\u" not in json_text)
        and b"\n" not in folded
        and (FIVE_DIGITS not in folded or (b"e" + FIVE_DIGITS not in folded and b"e-" + FIVE_DIGITS not in folded))
        and folded.count(b"[") <= MAX_DEPTH
    )


def normalize_form_text(text: str) -> str:
    """Like storable, for text whose syntax nobody has read yet."""
    try:
        json.loads(text, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        raise invalid_json() from None
    return normalize(text.strip())


def check_numbers(text: str) -> None:
    """Refuses NaN, Infinity and numbers beyond MAX_INTEGER_DIGITS or MAX_FRACTION_DIGITS."""
    JSONDecoder(parse_constant=reject_constant, parse_int=check_number, parse_float=check_number).decode(text)


def reject_constant(_: str) -> Never:
    raise invalid_json()


def check_number(text: str) -> None:
    whole, fraction, exponent = JSON_NUMBER.fullmatch(text).groups()  # type: ignore[union-attr]
    fraction, shift = fraction or "", clamp_exponent(exponent or "0")
    leading = len((whole + fraction).lstrip("0"))
    integer_digits = leading - len(fraction) + shift if leading else 0
    if integer_digits > MAX_INTEGER_DIGITS or len(fraction) - shift > MAX_FRACTION_DIGITS:
        raise invalid_json()


def clamp_exponent(exponent: str) -> int:
    """An exponent of many digits is beyond every limit, and beyond what int() takes."""
    if len(exponent) <= 20:
        return int(exponent)
    return -(10**9) if exponent.startswith("-") else 10**9


def check_depth(text: str) -> None:
    depth = 0
    for bracket in BRACKETS.findall(JSON_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            raise InvalidJSONValue("max_depth", f"JSON nesting is limited to {MAX_DEPTH} levels.")


def unescape_string(match: re.Match[str]) -> str:
    token = match[0]
    if "\\u" not in token:
        return token
    value = json.loads(token)
    check_characters(value)
    return json.dumps(value, ensure_ascii=False)


def check_characters(text: str) -> None:
    """Refuses what PostgreSQL holds in no text."""
    if "\0" in text:
        raise InvalidJSONValue("null_characters_not_allowed", "Null characters are not allowed.")
    if surrogate := SURROGATE.search(text):
        detail = f"Surrogate characters are not allowed: U+{ord(surrogate[0]):X}."
        raise InvalidJSONValue("surrogate_characters_not_allowed", detail)
