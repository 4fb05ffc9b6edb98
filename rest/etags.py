"""Conditional requests (RFC 9110, section 13): ETag, If-Match, If-None-Match. Pure, but for the errors they raise."""

import hashlib
import re
from typing import Any

from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from rest.headers import get_header
from rest.responses import Response

ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')
ENTITY_TAG_LIST = re.compile(rf"\s*{ENTITY_TAG.pattern}\s*(?:,\s*{ENTITY_TAG.pattern}\s*)*")
ANY = "*"


class StaleVersion(APIException):
    """If-Match names another version than the present one, which the answer tells."""

    status_code = 412
    default_code = "stale_version"
    default_type = "invalid_request"

    def __init__(self, detail: str, version: int) -> None:
        super().__init__(detail)
        self.members = {"current_version": version}
        self.headers = {"ETag": strong_etag(version)}


def strong_etag(version: int) -> str:
    return f'"{version}"'


def weak_etag(*parts: Any) -> str:
    """The tag of an answer that is told by these parts."""
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()
    return f'W/"{digest}"'


def parse_etags(request: Request, name: str) -> list[str] | None:
    """The header's entity tags, or ["*"]; None without the header. Raises ValidationError for what is neither."""
    value = get_header(request, name)
    if value is None:
        return None
    if value.strip() == ANY:
        return [ANY]
    if not ENTITY_TAG_LIST.fullmatch(value):
        raise ValidationError({name: [f"{name} must be * or a list of entity tags."]}, code="invalid")
    return ENTITY_TAG.findall(value)


def check_if_match(request: Request, version: int, noun: str, *, unit: str = "version") -> None:
    """Refuses a write whose If-Match does not name this version, compared strongly. Raises StaleVersion."""
    etags = parse_etags(request, "If-Match")
    if etags is None or ANY in etags or strong_etag(version) in etags:
        return
    given = " or ".join(tag if tag.startswith("W/") else tag.strip('"') for tag in etags)
    raise StaleVersion(f"This {noun} is at {unit} {version}, not {given}.", version)


def is_not_modified(request: Request, tag: str) -> bool:
    """Whether If-None-Match names the tag, compared weakly. An unreadable header is as good as none."""
    try:
        etags = parse_etags(request, "If-None-Match") or []
    except ValidationError:
        return False
    return ANY in etags or tag.removeprefix("W/") in {each.removeprefix("W/") for each in etags}


def not_modified(tag: str, **headers: str) -> Response:
    return Response(status=304, headers={"ETag": tag} | headers)
