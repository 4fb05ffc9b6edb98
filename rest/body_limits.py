"""Limits on request bodies, which are higher for file uploads.

Not in errors.py or uploads.py, which load DRF's views and so the parsers.
"""

import re

from django.conf import settings
from rest_framework.exceptions import APIException

UPLOAD_PATHS = re.compile(settings.UPLOAD_PATHS)
# A body up to this size is received before access is decided; a larger one afterwards.
SMALL_BODY_BYTES = 64 * 1024


class RequestTooLarge(APIException):
    status_code = 413
    default_code = "request_too_large"
    default_type = "invalid_request"

    def __init__(self, limit: int) -> None:
        super().__init__(f"Request body exceeds the limit of {limit} bytes.")


def is_upload(method: str | None, path: str) -> bool:
    """Return whether a request uploads a file, by method and path, which the server knows before the body arrives."""
    return "/import" in path and method == "POST" and UPLOAD_PATHS.fullmatch(path) is not None


def body_limit(method: str | None, path: str) -> int:
    """Return the maximum size of a body in bytes."""
    return int(settings.IMPORT_LIMIT_BYTES if is_upload(method, path) else settings.BODY_LIMIT_BYTES)
