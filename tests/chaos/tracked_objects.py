"""Objects that only one client writes, and what it knows about them from acknowledged and unacknowledged writes."""

from dataclasses import dataclass, field
from typing import Any

State = dict[str, Any]

ITEM_FIELDS = ("dataset", "input", "output", "metadata", "ref_source_id", "deleted")
DATASET_FIELDS = ("name", "description")


@dataclass
class TrackedObject:
    """An item or a dataset. Its content contains a unique marker, so that it can be found without an id."""

    marker: str
    id: str | None = None
    version: int = 0
    states: dict[int, State] = field(default_factory=dict)  # by version
    is_unsure: bool = False
    # For a fork, the contents of its items, in any order.
    source: str | None = None
    contents: list[str] | None = None

    @property
    def state(self) -> State | None:
        """The current state, or None if it does not exist."""
        return self.states.get(self.version)

    def advance(self, state: State) -> None:
        self.version += 1
        self.states[self.version] = state
        self.is_unsure = False


@dataclass(frozen=True)
class Write:
    """One request with its effects, all of which happen or none. Each effect creates one version."""

    kind: str
    method: str
    path: str
    body: Any
    effects: list[tuple[TrackedObject, State]]
    key: str | None = None
    content_type: str = "application/json"
    # The response contains the id of the new object.
    gives_id: bool = False

    def hold(self) -> None:
        """Lock the objects until there is a response."""
        for tracked, _ in self.effects:
            tracked.is_unsure = True

    def take_effect(self, answer: Any) -> None:
        for tracked, state in self.effects:
            tracked.advance(state)
            if self.gives_id and answer:
                tracked.id = answer["id"]

    def forget(self) -> None:
        """Discard the write, which had no effect."""
        for tracked, _ in self.effects:
            tracked.is_unsure = False
