"""JSON parsers that keep the text of each member, so that values are stored exactly as sent."""

import codecs
import json
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from json.decoder import JSONDecoder, scanstring  # type: ignore[attr-defined]  # not in its stubs
from typing import IO, Any, ClassVar

from django.conf import settings
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

from rest.body_limits import RequestTooLarge

WHITESPACE = re.compile(r"[ \t\n\r]*")
COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
COMMA_OR_END = re.compile(r"[ \t\n\r]*([,}])[ \t\n\r]*")
# A longer number may exceed the range of a float, Python's int() or PostgreSQL's numeric.
MAX_SAFE_NUMBER_LENGTH = 300


class JSONObject(dict[str, Any]):
    """A parsed JSON object. The last of several equal keys wins, as in v1.

    texts                the text of each member's value, without surrounding whitespace
    has_extreme_numbers  whether it contains NaN, Infinity, a very long number or a large exponent, at any depth
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.has_extreme_numbers = False

    def parse_float(self, text: str) -> float:
        if len(text) > MAX_SAFE_NUMBER_LENGTH or has_large_exponent(text):
            self.has_extreme_numbers = True
        return float(text)

    def parse_long_int(self, text: str) -> int | str:
        """Return an integer as text if int() would reject its length."""
        if len(text) <= MAX_SAFE_NUMBER_LENGTH:
            return int(text)
        self.has_extreme_numbers = True
        return text

    def parse_constant(self, text: str) -> float:
        self.has_extreme_numbers = True
        return float(text)


def has_large_exponent(text: str) -> bool:
    _, e, exponent = text.lower().partition("e")
    return bool(e) and len(exponent) > 4  # exponents up to e9999 and e-999 can always be stored


def parse_json(text: str) -> Any:
    """Parse any JSON value; an object becomes a JSONObject. Raises ValueError with the standard library's messages."""
    start = skip_whitespace(text, 0)
    if text[start : start + 1] != "{":
        return json.loads(text)
    for parse_int in (None, JSONObject.parse_long_int):
        result = JSONObject()
        hook = parse_int and parse_int.__get__(result)
        decoder = JSONDecoder(parse_float=result.parse_float, parse_int=hook, parse_constant=result.parse_constant)
        try:
            scan_members(text, start + 1, result, decoder)
        except json.JSONDecodeError:
            raise
        except StopIteration as stop:
            raise json.JSONDecodeError("Expecting value", text, stop.value) from None
        except ValueError:
            continue  # an integer with more digits than int() accepts: parse again, keeping long ones as text
        return result
    raise AssertionError("unreachable: parse_long_int accepts every integer")


def scan_members(text: str, position: int, result: JSONObject, decoder: Any) -> None:
    """Read the members of the object whose brace precedes `position`, with the json module's errors."""
    position = skip_whitespace(text, position)
    if text[position : position + 1] == "}":
        return check_end(text, position + 1)
    while True:
        if text[position : position + 1] != '"':
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, position)
        key, position = scanstring(text, position + 1, True)
        colon = COLON.match(text, position)
        if colon is None:
            raise json.JSONDecodeError("Expecting ':' delimiter", text, skip_whitespace(text, position))
        start = colon.end()
        result[key], position = decoder.scan_once(text, start)
        result.texts[key] = text[start:position]
        mark = COMMA_OR_END.match(text, position)
        if mark is None:
            raise json.JSONDecodeError("Expecting ',' delimiter", text, skip_whitespace(text, position))
        position = mark.end()
        if mark[1] == "}":
            return check_end(text, position)


def element_texts(text: str) -> Iterator[str]:
    """Yield the text of each element of a valid JSON array."""
    decoder: Any = JSONDecoder(parse_float=len, parse_int=len)
    position = skip_whitespace(text, skip_whitespace(text, 0) + 1)
    while text[position] != "]":
        _, end = decoder.scan_once(text, position)
        yield text[position:end]
        position = skip_whitespace(text, end)
        if text[position] == ",":
            position = skip_whitespace(text, position + 1)


def skip_whitespace(text: str, position: int) -> int:
    return WHITESPACE.match(text, position).end()  # type: ignore[union-attr]  # it matches nothing too


def check_end(text: str, position: int) -> None:
    position = skip_whitespace(text, position)
    if position != len(text):
        raise json.JSONDecodeError("Extra data", text, position)


def read_json(body: bytes, encoding: str = "utf-8") -> Any:
    """Decode and parse a body. An incomplete character at its end is dropped, as in v1. Raises ParseError."""
    try:
        text = decode(body, encoding)
        if encoding.lower() not in {"utf-8", "utf8"}:
            text.encode()  # some encodings can smuggle in lone surrogates
        if text.startswith("\ufeff"):
            raise json.JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", text, 0)
        return parse_json(text)
    except ValueError as error:
        raise ParseError(f"JSON parse error - {error}") from error
    except RecursionError as error:
        raise ParseError("JSON parse error - Nesting is too deep.") from error


def decode(body: bytes, encoding: str) -> str:
    """Decode a body without an incomplete character at its end. Raises ValueError."""
    try:
        if encoding == "utf-8":
            return body.decode()
    except UnicodeDecodeError:
        pass
    return codecs.getreader(encoding)(BytesIO(body)).read()


class ExactJSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        reject_compressed(parser_context)
        return read_json(stream.read(), encoding_in(parser_context))


class RawBody:
    """A body of JSON or JSON lines in UTF-8 that the view parses itself, value by value."""

    def __init__(self, content: bytes, *, is_ndjson: bool) -> None:
        self.content = content
        self.is_ndjson = is_ndjson


class RawJSONParser(BaseParser):
    media_type = "application/json"
    is_ndjson: ClassVar[bool] = False

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        encoding = encoding_in(parser_context)
        content = read_body(stream, parser_context)
        try:
            text, _ = codecs.getdecoder(encoding)(content)
            if encoding.lower() not in {"utf-8", "utf8"}:
                content = text.encode()
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}") from error
        return RawBody(content, is_ndjson=self.is_ndjson)


class NDJSONParser(RawJSONParser):
    """Leaves the check for UTF-8 to the view, which can name the invalid line."""

    media_type = "application/x-ndjson"
    is_ndjson = True

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        if encoding_in(parser_context).lower() not in {"utf-8", "utf8"}:
            return super().parse(stream, media_type, parser_context)
        return RawBody(read_body(stream, parser_context).removeprefix(codecs.BOM_UTF8), is_ndjson=True)


class JSONLParser(NDJSONParser):
    media_type = "application/jsonl"


def reject_compressed(parser_context: Any) -> None:
    """Raise UnsupportedMediaType if the body has a Content-Encoding."""
    request = (parser_context or {}).get("request")
    encoding = (request.META.get("HTTP_CONTENT_ENCODING") or "").strip().lower() if request else ""
    if encoding not in {"", "identity"}:
        detail = f'This endpoint does not accept Content-Encoding "{encoding[:60]}". Bulk and import accept gzip.'
        raise UnsupportedMediaType("", detail)


def read_body(stream: IO[bytes], parser_context: Any) -> bytes:
    """Return the body, decompressed if it is gzip. Raises ParseError, RequestTooLarge or UnsupportedMediaType."""
    request = (parser_context or {}).get("request")
    encoding = (request.META.get("HTTP_CONTENT_ENCODING") or "").strip().lower() if request else ""
    if encoding in {"", "identity"}:
        return stream.read()
    if encoding not in {"gzip", "x-gzip"}:
        raise UnsupportedMediaType("", f'Content-Encoding must be gzip, not "{encoding[:60]}".')
    decompressor = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        content = decompressor.decompress(stream.read(), settings.BODY_LIMIT_BYTES + 1)
    except zlib.error:
        raise ParseError("The body is not valid gzip, although its Content-Encoding says so.") from None
    if len(content) > settings.BODY_LIMIT_BYTES:
        raise RequestTooLarge(settings.BODY_LIMIT_BYTES)
    if not decompressor.eof or decompressor.unused_data:
        raise ParseError("The gzip body is incomplete, or followed by other data.")
    return content


def encoding_in(parser_context: Any) -> str:
    return (parser_context or {}).get("encoding") or "utf-8"
