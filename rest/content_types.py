"""Media types with parameters that Python's reader fails of: a client's mistake, and no failure of the service.

They are in the form of RFC 2231, and name a codec that is none (x*=none''a) or both number and number not their parts
(x*=a; x*0=b).
"""

from typing import Any

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


class MultiPartParser(parsers.MultiPartParser):
    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except TypeError as error:
            raise ParseError("Multipart form parse error - Invalid header of a part.") from error
