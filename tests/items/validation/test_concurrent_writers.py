"""Eight writers at the running service while schemas are replaced: no violation slips through."""

import random
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from items.models import DatasetSchema
from tests.history_check import check_history
from tests.http_connection import HTTPConnection, ServedProject, at_once
from tests.items.validation.schemas import FIELDS, SCHEMAS, VALUES, live_violations
from tests.service_process import ServiceProcess

WRITERS, SECONDS = 8, 4
# Writers continue after the last schemas were stored, and may not know them yet.
SECONDS_AFTER = 1.5


class ServedDatasets(ServedProject):
    """Datasets of the running service, of which the writers use the newest."""

    def __init__(self, service: ServiceProcess) -> None:
        super().__init__(service)
        self.ids = [self.new_dataset("first")]
        self.shared: list[str] = []
        self.deadline = time.monotonic() + SECONDS

    def clients_until(self, deadline: float, seed: int) -> Iterator[tuple[HTTPConnection, random.Random]]:
        with self.wire() as wire:
            chance = random.Random(seed)  # noqa: S311
            while time.monotonic() < deadline:
                yield wire, chance


def write(served: ServedDatasets, seed: int) -> list[int]:
    """Return the statuses of the responses."""
    statuses = []
    for wire, chance in served.clients_until(served.deadline, seed):
        # Most writes fit all schemas, so that these can be stored at all.
        body: Any = {field: chance.choice(VALUES) if chance.random() < 0.05 else 2 for field in FIELDS}
        kind = chance.choice(["create", "create", "patch", "move", "archive", "restore", "version"])
        if kind == "create" or not served.shared:
            response = wire.ask("POST", served.items, body | {"dataset": chance.choice(served.ids[-2:])})
            if response.status == 201:
                served.shared.append(response.json()["id"])
        else:
            path = f"{served.items}{chance.choice(served.shared)}/"
            if kind in {"patch", "move"}:
                more = {"dataset": chance.choice(served.ids[-2:])} if kind == "move" else {}
                response = wire.ask("PATCH", path, body | more)
            else:
                version = {"source_version": chance.randint(1, 3)} if kind == "version" else None
                response = wire.ask("POST", f"{path}{'restore' if version else kind}/", version)
        assert response.status in {200, 201, 400}, response.content
        statuses.append(response.status)
    return statuses


def replace_schemas_repeatedly(served: ServedDatasets) -> list[int]:
    """Replace schemas in one new dataset after another while writers use it; archive items that do not fit."""
    statuses = []
    for wire, chance in served.clients_until(served.deadline - SECONDS_AFTER, WRITERS):
        dataset = wire.ask("POST", served.datasets, {"name": "next"}).json()["id"]
        served.ids.append(dataset)
        schemas = {field: chance.choice(SCHEMAS[1:-1]) for field in FIELDS}
        for _ in range(10):
            response = wire.ask("PUT", f"{served.datasets}{dataset}/schemas/", schemas)
            statuses.append(response.status)
            if response.status == 200:
                break
            for violation in response.json()["violations"]:
                assert wire.ask("POST", f"{served.items}{violation['id']}/archive/").status == 200
    return statuses


@pytest.fixture
def served(service: ServiceProcess, live_database: None) -> ServedDatasets:
    return ServedDatasets(service)


def test_no_write_slips_past_a_schema_that_is_being_stored(served: ServedDatasets) -> None:
    responses = at_once(
        [partial(write, served, seed) for seed in range(WRITERS)] + [partial(replace_schemas_repeatedly, served)]
    )

    *written, put = responses
    assert any(400 in statuses for statuses in written)
    assert put.count(200) == DatasetSchema.objects.count() > 4
    assert live_violations() == []
    assert check_history()[0] == 0
