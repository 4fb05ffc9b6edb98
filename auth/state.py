"""The state of a request that needs a key."""

from dataclasses import dataclass

from auth.prefetch import Prefetch
from rest.state import RequestState


@dataclass(slots=True)
class KeyRequestState(RequestState):
    prefetch: Prefetch | None = None
