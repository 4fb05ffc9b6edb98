"""Everything that holds for all responses: the request id, fixed headers, CORS, and the bound on bodies."""

import functools
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rest.body_errors import RequestTooLarge
from rest.cors import CorsMiddleware
from rest.errors import envelope_response
from rest.request_ids import HEADER, current_request_id, request_id_for
from rest.uploads import body_limit

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# The values that Django's SecurityMiddleware and XFrameOptionsMiddleware send by default, which a view may override.
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
}
HSTS_HEADER = "Strict-Transport-Security"


class HTTPMiddleware:
    """One layer, since each layer costs every request about as much as this whole class."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.respond_to_page: GetResponse = CorsMiddleware(self.respond)  # type: ignore[assignment]  # nothing is asynchronous
        self.hsts = f"max-age={settings.SECURE_HSTS_SECONDS}" if settings.SECURE_HSTS_SECONDS else ""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request_id_for(request.META.get("HTTP_X_REQUEST_ID"))
        current_request_id.set(request_id)
        # The library takes long to find out that a request comes from no page.
        is_from_page = "HTTP_ORIGIN" in request.META or request.method == "OPTIONS"
        response: HttpResponseBase = self.respond_to_page(request) if is_from_page else self.respond(request)
        headers = response.headers
        if not is_from_page:
            headers["Vary"] = with_origin(headers.get("Vary"))
        headers[HEADER] = request_id
        for name, value in SECURITY_HEADERS.items():
            if name not in headers:
                headers[name] = value
        if self.hsts and request.is_secure() and HSTS_HEADER not in headers:
            headers[HSTS_HEADER] = self.hsts
        return response

    def respond(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse a body over the limit by its declared length; the server in front never hands over a longer one."""
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
