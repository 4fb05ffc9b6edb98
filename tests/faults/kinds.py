"""The kinds of writes: each makes the next request of a client, or none when nothing is there to be written to.

A new kind is one function, and one line in KINDS.
"""

import json
import uuid
from collections.abc import Callable
from random import Random
from typing import Any

from tests.faults.things import State, Thing, Write

ITEMS_OF_A_HOME = 10
MANY = 5


class Writer:
    """What a client has to write to: items of its own in datasets that all share, and datasets of its own."""

    def __init__(self, number: int, shared: list[str]) -> None:
        self.random = Random(number)  # noqa: S311  the same run each time
        self.number, self.shared = number, shared
        self.items: list[Thing] = []
        self.datasets: list[Thing] = []
        self.made = 0

    def marker(self) -> str:
        self.made += 1
        return f"client-{self.number}-{self.made}"

    def next_write(self) -> Write | None:
        name = self.random.choices(list(KINDS), [weight for _, weight in KINDS.values()])[0]
        write = KINDS[name][0](self)
        if write is None:
            return None
        # Half of all are sent again after a fault, which must not do them twice.
        key = str(uuid.UUID(int=self.random.getrandbits(128))) if self.random.random() < 0.5 else None
        return Write(**{**vars(write), "kind": name, "key": key})

    def pick(self, things: list[Thing], *, deleted: bool | None = None) -> Thing | None:
        found = [
            each
            for each in things
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

    def new_item(self, dataset: str) -> tuple[Thing, State]:
        thing = Thing(self.marker())
        self.items.append(thing)
        return thing, self.item_state(thing.marker, dataset)


def write(method: str, path: str, body: Any, *effects: tuple[Thing, State], **more: Any) -> Write:
    return Write("", method, path, body, list(effects), **more)


def create(by: Writer) -> Write:
    own = [each for each in by.datasets if each.id and each.contents is None]
    homes = [each.id for each in own if each.id and home_count(by, each) < ITEMS_OF_A_HOME]
    thing, state = by.new_item(by.random.choice([*by.shared, *homes]))
    return write("POST", "dataset_items/", state, (thing, state), gives_id=True)


def home_count(by: Writer, dataset: Thing) -> int:
    return sum(state["dataset"] == dataset.id for each in by.items for state in each.states.values())


def patch(by: Writer) -> Write | None:
    thing = by.pick(by.items)
    if thing is None or thing.state is None:
        return None
    change = {"output": {"patched": by.marker()}}
    return write("PATCH", f"dataset_items/{thing.id}/", change, (thing, thing.state | change))


def move(by: Writer) -> Write | None:
    thing = by.pick(by.items)
    if thing is None or thing.state is None:
        return None
    target = by.random.choice([each for each in by.shared if each != thing.state["dataset"]])
    change = {"dataset": target}
    return write("PATCH", f"dataset_items/{thing.id}/", change, (thing, thing.state | change))


def archive(by: Writer) -> Write | None:
    thing = by.pick(by.items, deleted=False)
    if thing is None or thing.state is None:
        return None
    return write("POST", f"dataset_items/{thing.id}/archive/", {}, (thing, thing.state | {"deleted": True}))


def restore(by: Writer) -> Write | None:
    thing = by.pick(by.items, deleted=True)
    if thing is None or thing.state is None:
        return None
    return write("POST", f"dataset_items/{thing.id}/restore/", {}, (thing, thing.state | {"deleted": False}))


def restore_version(by: Writer) -> Write | None:
    thing = by.pick(by.items)
    if thing is None or thing.state is None:
        return None
    before = thing.state
    version = by.random.choice(list(thing.states))
    after = thing.states[version] | {"dataset": before["dataset"], "deleted": False}
    if after == before:
        return None  # it would have no effect
    return write("POST", f"dataset_items/{thing.id}/restore/", {"source_version": version}, (thing, after))


def create_many(by: Writer) -> Write:
    dataset = by.random.choice(by.shared)
    effects = [by.new_item(dataset) for _ in range(MANY)]
    items = [{name: value for name, value in state.items() if name != "dataset"} for _, state in effects]
    return write("POST", "dataset_items/bulk/", {"dataset": dataset, "items": items}, *effects)


def patch_many(by: Writer) -> Write | None:
    """Whatever datasets they are in: all of it is one transaction."""
    things = {thing.marker: thing for _ in range(MANY) if (thing := by.pick(by.items, deleted=False))}
    change = {"output": {"patched": by.marker()}}
    effects = [(thing, thing.state | change) for thing in things.values() if thing.state]
    if not effects:
        return None
    body = {"ids": [thing.id for thing, _ in effects], "changes": change}
    return write("PATCH", "dataset_items/bulk/", body, *effects)


def import_file(by: Writer) -> Write:
    dataset = by.random.choice(by.shared)
    effects = [by.new_item(dataset) for _ in range(MANY)]
    names = ("input", "output", "metadata", "ref_source_id")
    lines = [json.dumps({name: state[name] for name in names}) for _, state in effects]
    path = f"datasets/{dataset}/import/?import_format=jsonl"
    return write("POST", path, "\n".join(lines).encode(), *effects, content_type="application/x-ndjson")


def create_dataset(by: Writer) -> Write:
    thing = Thing(by.marker())
    by.datasets.append(thing)
    state = {"name": f"{thing.marker} new", "description": "A client's own"}
    return write("POST", "datasets/", state, (thing, state), gives_id=True)


def rename_dataset(by: Writer) -> Write | None:
    thing = by.pick(by.datasets)
    if thing is None or thing.state is None:
        return None
    change = {"name": f"{thing.marker} {by.marker()}"}
    return write("PATCH", f"datasets/{thing.id}/", change, (thing, thing.state | change))


def fork(by: Writer) -> Write | None:
    """Of a dataset of its own, whose items it knows."""
    source = by.pick(by.datasets)
    if source is None or source.state is None or source.contents is not None:
        return None
    if any(each.is_unsure for each in by.items):
        return None  # it may be in there or not
    thing = Thing(by.marker(), source=source.id, contents=contents_of(by, source.id))
    by.datasets.append(thing)
    state = source.state | {"name": f"{thing.marker} fork"}
    body = {"name": state["name"]}
    return write("POST", f"datasets/{source.id}/fork/", body, (thing, state), gives_id=True)


def contents_of(by: Writer, dataset: str | None) -> list[str]:
    states = [each.state for each in by.items if each.state]
    return sorted(content_of(state) for state in states if state["dataset"] == dataset and not state["deleted"])


def content_of(state: State) -> str:
    return json.dumps([state[name] for name in ("input", "output", "metadata", "ref_source_id")], sort_keys=True)


Kind = Callable[[Writer], Write | None]

# Each with how often it is chosen.
KINDS: dict[str, tuple[Kind, int]] = {
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
