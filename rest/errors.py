"""The error envelope {"type", "code", "detail", "attr"}, for errors inside and outside DRF.

drf-exceptions-hog, which v1 used, builds the envelope. This module adds headers, our own errors, and JSON for the error
pages that Django would send as HTML.
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

from rest.body_limits import RequestTooLarge
from rest.database_errors import UNAVAILABLE, Failure, classify

logger = logging.getLogger("rest.errors")

DISK_FULL_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class RequestTimeout(exceptions.APIException):
    status_code = 408
    default_code = "request_timeout"
    default_type = "invalid_request"
    default_detail = "The request body did not arrive in time."


class StaleVersion(exceptions.APIException):
    """The request names another version than the current one, which the response states."""

    status_code = 412
    default_code = "stale_version"
    default_type = "invalid_request"

    def __init__(self, noun: str, version: int, given: object, *, unit: str = "version") -> None:
        super().__init__(f"This {noun} is at {unit} {version}, not {given}.")
        self.members = {"current_version": version}
        self.headers = {"ETag": f'"{version}"'}


class ServiceUnavailable(exceptions.APIException):
    status_code = 503
    default_type = "server_error"

    def __init__(self, failure: Failure = UNAVAILABLE) -> None:
        super().__init__(failure.detail, failure.code)
        self.wait = failure.wait


def exception_handler(exc: BaseException, context: dict[str, Any] | None = None) -> Response:
    """Turn any error into a response with the envelope; DRF's EXCEPTION_HANDLER."""
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
    """Convert Django errors caused by a client, the disk or the database; return any other error unchanged."""
    if isinstance(exc, RequestDataTooBig):
        return RequestTooLarge(settings.BODY_LIMIT_BYTES)
    if isinstance(exc, SuspiciousOperation):
        # Too many form fields or an invalid Host header: the client's mistake.
        return exceptions.ParseError(str(exc) or "Bad request.")
    if isinstance(exc, OSError) and exc.errno in DISK_FULL_ERRORS:
        logger.error("Disk full: %s", exc)
        return ServiceUnavailable()
    failure = classify(exc)
    if failure:
        # Only the first line: the others may quote stored values. An open circuit breaker repeats a logged failure.
        level = logging.DEBUG if getattr(exc.__cause__, "is_repeated", False) else logging.ERROR
        logger.log(level, "%s: %s", failure.code, str(exc).strip().partition("\n")[0])
        return ServiceUnavailable(failure)
    return exc


def envelope_response(exc: Exception) -> HttpResponse:
    """Return the response for an error raised outside DRF's views."""
    response = exception_handler(exc)
    headers = dict(response.headers) | {"Content-Type": "application/json"}
    return HttpResponse(orjson.dumps(response.data), status=response.status_code, headers=headers)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return envelope_response(exceptions.NotFound("Endpoint not found."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return envelope_response(exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return envelope_response(exceptions.APIException())
