"""JSON in: a body becomes a dict that also knows each member's text, so that values are stored as they were sent."""

import codecs
import json
import re
from collections.abc import Iterator
from io import BytesIO
from json.decoder import JSONDecoder, scanstring  # type: ignore[attr-defined]  # not in its stubs
from typing import IO, Any, ClassVar

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

WHITESPACE = re.compile(r"[ \t\n\r]*")
# A number longer than this may lie beyond what a float, Python's int() or PostgreSQL's numeric holds.
PLAIN_NUMBER_LENGTH = 300


class JSONObject(dict[str, Any]):
    """A parsed JSON object. As in v1, the last of several equal keys wins.

    texts            the text of each member's value, without white space around it
    has_odd_numbers  whether NaN, Infinity, a very long number or a large exponent stands anywhere in it
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.has_odd_numbers = False

    def parse_float(self, text: str) -> float:
        if len(text) > PLAIN_NUMBER_LENGTH or large_exponent(text):
            self.has_odd_numbers = True
        return float(text)

    def parse_long_int(self, text: str) -> int | str:
        """Keeps an integer as text where int() would refuse its length."""
        if len(text) <= PLAIN_NUMBER_LENGTH:
            return int(text)
        self.has_odd_numbers = True
        return text

    def parse_constant(self, text: str) -> float:
        self.has_odd_numbers = True
        return float(text)


def large_exponent(text: str) -> bool:
    _, e, exponent = text.lower().partition("e")
    return bool(e) and len(exponent) > 4  # up to e9999 and e-999 every storage can hold


def parse_json(text: str) -> Any:
    """Any JSON value; an object comes as JSONObject. Raises ValueError with the standard library's texts."""
    start = skip(text, 0)
    if text[start : start + 1] != "{":
        return json.loads(text)
    for parse_int in (None, JSONObject.parse_long_int):
        found = JSONObject()
        hook = parse_int and parse_int.__get__(found)
        decoder = JSONDecoder(parse_float=found.parse_float, parse_int=hook, parse_constant=found.parse_constant)
        try:
            scan_members(text, start + 1, found, decoder)
        except json.JSONDecodeError:
            raise
        except StopIteration as stop:
            raise json.JSONDecodeError("Expecting value", text, stop.value) from None
        except ValueError:
            continue  # an integer of more digits than int() takes: once more, with care
        return found
    raise AssertionError("unreachable: the careful hook takes every integer")


def scan_members(text: str, at: int, found: JSONObject, decoder: Any) -> None:
    """Reads the members of the object whose brace stands before `at`; the errors' texts and places are json's."""
    at = skip(text, at)
    if text[at : at + 1] == "}":
        return finish(text, at + 1)
    while True:
        if text[at : at + 1] != '"':
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
        key, at = scanstring(text, at + 1, True)
        at = skip(text, at)
        if text[at : at + 1] != ":":
            raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
        start = skip(text, at + 1)
        found[key], at = decoder.scan_once(text, start)
        found.texts[key] = text[start:at]
        at = skip(text, at)
        following = text[at : at + 1]
        if following == "}":
            return finish(text, at + 1)
        if following != ",":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
        at = skip(text, at + 1)


def element_texts(text: str) -> Iterator[str]:
    """The texts of the elements of a valid JSON list, one after another."""
    decoder: Any = JSONDecoder(parse_float=len, parse_int=len)
    at = skip(text, skip(text, 0) + 1)
    while text[at] != "]":
        _, end = decoder.scan_once(text, at)
        yield text[at:end]
        at = skip(text, end)
        if text[at] == ",":
            at = skip(text, at + 1)


def skip(text: str, at: int) -> int:
    """Past white space."""
    return WHITESPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing too


def finish(text: str, at: int) -> None:
    at = skip(text, at)
    if at != len(text):
        raise json.JSONDecodeError("Extra data", text, at)


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
        return read_json(stream.read(), encoding_in(parser_context))


class RawBody:
    """JSON in UTF-8, or lines of it: for a view that reads it by itself, value by value."""

    def __init__(self, content: bytes, *, is_lines: bool) -> None:
        self.content = content
        self.is_lines = is_lines


class RawJSONParser(BaseParser):
    media_type = "application/json"
    is_lines: ClassVar[bool] = False

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        encoding = encoding_in(parser_context)
        content = stream.read()
        try:
            text, _ = codecs.getdecoder(encoding)(content)
            if encoding.lower() not in {"utf-8", "utf8"}:
                content = text.encode()
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}") from error
        return RawBody(content, is_lines=self.is_lines)


class RawLinesParser(RawJSONParser):
    """Whether a line is UTF-8 is for the view to find out, which can say which one is not."""

    media_type = "application/x-ndjson"
    is_lines = True

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        if encoding_in(parser_context).lower() not in {"utf-8", "utf8"}:
            return super().parse(stream, media_type, parser_context)
        return RawBody(stream.read().removeprefix(codecs.BOM_UTF8), is_lines=True)


def encoding_in(parser_context: Any) -> str:
    return (parser_context or {}).get("encoding") or "utf-8"
