"""Middleware for every path: the request id, CORS headers and the limit on bodies."""

from collections.abc import Callable

from corsheaders import middleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from rest.body_limits import RequestTooLarge, body_limit
from rest.errors import envelope_response
from rest.request_ids import HEADER, current_request_id, request_id_for

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestIdMiddleware:
    """Sets X-Request-Id on the response: the client's own if it is valid, otherwise a new one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request_id_for(request.META.get("HTTP_X_REQUEST_ID"))
        current_request_id.set(request_id)
        response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response


class CorsMiddleware(middleware.CorsMiddleware):
    """django-cors-headers, with a fast path for requests without an Origin."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "HTTP_ORIGIN" in request.META or request.method == "OPTIONS":
            return super().__call__(request)  # type: ignore[return-value]  # this service is not asynchronous
        response: HttpResponseBase = self.get_response(request)  # type: ignore[assignment]
        patch_vary_headers(response, ["origin"])
        return response


class BodyLimitMiddleware:
    """Rejects a body whose Content-Length is over the limit; the server never passes on more than was declared."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length != "0" and length.isdecimal():
            limit = body_limit(request.method, request.path_info)
            if int(length) > limit:
                return envelope_response(RequestTooLarge(limit))
        return self.get_response(request)
