"""The kinds of writes. Each function returns a client's next request, or None if there is nothing to write to.

A new kind needs one function and one line in KINDS.
"""

import json
import uuid
from collections.abc import Callable
from random import Random
from typing import Any

from tests.chaos.tracked_objects import State, TrackedObject, Write

ITEMS_PER_DATASET = 10
MANY = 5


class Writer:
    """The objects that a client writes to: its own items in shared datasets, and its own datasets."""

    def __init__(self, number: int, shared: list[str]) -> None:
        self.random = Random(number)  # noqa: S311  repeatable runs
        self.number, self.shared = number, shared
        self.items: list[TrackedObject] = []
        self.datasets: list[TrackedObject] = []
        self.made = 0

    def marker(self) -> str:
        self.made += 1
        return f"client-{self.number}-{self.made}"

    def next_write(self) -> Write | None:
        name = self.random.choices(list(OPERATIONS), [weight for _, weight in OPERATIONS.values()])[0]
        write = OPERATIONS[name][0](self)
        if write is None:
            return None
        # Half of the writes are repeated after a failure, which must not do them twice.
        key = str(uuid.UUID(int=self.random.getrandbits(128))) if self.random.random() < 0.5 else None
        return Write(**{**vars(write), "kind": name, "key": key})

    def pick(self, tracked_objects: list[TrackedObject], *, deleted: bool | None = None) -> TrackedObject | None:
        found = [
            each
            for each in tracked_objects
            if each.id and not each.is_unsure and each.state and deleted in {None, each.state.get("deleted", False)}
        ]
        return self.random.choice(found) if found else None

    def item_state(self, marker: str, dataset: str) -> State:
        return {
            "dataset": dataset,
            "input": {"q": self.marker(), "é": [1.50, None]},
            "output": "x" * self.random.choice([10, 200, 5000]),
            "metadata": None,
            "ref_source_id": marker,
            "deleted": False,
        }

    def new_item(self, dataset: str) -> tuple[TrackedObject, State]:
        tracked = TrackedObject(self.marker())
        self.items.append(tracked)
        return tracked, self.item_state(tracked.marker, dataset)


def write(method: str, path: str, body: Any, *effects: tuple[TrackedObject, State], **more: Any) -> Write:
    return Write("", method, path, body, list(effects), **more)


def create(by: Writer) -> Write:
    own = [each for each in by.datasets if each.id and each.contents is None]
    homes = [each.id for each in own if each.id and home_count(by, each) < ITEMS_PER_DATASET]
    tracked, state = by.new_item(by.random.choice([*by.shared, *homes]))
    return write("POST", "dataset_items/", state, (tracked, state), gives_id=True)


def home_count(by: Writer, dataset: TrackedObject) -> int:
    return sum(state["dataset"] == dataset.id for each in by.items for state in each.states.values())


def patch(by: Writer) -> Write | None:
    tracked = by.pick(by.items)
    if tracked is None or tracked.state is None:
        return None
    change = {"output": {"patched": by.marker()}}
    return write("PATCH", f"dataset_items/{tracked.id}/", change, (tracked, tracked.state | change))


def move(by: Writer) -> Write | None:
    tracked = by.pick(by.items)
    if tracked is None or tracked.state is None:
        return None
    target = by.random.choice([each for each in by.shared if each != tracked.state["dataset"]])
    change = {"dataset": target}
    return write("PATCH", f"dataset_items/{tracked.id}/", change, (tracked, tracked.state | change))


def archive(by: Writer) -> Write | None:
    tracked = by.pick(by.items, deleted=False)
    if tracked is None or tracked.state is None:
        return None
    return write("POST", f"dataset_items/{tracked.id}/archive/", {}, (tracked, tracked.state | {"deleted": True}))


def restore(by: Writer) -> Write | None:
    tracked = by.pick(by.items, deleted=True)
    if tracked is None or tracked.state is None:
        return None
    return write("POST", f"dataset_items/{tracked.id}/restore/", {}, (tracked, tracked.state | {"deleted": False}))


def restore_version(by: Writer) -> Write | None:
    tracked = by.pick(by.items)
    if tracked is None or tracked.state is None:
        return None
    before = tracked.state
    version = by.random.choice(list(tracked.states))
    after = tracked.states[version] | {"dataset": before["dataset"], "deleted": False}
    if after == before:
        return None  # it would have no effect
    return write("POST", f"dataset_items/{tracked.id}/restore/", {"source_version": version}, (tracked, after))


def create_many(by: Writer) -> Write:
    dataset = by.random.choice(by.shared)
    effects = [by.new_item(dataset) for _ in range(MANY)]
    items = [{name: value for name, value in state.items() if name != "dataset"} for _, state in effects]
    return write("POST", "dataset_items/bulk/", {"dataset": dataset, "items": items}, *effects)


def patch_many(by: Writer) -> Write | None:
    """Patch items of any datasets in one transaction."""
    tracked_objects = {tracked.marker: tracked for _ in range(MANY) if (tracked := by.pick(by.items, deleted=False))}
    change = {"output": {"patched": by.marker()}}
    effects = [(tracked, tracked.state | change) for tracked in tracked_objects.values() if tracked.state]
    if not effects:
        return None
    body = {"ids": [tracked.id for tracked, _ in effects], "changes": change}
    return write("PATCH", "dataset_items/bulk/", body, *effects)


def import_file(by: Writer) -> Write:
    dataset = by.random.choice(by.shared)
    effects = [by.new_item(dataset) for _ in range(MANY)]
    names = ("input", "output", "metadata", "ref_source_id")
    lines = [json.dumps({name: state[name] for name in names}) for _, state in effects]
    path = f"datasets/{dataset}/import/?import_format=jsonl"
    return write("POST", path, "\n".join(lines).encode(), *effects, content_type="application/x-ndjson")


def create_dataset(by: Writer) -> Write:
    tracked = TrackedObject(by.marker())
    by.datasets.append(tracked)
    state = {"name": f"{tracked.marker} new", "description": "A client's own"}
    return write("POST", "datasets/", state, (tracked, state), gives_id=True)


def rename_dataset(by: Writer) -> Write | None:
    tracked = by.pick(by.datasets)
    if tracked is None or tracked.state is None:
        return None
    change = {"name": f"{tracked.marker} {by.marker()}"}
    return write("PATCH", f"datasets/{tracked.id}/", change, (tracked, tracked.state | change))


def fork(by: Writer) -> Write | None:
    """Fork one of the client's own datasets, whose items it knows."""
    source = by.pick(by.datasets)
    if source is None or source.state is None or source.contents is not None:
        return None
    if any(each.is_unsure for each in by.items):
        return None  # unknown whether the dataset contains it
    tracked = TrackedObject(by.marker(), source=source.id, contents=contents_of(by, source.id))
    by.datasets.append(tracked)
    state = source.state | {"name": f"{tracked.marker} fork"}
    body = {"name": state["name"]}
    return write("POST", f"datasets/{source.id}/fork/", body, (tracked, state), gives_id=True)


def contents_of(by: Writer, dataset: str | None) -> list[str]:
    states = [each.state for each in by.items if each.state]
    return sorted(content_of(state) for state in states if state["dataset"] == dataset and not state["deleted"])


def content_of(state: State) -> str:
    return json.dumps([state[name] for name in ("input", "output", "metadata", "ref_source_id")], sort_keys=True)


Operation = Callable[[Writer], Write | None]

# Each kind with its relative frequency.
OPERATIONS: dict[str, tuple[Operation, int]] = {
    "create": (create, 30),
    "patch": (patch, 25),
    "move": (move, 10),
    "archive": (archive, 8),
    "restore": (restore, 8),
    "restore a version": (restore_version, 8),
    "create many": (create_many, 4),
    "patch many": (patch_many, 4),
    "import": (import_file, 3),
    "create a dataset": (create_dataset, 1),
    "rename a dataset": (rename_dataset, 4),
    "fork": (fork, 1),
}
