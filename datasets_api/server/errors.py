"""The server's own errors; the metrics count each by its `reason`."""

from typing import ClassVar

from rest_framework.exceptions import MethodNotAllowed, ParseError, Throttled

from rest.database_errors import Failure
from rest.errors import RequestTimeout, ServiceUnavailable

PROJECT_BUSY = Failure(
    "project_busy", "Too many requests of this project are in progress. Please wait for some of them to end.", 1
)


class ClientDisconnected(Exception):
    """The client is gone, and needs no response."""

    reason = "client_gone"


class MethodNotUpperCase(MethodNotAllowed):
    """Methods are case-sensitive (RFC 9110, section 9.1), but Django treats "post" like POST."""

    reason = "malformed"
    headers: ClassVar[dict[str, str]] = {"Allow": "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE"}


class BodyCutShort(ParseError):
    """The client disconnected before the end of the body."""

    default_detail = "The request body is incomplete."
    reason = "body_cut_short"


class BodyTooSlow(RequestTimeout):
    reason = "body_too_slow"


class NoRoomForBody(ServiceUnavailable):
    reason = "no_room_for_body"


class QueueFull(ServiceUnavailable):
    reason = "queue_full"


class WaitedTooLong(ServiceUnavailable):
    reason = "waited_too_long"


class ProjectBusy(ServiceUnavailable):
    """The project uses its whole share of the threads, and the request has waited too long for it."""

    reason = "project_busy"

    def __init__(self) -> None:
        super().__init__(PROJECT_BUSY)


class TooManyStreams(ServiceUnavailable):
    reason = "too_many_streams"


class TooManyUploads(ServiceUnavailable):
    reason = "too_many_uploads"


class CallerOverQuota(Throttled):
    """The user has reached a limit per user, while there is room for other users."""

    reason = "caller_over_quota"

    def __init__(self, limit: int, noun: str, setting: str) -> None:
        super().__init__(detail=f"One user may have at most {limit} {noun} at a time ({setting}). Wait for one to end.")
        self.wait = 1
