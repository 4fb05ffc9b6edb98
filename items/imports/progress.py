"""How far an import is."""

from collections.abc import Callable
from typing import NamedTuple

from rest_framework.exceptions import APIException


class Progress(NamedTuple):
    """Bytes of the file as it was sent; rows read, and then rows stored."""

    bytes: int
    total_bytes: int
    rows: int
    stored: int


class ClientDisconnected(APIException):
    """The client has left: nothing is stored. Nobody reads this answer; the log shows its status."""

    status_code = 499
    default_code = "client_disconnected"
    default_type = "invalid_request"
    default_detail = "The client left before the import was stored."


# Called now and then. What it raises ends the import, of which nothing is kept then.
ProgressCallback = Callable[[Progress], None]


def ignore_progress(_: Progress) -> None:
    pass


def never() -> bool:
    return False
