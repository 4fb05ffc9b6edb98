"""CORS with any request headers."""

import re

from corsheaders import middleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

ALLOW_HEADERS = "Access-Control-Allow-Headers"
# Comma-separated field names (RFC 9110), as browsers send them.
HEADER_NAMES = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+(?: *, *[!#$%&'*+.^_`|~0-9A-Za-z-]+)*")


class CorsMiddleware(middleware.CorsMiddleware):
    """Allows all headers that a preflight requests, since tracing libraries add their own to each request.

    Credentials are not allowed, so a page can only send what it knows itself.
    """

    def add_response_headers(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response = super().add_response_headers(request, response)
        requested = request.META.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
        if ALLOW_HEADERS in response.headers and HEADER_NAMES.fullmatch(requested):
            response.headers[ALLOW_HEADERS] = requested
            patch_vary_headers(response, ["access-control-request-headers"])
        return response
