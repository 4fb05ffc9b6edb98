"""Conditional requests (RFC 9110, section 13): ETag, If-Match, If-None-Match."""

import hashlib
import re
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from rest.errors import StaleVersion
from rest.headers import get_header
from rest.responses import Response

ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')
ENTITY_TAG_LIST = re.compile(rf"\s*{ENTITY_TAG.pattern}\s*(?:,\s*{ENTITY_TAG.pattern}\s*)*")
ANY = "*"


def strong_etag(version: int) -> str:
    return f'"{version}"'


def weak_etag(*parts: Any) -> str:
    """Return a weak ETag for a response that depends on these parts alone."""
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()
    return f'W/"{digest}"'


def parse_etags(request: Request, name: str) -> list[str] | None:
    """Return the header's entity tags, ["*"], or None without the header. Raises ValidationError if it is malformed."""
    value = get_header(request, name)
    if value is None:
        return None
    if value.strip() == ANY:
        return [ANY]
    if not ENTITY_TAG_LIST.fullmatch(value):
        raise ValidationError({name: [f"{name} must be * or a list of entity tags."]}, code="invalid")
    return ENTITY_TAG.findall(value)


def check_if_match(request: Request, version: int, noun: str, *, unit: str = "version") -> None:
    """Raise StaleVersion if the request has an If-Match that does not name this version, by strong comparison."""
    etags = parse_etags(request, "If-Match")
    if etags is None or ANY in etags or strong_etag(version) in etags:
        return
    given = " or ".join(tag if tag.startswith("W/") else tag.strip('"') for tag in etags)
    raise StaleVersion(noun, version, given, unit=unit)


def is_not_modified(request: Request, tag: str) -> bool:
    """Return whether If-None-Match names the tag, by weak comparison. A malformed header is ignored (RFC 9110)."""
    try:
        etags = parse_etags(request, "If-None-Match") or []
    except ValidationError:
        return False
    return ANY in etags or tag.removeprefix("W/") in {each.removeprefix("W/") for each in etags}


def not_modified(tag: str, **headers: str) -> Response:
    return Response(status=304, headers={"ETag": tag} | headers)
