"""Many clients of the running service at once: no update is lost, and twin requests count once."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import pytest
from django.db import transaction

from database.query import fetch_all
from items.heads import lock_heads
from items.models import Dataset, DatasetHead, DatasetItem, IdempotencyRecord
from items.queries import ProjectItems
from items.writes.items import update_item
from tests.http_connection import ServedProject, at_once
from tests.scaling.citus import is_citus
from tests.service_process import ServiceProcess
from tests.waiting import wait_for

# Sessions that wait for the current transaction. On Citus they wait on a worker.
WAITING = (
    "SELECT waiting_gpid FROM citus_lock_waits WHERE blocking_gpid = citus_backend_gpid()"
    if is_citus()
    else "SELECT pid FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
)
CLIENTS = 16
INCREMENTS_EACH = 4
TWINS = 8


class ServedItem(ServedProject):
    """A dataset with an item in the running service."""

    def __init__(self, service: ServiceProcess) -> None:
        super().__init__(service)
        self.dataset = self.new_dataset("Golden set", metadata=0)
        self.item: str = self.ask("POST", self.items, {"dataset": self.dataset, "input": 0}).json()["id"]


@pytest.fixture
def served_item(service: ServiceProcess, live_database: None) -> ServedItem:
    return ServedItem(service)


# --- If-Match --------------------------------------------------------------------------------------------------------


def increment(served_item: ServedItem, path: str, field: str) -> int:
    """Add one, repeatedly; return how often another client was faster."""
    stale = 0
    with served_item.wire() as wire:
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
def test_no_increment_of_sixteen_clients_is_lost(served_item: ServedItem, kind: str) -> None:
    path, field = {
        "item": (f"{served_item.items}{served_item.item}/", "input"),
        "dataset": (f"{served_item.datasets}{served_item.dataset}/", "metadata"),
    }[kind]

    stale = at_once([partial(increment, served_item, path, field)] * CLIENTS)

    last = served_item.ask("GET", path)
    assert last.json()[field] == CLIENTS * INCREMENTS_EACH
    assert last.headers["etag"] == f'"{1 + CLIENTS * INCREMENTS_EACH}"'
    assert sum(stale) > 0, "nobody ever collided"


def test_only_one_of_sixteen_moves_from_the_same_version_succeeds(served_item: ServedItem) -> None:
    others = [served_item.new_dataset(f"{number}") for number in range(CLIENTS)]
    path, headers = f"{served_item.items}{served_item.item}/", {"If-Match": '"1"'}

    responses = at_once([partial(served_item.ask, "PATCH", path, {"dataset": other}, headers) for other in others])

    assert sorted(response.status for response in responses) == [200] + [412] * (CLIENTS - 1)
    assert DatasetItem.objects.get().version == 2
    assert sum(DatasetHead.objects.values_list("item_count", flat=True)) == 1


def test_a_response_without_a_body_leaves_the_connection_usable(served_item: ServedItem) -> None:
    path = f"{served_item.items}{served_item.item}/"
    with served_item.wire() as wire:
        for _ in range(3):
            response = wire.ask("GET", path, None, {"If-None-Match": '"1"'})
            assert (response.status, response.content, response.headers["etag"]) == (304, b"", '"1"')
            assert wire.ask("GET", path).status == 200


# --- Restore ---------------------------------------------------------------------------------------------------------


def test_a_restore_overtaken_by_an_archive_restores_the_item(served_item: ServedItem) -> None:
    item = f"{served_item.items}{served_item.item}/"
    served_item.ask("PATCH", item, {"input": 1})
    items = ProjectItems(served_item.people.project.id)
    current = items.get(UUID(served_item.item))
    assert current

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            # The restore has read a live item, and waits for the lock of its write.
            lock_heads(items.project_id, [UUID(served_item.dataset)])
            restored = thread.submit(served_item.ask, "POST", f"{item}restore/", {"source_version": 1})
            wait_for(lambda: fetch_all(WAITING, {}), 10)
            update_item(items=items, user_id=1, current=current, new_values={"deleted": True})
        response = restored.result(10)

    assert (response.headers["etag"], response.json()["input"], response.json()["deleted"]) == ('"4"', 0, False)
    assert served_item.ask("GET", item).status == 200


# --- Idempotency-Key -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["create item", "create dataset", "patch", "move", "fork", "archive"])
def test_twin_requests_are_executed_once(served_item: ServedItem, kind: str) -> None:
    other = served_item.new_dataset("Other")
    item = f"{served_item.items}{served_item.item}/"
    request = {
        "create item": ("POST", served_item.items, {"dataset": served_item.dataset}),
        "create dataset": ("POST", served_item.datasets, {"name": "new"}),
        "patch": ("PATCH", item, {"input": 1}),
        "move": ("PATCH", item, {"dataset": other}),
        "fork": ("POST", f"{served_item.datasets}{served_item.dataset}/fork/", {"name": "Fork"}),
        "archive": ("POST", f"{item}archive/", None),
    }[kind]
    before = Dataset.objects.count(), DatasetItem.objects.count(), revisions()

    responses = at_once([partial(served_item.ask, *request, {"Idempotency-Key": "k"})] * TWINS)

    first = [response for response in responses if "idempotency-replayed" not in response.headers]
    assert len(first) == 1
    for response in responses:
        assert (response.status, response.content) == (first[0].status, first[0].content)
        for name in ("etag", "dataset-revision"):
            assert response.headers[name] == first[0].headers[name]
    expected = {
        "create item": (0, 1, 1),
        "create dataset": (1, 0, 0),
        "patch": (0, 0, 1),
        "move": (0, 0, 2),
        "fork": (1, 1, 1),
        "archive": (0, 0, 1),
    }[kind]
    after = Dataset.objects.count(), DatasetItem.objects.count(), revisions()
    assert tuple(now - then for now, then in zip(after, before, strict=True)) == expected


def revisions() -> int:
    return sum(DatasetHead.objects.values_list("revision", flat=True))


def test_only_one_of_different_requests_with_one_key_is_executed(served_item: ServedItem) -> None:
    bodies = [{"dataset": served_item.dataset, "input": number} for number in range(TWINS)]

    responses = at_once(
        [partial(served_item.ask, "POST", served_item.items, body, {"Idempotency-Key": "k"}) for body in bodies]
    )

    assert sorted(response.status for response in responses) == [201] + [422] * (TWINS - 1)
    assert DatasetItem.objects.count() == 2


def test_invalid_twin_requests_are_both_rejected(served_item: ServedItem) -> None:
    responses = at_once([partial(served_item.ask, "POST", served_item.items, {}, {"Idempotency-Key": "k"})] * TWINS)

    assert {(response.status, response.content) for response in responses} == {(400, responses[0].content)}
    assert not IdempotencyRecord.objects.exists()


def test_twin_requests_with_an_expired_key_are_executed_once(served_item: ServedItem) -> None:
    body = {"dataset": served_item.dataset}
    served_item.ask("POST", served_item.items, body, {"Idempotency-Key": "k"})
    IdempotencyRecord.objects.update(created_at="2025-01-01T00:00:00Z")

    responses = at_once([partial(served_item.ask, "POST", served_item.items, body, {"Idempotency-Key": "k"})] * TWINS)

    assert len({response.content for response in responses}) == 1
    assert DatasetItem.objects.count() == 3
