"""Eight writers at the running service, while schemas are being put: nobody slips past."""

import random
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from items.models import DatasetSchema
from tests.history.check import check_history
from tests.history.wire import ServedProject, Wire, at_once
from tests.quality.demands import FIELDS, SCHEMAS, VALUES, live_misfits
from tests.service_process import ServiceProcess

WRITERS, SECONDS = 8, 4
# Writers go on after the last schemas were put, and may not have heard of them.
SECONDS_AFTER = 1.5


class Shelf(ServedProject):
    """With datasets, of which the writers use the newest."""

    def __init__(self, service: ServiceProcess) -> None:
        super().__init__(service)
        self.ids = [self.new_dataset("first")]
        self.shared: list[str] = []
        self.deadline = time.monotonic() + SECONDS

    def until(self, deadline: float, seed: int) -> Iterator[tuple[Wire, random.Random]]:
        with self.wire() as wire:
            chance = random.Random(seed)  # noqa: S311
            while time.monotonic() < deadline:
                yield wire, chance


def write(shelf: Shelf, seed: int) -> list[int]:
    """The answers' statuses."""
    statuses = []
    for wire, chance in shelf.until(shelf.deadline, seed):
        # Most writes fit all schemas, so that these can be put at all.
        body: Any = {field: chance.choice(VALUES) if chance.random() < 0.05 else 2 for field in FIELDS}
        kind = chance.choice(["create", "create", "patch", "move", "archive", "restore", "version"])
        if kind == "create" or not shelf.shared:
            answer = wire.ask("POST", shelf.items, body | {"dataset": chance.choice(shelf.ids[-2:])})
            if answer.status == 201:
                shelf.shared.append(answer.json()["id"])
        else:
            path = f"{shelf.items}{chance.choice(shelf.shared)}/"
            if kind in {"patch", "move"}:
                more = {"dataset": chance.choice(shelf.ids[-2:])} if kind == "move" else {}
                answer = wire.ask("PATCH", path, body | more)
            else:
                version = {"source_version": chance.randint(1, 3)} if kind == "version" else None
                answer = wire.ask("POST", f"{path}{'restore' if version else kind}/", version)
        assert answer.status in {200, 201, 400}, answer.content
        statuses.append(answer.status)
    return statuses


def keep_putting(shelf: Shelf) -> list[int]:
    """In one new dataset after the other, while the writers find it. What does not fit by then is archived."""
    statuses = []
    for wire, chance in shelf.until(shelf.deadline - SECONDS_AFTER, WRITERS):
        dataset = wire.ask("POST", shelf.datasets, {"name": "next"}).json()["id"]
        shelf.ids.append(dataset)
        schemas = {field: chance.choice(SCHEMAS[1:-1]) for field in FIELDS}
        for _ in range(10):
            answer = wire.ask("PUT", f"{shelf.datasets}{dataset}/schemas/", schemas)
            statuses.append(answer.status)
            if answer.status == 200:
                break
            for misfit in answer.json()["misfits"]:
                assert wire.ask("POST", f"{shelf.items}{misfit['id']}/archive/").status == 200
    return statuses


@pytest.fixture
def shelf(service: ServiceProcess, live_database: None) -> Shelf:
    return Shelf(service)


def test_no_writer_slips_past_a_schema_that_is_being_put(shelf: Shelf) -> None:
    answers = at_once([partial(write, shelf, seed) for seed in range(WRITERS)] + [partial(keep_putting, shelf)])

    *written, put = answers
    assert any(400 in statuses for statuses in written)
    assert put.count(200) == DatasetSchema.objects.count() > 4
    assert live_misfits() == []
    assert check_history()[0] == 0
