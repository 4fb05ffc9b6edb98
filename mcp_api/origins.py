"""The check of the Origin header, which only pages in browsers send.

A page whose host name leads to this machine (DNS rebinding) also sends that name as Host, so the two prove nothing by
being equal unless ALLOWED_HOSTS names the hosts.
"""

from urllib.parse import urlsplit

from django.conf import settings
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from rest.headers import get_header

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def check_origin(request: Request) -> None:
    """Raises PermissionDenied."""
    origin = get_header(request, "Origin")
    if origin is not None and not is_allowed(origin, request):
        raise PermissionDenied("Pages of this origin may not use this endpoint. CORS_ALLOWED_ORIGINS can allow them.")


def is_allowed(origin: str, request: Request) -> bool:
    if origin in settings.CORS_ALLOWED_ORIGINS:
        return True
    if "*" not in settings.ALLOWED_HOSTS and origin == f"{request.scheme}://{request.get_host()}":
        return True
    try:
        return urlsplit(origin).hostname in LOOPBACK
    except ValueError:
        return False
