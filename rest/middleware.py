"""What every answer gets, whatever its path: a request id, and the limit on bodies."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rest.errors import RequestTooLarge, envelope_response
from rest.request_ids import HEADER, current_request_id, request_id_for
from rest.uploads import limit_of

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


class BodyLimitMiddleware:
    """Refuses a body over the limit by its declared length; the server in front never hands over a longer one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length != "0" and length.isdecimal():
            limit = limit_of(request.method, request.path_info)
            if int(length) > limit:
                return envelope_response(RequestTooLarge(limit))
        return self.get_response(request)
