"""JSON in: a body becomes a dict that also knows each member's text, so that values are stored as they were sent."""

import codecs
import json
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from json.decoder import JSONDecoder, scanstring  # type: ignore[attr-defined]  # not in its stubs
from typing import IO, Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

WHITESPACE = re.compile(r"[ \t\n\r]*")
# A number longer than this may lie beyond what a float, Python's int() or PostgreSQL's numeric holds.
MAX_SAFE_NUMBER_LENGTH = 300


class JSONObject(dict[str, Any]):
    """A parsed JSON object. As in v1, the last of several equal keys wins.

    texts            the text of each member's value, without white space around it
    has_extreme_numbers  whether NaN, Infinity, a very long number or a large exponent stands anywhere in it
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
        """Keeps an integer as text where int() would refuse its length."""
        if len(text) <= MAX_SAFE_NUMBER_LENGTH:
            return int(text)
        self.has_extreme_numbers = True
        return text

    def parse_constant(self, text: str) -> float:
        self.has_extreme_numbers = True
        return float(text)


def has_large_exponent(text: str) -> bool:
    _, e, exponent = text.lower().partition("e")
    return bool(e) and len(exponent) > 4  # up to e9999 and e-999 every storage can hold


def parse_json(text: str) -> Any:
    """Any JSON value; an object comes as JSONObject. Raises ValueError with the standard library's texts."""
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
            continue  # an integer of more digits than int() takes: once more, with care
        return result
    raise AssertionError("unreachable: the careful hook takes every integer")


def scan_members(text: str, position: int, result: JSONObject, decoder: Any) -> None:
    """Reads the members of the object whose brace stands before `at`; the errors' texts and places are json's."""
    position = skip_whitespace(text, position)
    if text[position : position + 1] == "}":
        return check_end(text, position + 1)
    while True:
        if text[position : position + 1] != '"':
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, position)
        key, position = scanstring(text, position + 1, True)
        position = skip_whitespace(text, position)
        if text[position : position + 1] != ":":
            raise json.JSONDecodeError("Expecting ':' delimiter", text, position)
        start = skip_whitespace(text, position + 1)
        result[key], position = decoder.scan_once(text, start)
        result.texts[key] = text[start:position]
        position = skip_whitespace(text, position)
        next_character = text[position : position + 1]
        if next_character == "}":
            return check_end(text, position + 1)
        if next_character != ",":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, position)
        position = skip_whitespace(text, position + 1)


def element_texts(text: str) -> Iterator[str]:
    """The texts of the elements of a valid JSON list, one after another."""
    decoder: Any = JSONDecoder(parse_float=len, parse_int=len)
    position = skip_whitespace(text, skip_whitespace(text, 0) + 1)
    while text[position] != "]":
        _, end = decoder.scan_once(text, position)
        yield text[position:end]
        position = skip_whitespace(text, end)
        if text[position] == ",":
            position = skip_whitespace(text, position + 1)


def skip_whitespace(text: str, position: int) -> int:
    """Past white space."""
    return WHITESPACE.match(text, position).end()  # type: ignore[union-attr]  # it matches nothing too


def check_end(text: str, position: int) -> None:
    position = skip_whitespace(text, position)
    if position != len(text):
        raise json.JSONDecodeError("Extra data", text, position)


def read_json(body: bytes, encoding: str = "utf-8") -> Any:
    """What parse_json makes of a body's bytes, decoded as v1 did: half a character at the end is left out.

    Raises ParseError.
    """
    try:
        text = codecs.getreader(encoding)(BytesIO(body)).read()
        if encoding.lower() not in {"utf-8", "utf8"}:
            text.encode()  # some encodings can smuggle in lone surrogates
        if text.startswith("\ufeff"):
            raise json.JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", text, 0)
        return parse_json(text)
    except ValueError as error:
        raise ParseError(f"JSON parse error - {error}") from error
    except RecursionError as error:
        raise ParseError("JSON parse error - Nesting is too deep.") from error


class ExactJSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        refuse_packed(parser_context)
        return read_json(stream.read(), encoding_in(parser_context))


class RawBody:
    """JSON in UTF-8, or lines of it: for a view that reads it by itself, value by value."""

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
    """Whether a line is UTF-8 is for the view to find out, which can say which one is not."""

    media_type = "application/x-ndjson"
    is_ndjson = True

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        if encoding_in(parser_context).lower() not in {"utf-8", "utf8"}:
            return super().parse(stream, media_type, parser_context)
        return RawBody(read_body(stream, parser_context).removeprefix(codecs.BOM_UTF8), is_ndjson=True)


class JSONLParser(NDJSONParser):
    media_type = "application/jsonl"


def refuse_packed(parser_context: Any) -> None:
    """Where a body is small. Raises UnsupportedMediaType."""
    request = (parser_context or {}).get("request")
    encoding = (request.META.get("HTTP_CONTENT_ENCODING") or "").strip().lower() if request else ""
    if encoding not in {"", "identity"}:
        detail = f'No Content-Encoding is taken here, but "{encoding[:60]}" was sent. Bulk and import take gzip.'
        raise UnsupportedMediaType("", detail)


def read_body(stream: IO[bytes], parser_context: Any) -> bytes:
    """Unpacked where its Content-Encoding says gzip. Raises ParseError, RequestDataTooBig, UnsupportedMediaType."""
    request = (parser_context or {}).get("request")
    encoding = (request.META.get("HTTP_CONTENT_ENCODING") or "").strip().lower() if request else ""
    if encoding in {"", "identity"}:
        return stream.read()
    if encoding not in {"gzip", "x-gzip"}:
        raise UnsupportedMediaType("", f'A body may be packed with gzip, but not with "{encoding[:60]}".')
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(stream.read(), settings.BODY_LIMIT_BYTES + 1)
    except zlib.error:
        raise ParseError("The body is not gzip, as its Content-Encoding says, or it is damaged.") from None
    if len(content) > settings.BODY_LIMIT_BYTES:
        raise RequestDataTooBig
    if not unpacker.eof or unpacker.unused_data:
        raise ParseError("The gzip body is cut short, or something follows it.")
    return content


def encoding_in(parser_context: Any) -> str:
    return (parser_context or {}).get("encoding") or "utf-8"
