"""Finds the key in a long JSON body without reading the rest, which may cost seconds of work and a gigabyte of memory.

Nobody knows at this point whether who sent it may do anything at all. A body that is no JSON object has no key; nor has
one with NaN or half of a surrogate pair, which would be refused in any case.
"""

import json
from io import BytesIO
from typing import Any

import msgspec
from rest_framework.request import Request

from rest.parsers import ExactJSONParser, RawJSONParser

FIELD = "personal_api_key"
# A shorter one is read as it will be anyway.
LONG_BYTES = 64 * 1024


class Body(msgspec.Struct):
    """What else is in the body is passed over."""

    personal_api_key: msgspec.Raw = msgspec.Raw()


def is_long_json(request: Request) -> bool:
    negotiator: Any = request.negotiator
    is_long = int(request.META.get("CONTENT_LENGTH") or 0) > LONG_BYTES
    return is_long and isinstance(negotiator.select_parser(request, request.parsers), ExactJSONParser)


def scan_long_body(request: Request) -> dict[str, Any]:
    """The field alone, where there is one; with None for a value that is no text. Raises ParseError."""
    stream = BytesIO(request._request.body)  # noqa: SLF001  DRF's own request would parse it
    body: bytes = RawJSONParser().parse(stream, parser_context=request.parser_context).content
    try:
        text = bytes(msgspec.json.decode(body, type=Body).personal_api_key)
        return {FIELD: json.loads(text) if text.startswith(b'"') else None} if text else {}
    except (msgspec.DecodeError, ValueError, RecursionError):
        return {}
