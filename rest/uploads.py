"""Requests whose body is a file of any length: which they are, and how one is asked before its file is read."""

import re

from django.conf import settings
from rest_framework.exceptions import APIException

PATHS = re.compile(settings.UPLOAD_PATHS)
# Set by the front, in what Django calls META: the request stands without its body, and is only to be let in or refused.
EXPECT_CONTINUE = "uploads.expect_continue"
# The request was let in before its body came, and has been counted then.
PREAUTHORIZED = "uploads.was_let_in"
# Set by the front to a threading.Event that tells whether the client has left, for what takes long.
CLIENT_GONE = "server.client_gone"
# A body of this length is read before it is known who sends it; a longer one only afterwards.
SMALL_BODY_BYTES = 64 * 1024


def is_upload(method: str | None, path: str) -> bool:
    """Told by method and path alone, so that the front and the middleware know it before anybody looks inside."""
    return "/import" in path and method == "POST" and PATHS.fullmatch(path) is not None


def body_limit(method: str | None, path: str) -> int:
    """The most bytes that a body may have."""
    return int(settings.IMPORT_LIMIT_BYTES if is_upload(method, path) else settings.BODY_LIMIT_BYTES)


class ContinueUpload(APIException):
    """Who asks may do so: now the body is wanted. Never leaves the front."""

    status_code = 100
    default_code = "expect_continue"
    default_type = "invalid_request"
