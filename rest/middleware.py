"""What every answer gets, whatever its path: a request id, headers for pages elsewhere, and the limit on bodies."""

import re
from collections.abc import Callable

from corsheaders import middleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from rest.body_errors import RequestTooLarge
from rest.errors import envelope_response
from rest.request_ids import HEADER, current_request_id, request_id_for
from rest.uploads import body_limit

ALLOW_HEADERS = "Access-Control-Allow-Headers"
# As browsers send them: field names of RFC 9110, separated by commas.
HEADER_NAMES = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+(?: *, *[!#$%&'*+.^_`|~0-9A-Za-z-]+)*")
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestIdMiddleware:
    """Answers with the client's X-Request-Id, or with a new one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request_id_for(request.META.get("HTTP_X_REQUEST_ID"))
        current_request_id.set(request_id)
        response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response


class CorsMiddleware(middleware.CorsMiddleware):
    """The library's, which takes long to find out that a request comes from no page."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "HTTP_ORIGIN" in request.META or request.method == "OPTIONS":
            return super().__call__(request)  # type: ignore[return-value]  # this service is not asynchronous
        response: HttpResponseBase = self.get_response(request)  # type: ignore[assignment]
        patch_vary_headers(response, ["origin"])
        return response

    def add_response_headers(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Allow the headers that a preflight asks for: tracing libraries add ones of their own to each request.

        No credentials are allowed, so that a header carries only what the page itself knows.
        """
        response = super().add_response_headers(request, response)
        requested = request.META.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
        if ALLOW_HEADERS in response.headers and HEADER_NAMES.fullmatch(requested):
            response.headers[ALLOW_HEADERS] = requested
            patch_vary_headers(response, ["access-control-request-headers"])
        return response


class BodyLimitMiddleware:
    """Refuses a body over the limit by its declared length; the server in front never hands over a longer one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length != "0" and length.isdecimal():
            limit = body_limit(request.method, request.path_info)
            if int(length) > limit:
                return envelope_response(RequestTooLarge(limit))
        return self.get_response(request)
