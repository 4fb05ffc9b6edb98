"""Many clients at once, against the running service: no update is lost, and twins are one."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import pytest
from django.db import transaction

from database.statements import fetch_all
from items.bulk.heads import lock_heads
from items.changes import update_item
from items.models import Dataset, DatasetHead, DatasetItem, KeptAnswer
from items.reads import ProjectItems
from tests.history.wire import ServedProject, at_once
from tests.service_process import ServiceProcess
from tests.waiting import wait_for

# Who waits for the transaction that asks.
WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
CLIENTS = 16
INCREMENTS_EACH = 4
TWINS = 8


class Place(ServedProject):
    """With a dataset and an item."""

    def __init__(self, service: ServiceProcess) -> None:
        super().__init__(service)
        self.dataset = self.new_dataset("Golden set", metadata=0)
        self.item: str = self.ask("POST", self.items, {"dataset": self.dataset, "input": 0}).json()["id"]


@pytest.fixture
def place(service: ServiceProcess, live_database: None) -> Place:
    return Place(service)


# --- If-Match --------------------------------------------------------------------------------------------------------


def increment(place: Place, path: str, field: str) -> int:
    """Adds one, so many times; returns how often somebody else had been faster."""
    stale = 0
    with place.wire() as wire:
        for _ in range(INCREMENTS_EACH):
            while True:
                read = wire.ask("GET", path)
                changes = {field: read.json()[field] + 1}
                written = wire.ask("PATCH", path, changes, {"If-Match": read.headers["etag"]})
                if written.status == 200:
                    break
                assert written.status == 412
                assert written.json()["code"] == "stale_version"
                stale += 1
    return stale


@pytest.mark.parametrize("kind", ["item", "dataset"])
def test_no_increment_of_sixteen_clients_is_lost(place: Place, kind: str) -> None:
    path, field = {
        "item": (f"{place.items}{place.item}/", "input"),
        "dataset": (f"{place.datasets}{place.dataset}/", "metadata"),
    }[kind]

    stale = at_once([partial(increment, place, path, field)] * CLIENTS)

    last = place.ask("GET", path)
    assert last.json()[field] == CLIENTS * INCREMENTS_EACH
    assert last.headers["etag"] == f'"{1 + CLIENTS * INCREMENTS_EACH}"'
    assert sum(stale) > 0, "nobody ever collided"


def test_of_sixteen_moves_that_know_the_same_version_one_goes_through(place: Place) -> None:
    others = [place.new_dataset(f"{number}") for number in range(CLIENTS)]
    path, headers = f"{place.items}{place.item}/", {"If-Match": '"1"'}

    answers = at_once([partial(place.ask, "PATCH", path, {"dataset": other}, headers) for other in others])

    assert sorted(answer.status for answer in answers) == [200] + [412] * (CLIENTS - 1)
    assert DatasetItem.objects.get().version == 2
    assert sum(DatasetHead.objects.values_list("item_count", flat=True)) == 1


def test_an_answer_without_a_body_leaves_the_connection_usable(place: Place) -> None:
    path = f"{place.items}{place.item}/"
    with place.wire() as wire:
        for _ in range(3):
            answer = wire.ask("GET", path, None, {"If-None-Match": '"1"'})
            assert (answer.status, answer.content, answer.headers["etag"]) == (304, b"", '"1"')
            assert wire.ask("GET", path).status == 200


# --- Restore ---------------------------------------------------------------------------------------------------------


def test_a_restore_that_an_archive_overtakes_brings_the_item_back(place: Place) -> None:
    item = f"{place.items}{place.item}/"
    place.ask("PATCH", item, {"input": 1})
    items = ProjectItems(place.people.project.id)
    found = items.find(UUID(place.item))
    assert found

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            # The restore has read a live item, and waits for the lock of its write.
            lock_heads(items.project_id, [UUID(place.dataset)])
            restored = thread.submit(place.ask, "POST", f"{item}restore/", {"source_version": 1})
            wait_for(lambda: fetch_all(WAITING, {}), 10)
            update_item(items=items, user_id=1, found=found, changes={"deleted": True})
        answer = restored.result(10)

    assert (answer.headers["etag"], answer.json()["input"], answer.json()["deleted"]) == ('"4"', 0, False)
    assert place.ask("GET", item).status == 200


# --- Idempotency-Key -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["create item", "create dataset", "patch", "move", "fork", "archive"])
def test_twins_are_one(place: Place, kind: str) -> None:
    other = place.new_dataset("Other")
    item = f"{place.items}{place.item}/"
    request = {
        "create item": ("POST", place.items, {"dataset": place.dataset}),
        "create dataset": ("POST", place.datasets, {"name": "new"}),
        "patch": ("PATCH", item, {"input": 1}),
        "move": ("PATCH", item, {"dataset": other}),
        "fork": ("POST", f"{place.datasets}{place.dataset}/fork/", {"name": "Fork"}),
        "archive": ("POST", f"{item}archive/", None),
    }[kind]
    before = Dataset.objects.count(), DatasetItem.objects.count(), revisions()

    answers = at_once([partial(place.ask, *request, {"Idempotency-Key": "k"})] * TWINS)

    first = [answer for answer in answers if "idempotency-replayed" not in answer.headers]
    assert len(first) == 1
    for answer in answers:
        assert (answer.status, answer.content) == (first[0].status, first[0].content)
        for name in ("etag", "dataset-revision"):
            assert answer.headers[name] == first[0].headers[name]
    expected = {
        "create item": (0, 1, 1),
        "create dataset": (1, 0, 1),
        "patch": (0, 0, 1),
        "move": (0, 0, 2),
        "fork": (1, 1, 1),
        "archive": (0, 0, 1),
    }[kind]
    after = Dataset.objects.count(), DatasetItem.objects.count(), revisions()
    assert tuple(now - then for now, then in zip(after, before, strict=True)) == expected


def revisions() -> int:
    return sum(DatasetHead.objects.values_list("revision", flat=True))


def test_of_different_requests_with_one_key_one_is_done(place: Place) -> None:
    bodies = [{"dataset": place.dataset, "input": number} for number in range(TWINS)]

    answers = at_once([partial(place.ask, "POST", place.items, body, {"Idempotency-Key": "k"}) for body in bodies])

    assert sorted(answer.status for answer in answers) == [201] + [422] * (TWINS - 1)
    assert DatasetItem.objects.count() == 2


def test_twins_that_are_refused_are_refused_each(place: Place) -> None:
    answers = at_once([partial(place.ask, "POST", place.items, {}, {"Idempotency-Key": "k"})] * TWINS)

    assert {(answer.status, answer.content) for answer in answers} == {(400, answers[0].content)}
    assert not KeptAnswer.objects.exists()


def test_twins_of_an_old_key_are_one(place: Place) -> None:
    body = {"dataset": place.dataset}
    place.ask("POST", place.items, body, {"Idempotency-Key": "k"})
    KeptAnswer.objects.update(created_at="2025-01-01T00:00:00Z")

    answers = at_once([partial(place.ask, "POST", place.items, body, {"Idempotency-Key": "k"})] * TWINS)

    assert len({answer.content for answer in answers}) == 1
    assert DatasetItem.objects.count() == 3
