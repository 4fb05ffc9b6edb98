"""What one client alone writes, and what it knows of it: acknowledged, or sent without an answer."""

from dataclasses import dataclass, field
from typing import Any

State = dict[str, Any]

ITEM_FIELDS = ("dataset", "input", "output", "metadata", "ref_source_id", "deleted")
DATASET_FIELDS = ("name", "description")


@dataclass
class TrackedObject:
    """An item or a dataset. The marker is in its content and in no other's, so that it can be found without an id."""

    marker: str
    id: str | None = None
    version: int = 0
    states: dict[int, State] = field(default_factory=dict)  # by version
    is_unsure: bool = False
    # Of a dataset that was forked: what its items hold, in no order.
    source: str | None = None
    contents: list[str] | None = None

    @property
    def state(self) -> State | None:
        """None: it is not there."""
        return self.states.get(self.version)

    def advance(self, state: State) -> None:
        self.version += 1
        self.states[self.version] = state
        self.is_unsure = False


@dataclass(frozen=True)
class Write:
    """One request; all of its effects come to be, or none. Each effect makes one version."""

    kind: str
    method: str
    path: str
    body: Any
    effects: list[tuple[TrackedObject, State]]
    key: str | None = None
    content_type: str = "application/json"
    # The answer says which id the one thing got.
    gives_id: bool = False

    def hold(self) -> None:
        """Until the answer is there nobody writes to these things."""
        for tracked, _ in self.effects:
            tracked.is_unsure = True

    def take_effect(self, answer: Any) -> None:
        for tracked, state in self.effects:
            tracked.advance(state)
            if self.gives_id and answer:
                tracked.id = answer["id"]

    def forget(self) -> None:
        """It turned out to be without effect."""
        for tracked, _ in self.effects:
            tracked.is_unsure = False
