"""Requests that upload a file of any length, and how access is decided before the file is received."""

import re

from django.conf import settings
from rest_framework.exceptions import APIException

PATHS = re.compile(settings.UPLOAD_PATHS)
# Set in META by the server: the body has not arrived yet, and the application only decides access.
EXPECT_CONTINUE = "uploads.expect_continue"
# Set in META by the server: access was decided, and the request counted, before the body arrived.
PREAUTHORIZED = "uploads.was_let_in"
# Set in META by the server: a threading.Event that is set when the client disconnects.
CLIENT_GONE = "server.client_gone"
# A body up to this size is received before access is decided; a larger one afterwards.
SMALL_BODY_BYTES = 64 * 1024


def is_upload(method: str | None, path: str) -> bool:
    """Return whether a request uploads a file, by method and path, which the server knows before the body arrives."""
    return "/import" in path and method == "POST" and PATHS.fullmatch(path) is not None


def body_limit(method: str | None, path: str) -> int:
    """Return the maximum size of a body in bytes."""
    return int(settings.IMPORT_LIMIT_BYTES if is_upload(method, path) else settings.BODY_LIMIT_BYTES)


class ContinueUpload(APIException):
    """Access is granted, and the body may be received. The server handles it; no client sees it."""

    status_code = 100
    default_code = "expect_continue"
    default_type = "invalid_request"
