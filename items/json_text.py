"""Check which JSON values can be stored, and normalize their text. Pure.

A value is kept as the text that was sent: key order, repeated keys and every digit. Only two things are rewritten:
white space other than blanks is removed, so that a value is one line, and string tokens with \\u escapes become plain
UTF-8, so that a search finds them.
"""

import json
import re
from json.decoder import JSONDecoder
from typing import Never

MAX_DEPTH = 250
# The limits of PostgreSQL's numeric, and so of jsonb: digits before and after the decimal point.
# https://www.postgresql.org/docs/current/datatype-numeric.html
MAX_INTEGER_DIGITS = 131_072
MAX_FRACTION_DIGITS = 16_383

# An unterminated string extends to the end of the text, so that no part of it is scanned twice.
JSON_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
JSON_NUMBER = re.compile(r"-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?")
BRACKETS = re.compile(r"[\[\]{}]")
SURROGATE = re.compile("[\ud800-\udfff]")


# Folds the bytes to search for, so that one search finds several.
FOLD_TABLE = bytes.maketrans(b"123456789+E{\r\t", b"000000000-e[\n\n")
# An exponent beyond the bounds has at least this many digits, in a text of at most FAST_PATH_BYTES.
FIVE_DIGITS = b"00000"
FAST_PATH_BYTES = 6000


class InvalidJSONValue(ValueError):
    """The JSON value cannot be stored; `code` and `detail` are those of the API's error."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def invalid_json() -> InvalidJSONValue:
    return InvalidJSONValue("invalid", "Value must be valid JSON.")


def normalize(text: str, *, has_extreme_numbers: bool = True) -> str:
    """Return the text to store for a syntactically valid JSON value. Raises InvalidJSONValue.

    has_extreme_numbers may be False if the parser saw only short, finite numbers.
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
    """Whether normalize() certainly returns the text unchanged; False if unsure.

    Takes a valid JSON text in UTF-8, and costs a tenth of normalize().
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
    """Normalize a text whose syntax has not been checked yet. Raises InvalidJSONValue."""
    try:
        json.loads(text, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        raise invalid_json() from None
    return normalize(text.strip())


def check_numbers(text: str) -> None:
    """Reject NaN, Infinity and numbers beyond MAX_INTEGER_DIGITS or MAX_FRACTION_DIGITS."""
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
    """Clamp an exponent of many digits, which exceeds every limit, and what int() takes."""
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
    """Reject characters that PostgreSQL cannot store in text."""
    if "\0" in text:
        raise InvalidJSONValue("null_characters_not_allowed", "Null characters are not allowed.")
    if surrogate := SURROGATE.search(text):
        detail = f"Surrogate characters are not allowed: U+{ord(surrogate[0]):X}."
        raise InvalidJSONValue("surrogate_characters_not_allowed", detail)
