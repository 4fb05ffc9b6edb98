"""How an error leaves this service: the one envelope {"type", "code", "detail", "attr"}, inside DRF and outside it.

The envelope's rules are those of drf-exceptions-hog, which the original used; this module adds the headers, the
errors of our own and the pages that Django would answer in HTML.
"""

import errno
import logging
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from exceptions_hog import exception_handler as hog_handler
from rest_framework import exceptions
from rest_framework.response import Response

from rest.body_errors import RequestTooLarge
from rest.database_errors import UNAVAILABLE, Failure, classify

logger = logging.getLogger("rest.errors")

DISK_FULL_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class RequestTimeout(exceptions.APIException):
    status_code = 408
    default_code = "request_timeout"
    default_type = "invalid_request"
    default_detail = "The request body did not arrive in time."


class ServiceUnavailable(exceptions.APIException):
    status_code = 503
    default_type = "server_error"

    def __init__(self, failure: Failure = UNAVAILABLE) -> None:
        super().__init__(failure.detail, failure.code)
        self.wait = failure.wait


def exception_handler(exc: BaseException, context: dict[str, Any] | None = None) -> Response:
    """DRF's EXCEPTION_HANDLER."""
    exc = to_api_error(exc)
    response: Response = hog_handler(exc, context)
    if response.status_code == 500:
        logger.error("Unhandled error", exc_info=exc)
    response.data.update(getattr(exc, "members", {}))
    for name, value in getattr(exc, "headers", {}).items():
        response.headers[name] = value
    if challenge := getattr(exc, "auth_header", None):
        response.headers["WWW-Authenticate"] = challenge
    return response


def to_api_error(exc: BaseException) -> BaseException:
    """Errors of Django that a client or an absent database causes, as DRF's; any other comes back as it is."""
    if isinstance(exc, RequestDataTooBig):
        return RequestTooLarge(settings.BODY_LIMIT_BYTES)
    if isinstance(exc, SuspiciousOperation):
        # Too many form fields, a Host header that is none: the client's doing.
        return exceptions.ParseError(str(exc) or "Bad request.")
    if isinstance(exc, OSError) and exc.errno in DISK_FULL_ERRORS:
        logger.error("No room on the disk: %s", exc)
        return ServiceUnavailable()
    failure = classify(exc)
    if failure:
        # Its first line, which names no values. None where nobody was asked, since the last who was got no answer.
        level = logging.DEBUG if getattr(exc.__cause__, "is_repeated", False) else logging.ERROR
        logger.log(level, "%s: %s", failure.code, str(exc).strip().partition("\n")[0])
        return ServiceUnavailable(failure)
    return exc


def envelope_response(exc: Exception) -> HttpResponse:
    """The envelope for an error that no DRF view answers."""
    response = exception_handler(exc)
    headers = dict(response.headers) | {"Content-Type": "application/json"}
    return HttpResponse(orjson.dumps(response.data), status=response.status_code, headers=headers)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return envelope_response(exceptions.NotFound("Endpoint not found."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return envelope_response(exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return envelope_response(exceptions.APIException())
