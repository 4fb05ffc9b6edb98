"""The error for a request body over the limit. Not in errors.py, which loads DRF's views and so the parsers."""

from rest_framework import exceptions


class RequestTooLarge(exceptions.APIException):
    status_code = 413
    default_code = "request_too_large"
    default_type = "invalid_request"

    def __init__(self, limit: int) -> None:
        super().__init__(f"Request body exceeds the limit of {limit} bytes.")
