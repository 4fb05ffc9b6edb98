"""One header of a request. Django's `request.headers` is a mapping of all of them, made when one is first asked for.

Content-Type and Content-Length are not found here: WSGI has other names for them.
"""

from django.http import HttpRequest
from rest_framework.request import Request


def get_header(request: HttpRequest | Request, name: str) -> str | None:
    value: str | None = request.META.get(f"HTTP_{name.upper().replace('-', '_')}")
    return value
