"""Reads one request header. Django's `request.headers` builds a mapping of all of them on first use."""

from django.http import HttpRequest
from rest_framework.request import Request


def get_header(request: HttpRequest | Request, name: str) -> str | None:
    """Return the header's value, or None. Not for Content-Type and Content-Length, which WSGI names differently."""
    value: str | None = request.META.get(f"HTTP_{name.upper().replace('-', '_')}")
    return value
