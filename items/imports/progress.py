"""The progress of an import."""

from collections.abc import Callable
from typing import NamedTuple

from rest_framework.exceptions import APIException


class Progress(NamedTuple):
    """Bytes read of the file as sent; rows read, then rows stored."""

    bytes: int
    total_bytes: int
    rows: int
    stored: int


class ClientDisconnected(APIException):
    """Nothing is stored. Nobody receives this response; the log has its status."""

    status_code = 499
    default_code = "client_disconnected"
    default_type = "invalid_request"
    default_detail = "The client disconnected before the import was stored."


# Called from time to time. An exception from it ends the import, and nothing is stored.
ProgressCallback = Callable[[Progress], None]


def ignore_progress(_: Progress) -> None:
    pass


def never() -> bool:
    return False
