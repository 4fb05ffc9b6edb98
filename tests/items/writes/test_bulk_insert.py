"""create_items: any number of rows become items of a dataset, in one revision."""

import threading
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from items.models import ChangeLogEntry, DatasetHead, DatasetItem, ItemValidity
from items.queries import DatasetNotFound
from items.writes import batches, bulk_insert
from items.writes.bulk_insert import Created, NewItem, create_items, new_id
from tests.dataset_client import CONTENT, NOWHERE, Body, DatasetClient, newest_first, ok, replay
from tests.history_check import assert_history_holds

WHEN = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)


def fill(client: DatasetClient, rows: Any, of: Body | None = None) -> Created:
    return create_items(
        project_id=client.project_id,
        user_id=client.people.owner.id,
        dataset_id=UUID((of or client.dataset)["id"]),
        rows=rows,
    )


def numbered(count: int) -> Iterator[NewItem]:
    return (NewItem(input=str(number)) for number in range(count))


def test_rows_become_items(client: DatasetClient) -> None:
    row = NewItem('{"b":1.0,"a":[1e2]}', '"\\\\ü\\n"', '{"k":1,"k":2}', "trace\t1", WHEN, "söurce\\n", None)

    made = fill(client, [NewItem(), row])

    assert made == (1, 2)
    second, first = client.results()
    assert {name: first[name] for name in CONTENT} == dict.fromkeys(CONTENT)
    assert first["deleted"] is False
    assert second["created_by"]["id"] == client.people.owner.id
    stored = DatasetItem.objects.get(id=second["id"])
    assert tuple(getattr(stored, name) for name in NewItem._fields) == row
    assert (stored.team_id, stored.version, stored.revision) == (client.project_id, 1, 1)
    assert stored.created_at == stored.updated_at


def test_all_rows_are_one_revision(client: DatasetClient) -> None:
    client.new_item()

    made = fill(client, numbered(5))

    assert made == (2, 5)
    newest = client.revisions()[0]
    assert (newest["revision"], newest["created"], newest["updated"], newest["archived"], newest["restored"]) == (
        2, 5, 0, 0, 0,
    )  # fmt: skip
    assert newest["created_by"]["id"] == client.people.owner.id
    assert ok(client.page())["count"] == 6
    assert client.head() == 2
    assert_history_holds()


def test_order_is_kept_in_ids_and_times(client: DatasetClient) -> None:
    fill(client, numbered(300))

    items = client.results("&limit=1000")
    assert [item["input"] for item in items] == list(reversed(range(300)))
    assert [item["id"] for item in items] == sorted((item["id"] for item in items), reverse=True)
    times = [datetime.fromisoformat(item["created_at"]) for item in reversed(items)]
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(microseconds=1)}
    assert times[-1] <= datetime.fromisoformat(client.revisions()[0]["created_at"])


def test_new_items_follow_existing_ones_whatever_the_clock_says(client: DatasetClient) -> None:
    ahead = datetime.now(UTC) + timedelta(days=1)
    DatasetHead.objects.filter(dataset_id=client.dataset["id"]).update(changed_at=ahead)
    ChangeLogEntry.objects.filter(dataset_id=client.dataset["id"]).update(created_at=ahead)

    fill(client, numbered(3))

    assert min(item.created_at for item in DatasetItem.objects.all()) > ahead
    assert DatasetHead.objects.get(dataset_id=client.dataset["id"]).changed_at > ahead
    assert_history_holds()


def test_the_feed_can_continue_inside_the_revision(client: DatasetClient) -> None:
    fill(client, numbered(7))
    client.new_item(input="last")

    for limit in (1, 3, 7, 8, 9):
        entries = client.feed(limit=limit)
        assert [(each["revision"], each["operation"]) for each in entries] == [
            *[(1, "created")] * 7, (2, "created"),
        ]  # fmt: skip
        assert [each["item"]["input"] for each in entries] == [*range(7), "last"]
        assert newest_first(replay(entries)) == client.results()


def test_past_lists_and_diffs(client: DatasetClient) -> None:
    kept = client.new_item(input="kept")
    fill(client, numbered(4))
    client.patch(client.results()[0], input="changed")

    assert client.results("&revision=1") == [kept]
    then = client.results("&revision=2")
    assert [item["input"] for item in then] == [3, 2, 1, 0, "kept"]
    diff = ok(client.api.get(client.path("diff/?from=1&to=2")))
    assert diff["counts"] == {"added": 4, "removed": 0, "changed": 0}
    assert [each["to"] for each in diff["results"]] == then[:4]


def test_items_created_as_deleted_are_not_listed(client: DatasetClient) -> None:
    made = fill(client, [NewItem(deleted=True), NewItem(input="1"), NewItem(deleted=None), NewItem(deleted=True)])

    assert made.rows == 4
    assert ok(client.page())["count"] == 2
    assert client.revisions()[0]["created"] == 4
    assert [entry["item"]["deleted"] for entry in client.feed()] == [True, False, None, True]
    assert_history_holds()


def test_no_rows_make_no_revision(client: DatasetClient) -> None:
    client.new_item()

    assert fill(client, []) == (1, 0)

    assert client.head() == 1


def test_an_unknown_dataset_is_reported_before_a_row_is_read(client: DatasetClient) -> None:
    foreign = client.people.foreign_project.id
    rows = numbered(1)

    for project_id, dataset_id in ((client.project_id, NOWHERE), (foreign, client.dataset["id"])):
        with pytest.raises(DatasetNotFound):
            create_items(project_id=project_id, user_id=1, dataset_id=UUID(dataset_id), rows=rows)

    assert next(rows) == NewItem(input="0")


def failing(count: int) -> Iterator[NewItem]:
    yield from numbered(count)
    raise LookupError


def is_empty(client: DatasetClient) -> None:
    assert client.head() == 0
    assert not DatasetItem.objects.exists()
    assert not ItemValidity.objects.exists()
    assert client.feed() == []


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_nothing_is_left_behind_when_the_rows_fail(client: DatasetClient, count: int) -> None:
    with pytest.raises(LookupError):
        fill(client, failing(count))

    is_empty(client)
    assert fill(client, numbered(2)) == (1, 2)


def test_nothing_is_left_behind_when_the_database_rejects_a_row(client: DatasetClient) -> None:
    with pytest.raises(DataError):
        fill(client, [NewItem(), NewItem(input="{")])

    is_empty(client)


def test_nothing_is_left_behind_when_the_transaction_around_it_fails(client: DatasetClient) -> None:
    with transaction.atomic():
        fill(client, numbered(3))
        transaction.set_rollback(True)

    is_empty(client)


def test_the_number_of_statements_does_not_grow(client: DatasetClient) -> None:
    counts = []
    for rows in (1, 50):
        with CaptureQueriesContext(connection) as captured:
            fill(client, numbered(rows))
        counts.append(len([each for each in captured if "SAVEPOINT" not in each["sql"]]))

    assert counts == [5, 5]


@pytest.mark.parametrize(("name", "bound"), [("BATCH_ROWS", 2), ("BATCH_CHARACTERS", 3)])
def test_many_rows_are_inserted_in_batches(
    client: DatasetClient, monkeypatch: pytest.MonkeyPatch, name: str, bound: int
) -> None:
    monkeypatch.setattr(batches, name, bound)
    monkeypatch.setattr(bulk_insert, "MAX_HISTORY_ROWS", 4)

    for count in (3, 4, 5, 8, 11):
        before = client.head()
        assert fill(client, numbered(count)) == (before + 1, count)
        assert [each["item"]["input"] for each in client.feed(since=before)] == list(range(count))

    assert ok(client.page())["count"] == 31
    assert_history_holds()


def test_memory_is_constant(client: DatasetClient) -> None:
    peaks = []
    for count in (2_000, 40_000):
        tracemalloc.start()
        fill(client, numbered(count))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 2 * peaks[0] + 200_000


def test_ids_rise_in_every_thread() -> None:
    found: list[list[bytes]] = []
    threads = [threading.Thread(target=lambda: found.append([new_id() for _ in range(20_000)])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(earlier < later for ids in found for earlier, later in pairwise(ids))
    assert len(set().union(*found)) == 80_000
