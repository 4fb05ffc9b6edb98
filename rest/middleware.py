"""Middleware for every path: the request id, security and CORS headers, and the limit on bodies."""

import functools
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rest.body_limits import RequestTooLarge, body_limit
from rest.cors import CorsMiddleware
from rest.errors import envelope_response
from rest.request_ids import HEADER, current_request_id, request_id_for
from rest.responses import Headers

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# The defaults of Django's SecurityMiddleware and XFrameOptionsMiddleware; a view may override them.
SECURITY_HEADERS = Headers(
    {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }
)
HSTS_HEADER = "Strict-Transport-Security"


class HTTPMiddleware:
    """One middleware instead of several, because each one costs about as much as this whole class."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.respond_to_page: GetResponse = CorsMiddleware(self.respond)  # type: ignore[assignment]  # nothing is asynchronous
        self.hsts = f"max-age={settings.SECURE_HSTS_SECONDS}" if settings.SECURE_HSTS_SECONDS else ""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request_id_for(request.META.get("HTTP_X_REQUEST_ID"))
        current_request_id.set(request_id)
        # django-cors-headers is slow for requests that do not come from a page.
        is_from_page = "HTTP_ORIGIN" in request.META or request.method == "OPTIONS"
        response: HttpResponseBase = self.respond_to_page(request) if is_from_page else self.respond(request)
        headers = response.headers
        if not is_from_page:
            headers["Vary"] = with_origin(headers.get("Vary"))
        headers[HEADER] = request_id
        SECURITY_HEADERS.complete(headers)
        if self.hsts and request.is_secure() and HSTS_HEADER not in headers:
            headers[HSTS_HEADER] = self.hsts
        return response

    def respond(self, request: HttpRequest) -> HttpResponseBase:
        """Reject a body whose Content-Length is over the limit; the server never passes on more than was declared."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length != "0" and length.isdecimal():
            limit = body_limit(request.method, request.path_info)
            if int(length) > limit:
                return envelope_response(RequestTooLarge(limit))
        return self.get_response(request)


@functools.lru_cache(maxsize=100)
def with_origin(vary: str | None) -> str:
    names = [name.strip() for name in (vary or "").split(",") if name.strip()]
    is_named = any(name.lower() in {"origin", "*"} for name in names)
    return ", ".join(names if is_named else [*names, "origin"])
