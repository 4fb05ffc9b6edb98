"""Finds the personal API key of a request, and what it gives access to."""

import base64
import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, Throttled
from rest_framework.request import Request

from auth.access import Access, UserRow, fetch_access
from auth.prefetch import KeyRequestState
from auth.rate_limits import seconds_to_wait
from rest.body_limits import SMALL_BODY_BYTES
from rest.preauthorization import EXPECT_CONTINUE
from rest.state import get_state

# v1's pattern, with at least two characters, but a case-insensitive scheme (RFC 9110, section 11.1).
BEARER = re.compile(r"Bearer\s+(\S.+)", re.IGNORECASE)
FIELD = "personal_api_key"
OAUTH_PREFIX = "pha_"
MAX_PROJECT_ID = 2**63 - 1


class PersonalAPIKeyAuthentication(BaseAuthentication):
    """Looks for a key in the header, the body and the query string, as v1 did; only the first one found is tried."""

    def authenticate(self, request: Request) -> tuple[UserRow, Access] | None:
        key, location = find_key(request)
        if location is None:
            return None
        access = access_by_key(request, key) if isinstance(key, str) else None
        if access is None:
            throttle_failed_auth(self, request)
            raise AuthenticationFailed(f"Personal API key found in request {location} is invalid.")
        return access.user, access

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def access_by_key(request: Request, key: str) -> Access | None:
    state = get_state(request, KeyRequestState)
    prefetch = state.prefetch.bind(request, state.kwargs) if state.prefetch else None
    return fetch_access(key, **project_kwargs(state.kwargs), prefetch=prefetch)


def get_access(request: Request) -> Access | None:
    """Return the access that authentication found, or None for a request without a key."""
    return request.auth  # type: ignore[return-value]  # the stubs only know DRF's own tokens


def find_key(request: Request) -> tuple[Any, str | None]:
    """Return the key and its location in the request; both are None if there is no key."""
    match = BEARER.fullmatch(request.META.get("HTTP_AUTHORIZATION", ""))
    if match:
        reject_other_tokens(match[1])
        return match[1].strip(), "Authorization header"
    body = body_or_empty(request)
    if FIELD in body:
        return body[FIELD], "body"
    if FIELD in request.query_params:
        return request.query_params[FIELD], "query string"
    return None, None


def has_key_in_query(request: Request) -> bool:
    """Return whether the query string has a key; also True if it is malformed, since it may contain one."""
    if not request.META.get("QUERY_STRING"):
        return False
    try:
        return FIELD in request.query_params
    except SuspiciousOperation:
        return True


def reject_other_tokens(token: str) -> None:
    """Raise AuthenticationFailed for JWT and OAuth tokens: v1 tried them first, and this service issues neither."""
    if token.startswith(OAUTH_PREFIX):
        raise AuthenticationFailed("Invalid access token.")
    if "." in token and is_jwt_of_other_algorithm(token):
        raise AuthenticationFailed("Token invalid.")


def is_jwt_of_other_algorithm(token: str) -> bool:
    """Return whether v1 rejected the token as a JWT. One with v1's own algorithm was tried as a personal key."""
    parts = token.split(".")
    if len(parts) != 3:
        return False
    try:
        header, *_ = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts]
        fields = json.loads(header)
    except (ValueError, RecursionError):
        return False
    return isinstance(fields, dict) and fields.get("alg") != "HS256"


def body_or_empty(request: Request) -> dict[str, Any]:
    """Return the members of a small body, or {} if it is no valid object; the error is raised later, if at all.

    Parsing a large body before access is decided would be too expensive, so it cannot contain the key.
    """
    if is_long(request):
        return {}
    try:
        body = request.data
    except (APIException, SuspiciousOperation) as error:
        get_state(request).unreadable_body = error
        return {}
    return body if isinstance(body, dict) else {}


def is_long(request: Request) -> bool:
    return EXPECT_CONTINUE in request.META or int(request.META.get("CONTENT_LENGTH") or 0) > SMALL_BODY_BYTES


def project_kwargs(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return fetch_access's arguments for the project in the URL, a number or @current; anything else is no project."""
    segment = str(kwargs.get("project_id", kwargs.get("environment_id", "")))
    if segment == "@current":
        return {"project_id": None, "current_project": True}
    is_number = segment.isascii() and segment.isdecimal() and len(segment) < 100
    number = int(segment) if is_number else -1
    return {"project_id": number if 0 <= number <= MAX_PROJECT_ID else None}


def throttle_failed_auth(authentication: BaseAuthentication, request: Request) -> None:
    """Count an invalid key against its address. Valid keys from that address are unaffected. Raises Throttled."""
    from rest_framework.throttling import BaseThrottle  # noqa: PLC0415  DRF's throttling imports its views' settings

    # A server on a Unix socket sees no address.
    wait = seconds_to_wait(f"address:{client_network(BaseThrottle().get_ident(request) or '')}")
    if wait:
        raise Throttled(wait)


def client_network(address: str) -> str:
    """Return the address, or the /64 network of an IPv6 address, since one client usually controls all of it."""
    try:
        network = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address
    if isinstance(network, ipaddress.IPv4Address):
        return str(network)
    return str(network.ipv4_mapped or ipaddress.IPv6Network((int(network), 64), strict=False))
