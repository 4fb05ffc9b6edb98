"""The state of a request while it is handled: one typed object, created with the request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Empty, Request

if TYPE_CHECKING:
    from rest.uploads import Upload

CHARSET = settings.DEFAULT_CHARSET


@dataclass(slots=True)
class RequestState:
    # The route's parameters.
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    # The body's bytes, for fingerprints; see items/idempotency.py.
    raw_body: bytes = b""
    # The error from parsing the body, raised once access is decided.
    unreadable_body: Exception | None = None
    # The file in the body.
    upload: "Upload | None" = None
    # The full URL, built on first use.
    absolute_url: str | None = None


State = TypeVar("State", bound=RequestState)


class StatefulRequest(Request):
    """DRF's request with a state. Copies hot attributes from Django's request: DRF's proxy is slow."""

    # What DRF's request has before it is read; setting it in each one takes 2 % of a retrieve.
    _data = _files = _full_data = _content_type = _stream = Empty  # type: ignore[assignment]

    def __init__(self, request: HttpRequest, state: RequestState, **arguments: Any) -> None:
        """Take all of DRF's arguments, by name."""
        vars(self).update(arguments)
        self._request = request
        self.state = state
        self.META = request.META
        self.method = request.method
        self.parser_context |= {"request": self, "encoding": request.encoding or CHARSET}


@overload
def get_state(request: Request) -> RequestState: ...
@overload
def get_state(request: Request, state_class: type[State]) -> State: ...
def get_state(request: Request, state_class: type[RequestState] = RequestState) -> RequestState:
    """Return the request's state, whose class the request's view chooses."""
    return cast("StatefulRequest", request).state
