"""The state of a request while it is handled: one typed object, created with the request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from django.http import HttpRequest
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest.uploads import Upload


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

    def __init__(self, request: HttpRequest, state: RequestState, **options: Any) -> None:
        super().__init__(request, **options)
        self.state = state
        self.META = request.META
        self.method = request.method


@overload
def get_state(request: Request) -> RequestState: ...
@overload
def get_state(request: Request, state_class: type[State]) -> State: ...
def get_state(request: Request, state_class: type[RequestState] = RequestState) -> RequestState:
    """Return the request's state, whose class the request's view chooses."""
    return cast("StatefulRequest", request).state
