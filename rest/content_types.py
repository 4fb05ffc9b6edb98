"""Content negotiation and form parsers that answer unreadable media types and texts with a 400, not a 500.

Python's parser raises on RFC 2231 parameters that name an unknown codec (x*=none''a) or give a value both whole and in
parts (x*=a; x*0=b).
"""

from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import QueryDict
from django.utils.http import parse_header_parameters
from rest_framework import parsers
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

UNREADABLE = (ValueError, TypeError)


def is_readable(media_type: str) -> bool:
    try:
        parse_header_parameters(media_type)
    except UNREADABLE:
        return False
    return True


class ContentNegotiation(DefaultContentNegotiation):
    def get_accept_list(self, request: Request) -> list[str]:
        return list(filter(is_readable, super().get_accept_list(request)))


class FormParser(parsers.FormParser):
    """DRF's parser, but invalid UTF-8 raises ParseError; DRF would replace the invalid bytes."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body, encoding = stream.read(), encoding_of(parser_context)
        if is_utf8(encoding):
            # Separators are ASCII, so the whole body is UTF-8 if and only if each name and value is.
            decode(unquote_to_bytes(body), "Form")
        return QueryDict(body, encoding=encoding)


class MultiPartParser(parsers.MultiPartParser):
    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Raise ParseError for invalid UTF-8. Texts are decoded as Latin-1 first: Django would replace the bytes."""
        is_strict = is_utf8(encoding_of(parser_context))
        context = {**parser_context, "encoding": "latin-1"} if is_strict else parser_context
        try:
            form: Any = super().parse(stream, media_type, context)
        except TypeError as error:
            raise ParseError("Multipart form parse error - Invalid header of a part.") from error
        if is_strict:
            form.data = with_utf8_values(form.data)
        return form


def with_utf8_values(form: QueryDict) -> QueryDict:
    decoded = QueryDict(mutable=True)
    for name, values in form.lists():
        decoded.setlist(name, [decode(value.encode("latin-1"), "Multipart form") for value in values])
    return decoded


def decode(text: bytes, kind: str) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise ParseError(f"{kind} parse error - {error.reason}: the form must be UTF-8.") from error


def encoding_of(parser_context: Any) -> str:
    return str((parser_context or {}).get("encoding") or settings.DEFAULT_CHARSET)


def is_utf8(encoding: str) -> bool:
    return encoding.lower() in {"utf-8", "utf8"}
