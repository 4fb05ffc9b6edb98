"""What is known of a request while it is handled: one typed object, made with the request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from rest_framework.request import Request

if TYPE_CHECKING:
    from rest.files import Upload


@dataclass(slots=True)
class RequestState:
    # The parameters of the route.
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    # The body's bytes, where its exact spelling matters: see items/idempotency.py.
    raw_body: bytes = b""
    # Why the body cannot be read; raised once access is decided.
    unreadable_body: Exception | None = None
    # The file that is the body.
    upload: "Upload | None" = None
    # The whole address, put together when first asked for.
    absolute_url: str | None = None


State = TypeVar("State", bound=RequestState)


class StatefulRequest(Request):
    """DRF's request, and its state."""

    state: RequestState


@overload
def get_state(request: Request) -> RequestState: ...
@overload
def get_state(request: Request, state_class: type[State]) -> State: ...
def get_state(request: Request, state_class: type[RequestState] = RequestState) -> RequestState:
    """The state class is that which the request's view makes."""
    return cast("StatefulRequest", request).state
