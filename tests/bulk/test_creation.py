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

from items.bulk import creation
from items.bulk.creation import Created, NewItem, create_items, new_id
from items.models import DatasetChange, DatasetHead, DatasetItem, ItemPresence
from items.reads import UnknownDataset
from tests.history.check import assert_history_holds
from tests.history.scene import CONTENT, NOWHERE, Body, Scene, in_order, replay, shown

WHEN = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)


def fill(scene: Scene, rows: Any, of: Body | None = None) -> Created:
    return create_items(
        project_id=scene.project_id,
        user_id=scene.people.owner.id,
        dataset_id=UUID((of or scene.dataset)["id"]),
        rows=rows,
    )


def numbered(count: int) -> Iterator[NewItem]:
    return (NewItem(input=str(number)) for number in range(count))


def test_rows_become_items(scene: Scene) -> None:
    row = NewItem('{"b":1.0,"a":[1e2]}', '"\\\\ü\\n"', '{"k":1,"k":2}', "trace\t1", WHEN, "söurce\\n", None)

    made = fill(scene, [NewItem(), row])

    assert made == (2, 2)
    second, first = scene.results()
    assert {name: first[name] for name in CONTENT} == dict.fromkeys(CONTENT)
    assert first["deleted"] is False
    assert second["created_by"]["id"] == scene.people.owner.id
    stored = DatasetItem.objects.get(id=second["id"])
    assert tuple(getattr(stored, name) for name in NewItem._fields) == row
    assert (stored.team_id, stored.version, stored.revision) == (scene.project_id, 1, 2)
    assert stored.created_at == stored.updated_at


def test_all_of_it_is_one_revision(scene: Scene) -> None:
    scene.new_item()

    made = fill(scene, numbered(5))

    assert made == (3, 5)
    newest = scene.revisions()[0]
    assert (newest["revision"], newest["created"], newest["updated"], newest["archived"], newest["restored"]) == (
        3, 5, 0, 0, 0,
    )  # fmt: skip
    assert newest["created_by"]["id"] == scene.people.owner.id
    assert shown(scene.page())["count"] == 6
    assert scene.head() == 3
    assert_history_holds()


def test_order_is_kept_in_ids_and_times(scene: Scene) -> None:
    fill(scene, numbered(300))

    items = scene.results("&limit=1000")
    assert [item["input"] for item in items] == list(reversed(range(300)))
    assert [item["id"] for item in items] == sorted((item["id"] for item in items), reverse=True)
    times = [datetime.fromisoformat(item["created_at"]) for item in reversed(items)]
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(microseconds=1)}
    assert times[-1] <= datetime.fromisoformat(scene.revisions()[0]["created_at"])


def test_items_come_after_those_that_are_there_whatever_the_clock_says(scene: Scene) -> None:
    ahead = datetime.now(UTC) + timedelta(days=1)
    DatasetHead.objects.filter(dataset_id=scene.dataset["id"]).update(changed_at=ahead)
    DatasetChange.objects.filter(dataset_id=scene.dataset["id"]).update(created_at=ahead)

    fill(scene, numbered(3))

    assert min(item.created_at for item in DatasetItem.objects.all()) > ahead
    assert DatasetHead.objects.get(dataset_id=scene.dataset["id"]).changed_at > ahead
    assert_history_holds()


def test_the_feed_stands_inside_the_revision(scene: Scene) -> None:
    fill(scene, numbered(7))
    scene.new_item(input="last")

    for limit in (1, 3, 7, 8, 9):
        entries = scene.feed(limit=limit)
        assert [(each["revision"], each["operation"]) for each in entries] == [
            (1, "dataset_created"), *[(2, "created")] * 7, (3, "created"),
        ]  # fmt: skip
        assert [each["item"]["input"] for each in entries if each["item"]] == [*range(7), "last"]
        assert in_order(replay(entries)) == scene.results()


def test_the_list_as_it_was_and_the_difference(scene: Scene) -> None:
    kept = scene.new_item(input="kept")
    fill(scene, numbered(4))
    scene.patch(scene.results()[0], input="changed")

    assert scene.results("&revision=2") == [kept]
    then = scene.results("&revision=3")
    assert [item["input"] for item in then] == [3, 2, 1, 0, "kept"]
    diff = shown(scene.api.get(scene.path("diff/?from=2&to=3")))
    assert diff["counts"] == {"added": 4, "removed": 0, "changed": 0}
    assert [each["to"] for each in diff["results"]] == then[:4]


def test_items_created_deleted_are_not_shown(scene: Scene) -> None:
    made = fill(scene, [NewItem(deleted=True), NewItem(input="1"), NewItem(deleted=None), NewItem(deleted=True)])

    assert made.rows == 4
    assert shown(scene.page())["count"] == 2
    assert scene.revisions()[0]["created"] == 4
    assert [entry["item"]["deleted"] for entry in scene.feed(since=1)] == [True, False, None, True]
    assert_history_holds()


def test_no_rows_make_no_revision(scene: Scene) -> None:
    scene.new_item()

    assert fill(scene, []) == (2, 0)

    assert scene.head() == 2


def test_an_unknown_dataset_is_told_before_a_row_is_read(scene: Scene) -> None:
    foreign = scene.people.foreign_project.id
    rows = numbered(1)

    for project_id, dataset_id in ((scene.project_id, NOWHERE), (foreign, scene.dataset["id"])):
        with pytest.raises(UnknownDataset):
            create_items(project_id=project_id, user_id=1, dataset_id=UUID(dataset_id), rows=rows)

    assert next(rows) == NewItem(input="0")


def failing(count: int) -> Iterator[NewItem]:
    yield from numbered(count)
    raise LookupError


def nothing_is_there(scene: Scene) -> None:
    assert scene.head() == 1
    assert not DatasetItem.objects.exists()
    assert not ItemPresence.objects.exists()
    assert [entry["operation"] for entry in scene.feed()] == ["dataset_created"]


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_nothing_is_left_behind_when_the_rows_fail(scene: Scene, count: int) -> None:
    with pytest.raises(LookupError):
        fill(scene, failing(count))

    nothing_is_there(scene)
    assert fill(scene, numbered(2)) == (2, 2)


def test_nothing_is_left_behind_when_the_database_refuses_a_row(scene: Scene) -> None:
    with pytest.raises(DataError):
        fill(scene, [NewItem(), NewItem(input="{")])

    nothing_is_there(scene)


def test_nothing_is_left_behind_when_the_transaction_around_it_fails(scene: Scene) -> None:
    with transaction.atomic():
        fill(scene, numbered(3))
        transaction.set_rollback(True)

    nothing_is_there(scene)


def test_the_number_of_statements_does_not_grow(scene: Scene) -> None:
    counts = []
    for rows in (1, 50):
        with CaptureQueriesContext(connection) as captured:
            fill(scene, numbered(rows))
        counts.append(len([each for each in captured if "SAVEPOINT" not in each["sql"]]))

    assert counts == [5, 5]


def test_many_rows_are_copied_in_stretches(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creation, "STRETCH", 4)

    for count in (3, 4, 5, 8, 11):
        before = scene.head()
        assert fill(scene, numbered(count)) == (before + 1, count)
        assert [each["item"]["input"] for each in scene.feed(since=before)] == list(range(count))

    assert shown(scene.page())["count"] == 31
    assert_history_holds()


def test_memory_is_constant(scene: Scene) -> None:
    peaks = []
    for count in (2_000, 40_000):
        tracemalloc.start()
        fill(scene, numbered(count))
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
