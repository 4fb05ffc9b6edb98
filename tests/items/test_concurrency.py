"""Concurrent writers: counts stay exact, revisions and versions have no gaps, and no write is lost."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, count, pairwise
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from auth.models import Project
from items.models import ChangeLogEntry, Dataset, DatasetHead, DatasetItem, ItemValidity, ProjectHead
from items.queries import ItemPage, ProjectItems
from items.rows import OPEN_END, DatasetRow, ItemRow
from items.writes.items import WriteResult, create_item, update_item
from tests.api import Api
from tests.people import People, key
from tests.rows import AUTHOR, dataset, head, item, stored, versions_of

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 8
WRITES_EACH = 25


@pytest.fixture
def project() -> Project:
    return People().project


def at_once(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each task in a thread with its own connection; all start together, and the first error is raised."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return [each.result(timeout=60) for each in [threads.submit(run, task) for task in tasks]]


def joined(lists: list[list[Any]]) -> list[Any]:
    return list(chain.from_iterable(lists))


def patch(team: int, item_id: UUID, **changes: Any) -> WriteResult:
    """Update the item like a PATCH."""
    items = ProjectItems(team)
    found = items.get_with_archived(item_id)
    assert found is not None
    return update_item(items=items, user_id=AUTHOR, current=found, new_values=changes)


def change(team: int, item_id: UUID, **changes: Any) -> ItemRow:
    """Patch with an effect at any time."""
    written = patch(team, item_id, **changes)
    assert written.dataset_revision == written.current.item.revision
    return written.current.item


class VersionLedger:
    """The writes of an item, as reported by their responses, in the order of its versions."""

    def __init__(self, rows: list[ItemRow]) -> None:
        self.of_items: dict[UUID, list[ItemRow]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.version):
            self.of_items[row.id].append(row)

    def bumps(self) -> dict[UUID, int]:
        """Return how many revisions each dataset should have; a move makes one in both."""
        bumps: dict[UUID, int] = defaultdict(int)
        for versions in self.of_items.values():
            for row in versions:
                bumps[row.dataset_id] += 1
            for before, after in pairwise(versions):
                bumps[before.dataset_id] += before.dataset_id != after.dataset_id
        return bumps

    def revisions(self) -> dict[UUID, list[int]]:
        """Return the revisions named in the responses, by dataset."""
        revisions: dict[UUID, list[int]] = defaultdict(list)
        for versions in self.of_items.values():
            for row in versions:
                revisions[row.dataset_id].append(row.revision)
        return revisions


def live_items(of: DatasetRow) -> int:
    found: int = DatasetItem.objects.in_project(of.team_id).filter(dataset_id=of.id).live().count()
    return found


def assert_history_is_whole(*datasets: DatasetRow) -> None:
    """Check that revisions and versions have no gaps, and that the list is right. No other dataset may have items."""
    for each in datasets:
        now = head(each)
        changes = ChangeLogEntry.objects.filter(team_id=each.team_id, dataset_id=each.id).order_by("revision")
        assert [(row.revision, row.position) for row in changes] == [(at, 0) for at in range(1, now.revision + 1)]
        assert all(earlier.created_at < later.created_at for earlier, later in pairwise(changes))
        if last := changes.last():
            assert (last.created_at, last.item_count) == (now.changed_at, now.item_count)
    in_datasets = {"dataset_id__in": [each.id for each in datasets]}
    items = DatasetItem.objects.all()
    assert items.count() == items.filter(**in_datasets).count(), "all datasets must be named"
    for each_item in items:
        versions = [row.version for row in versions_of(datasets[0], each_item.id)]
        assert versions == list(range(1, each_item.version + 1))
    columns = ("dataset_id", "created_at", "version")
    shown = ItemValidity.objects.filter(valid_to=OPEN_END).values_list("item_id", *columns, "valid_from")
    assert sorted(shown) == sorted(items.live().values_list("id", *columns, "revision"))


def test_concurrent_creates_are_all_counted_and_numbered_without_gaps(project: Project) -> None:
    into = dataset(project)

    def create() -> list[ItemRow]:
        return [item(into, deleted=number % 5 == 0) for number in range(WRITES_EACH)]

    rows = joined(at_once([create] * WRITERS))

    total = WRITERS * WRITES_EACH
    assert sorted(row.revision for row in rows) == list(range(1, total + 1))
    assert head(into).revision == total
    assert head(into).item_count == live_items(into) == total - WRITERS * 5
    assert {(row.id, row.revision) for row in rows} == set(DatasetItem.objects.values_list("id", "revision"))
    assert_history_is_whole(into)


def test_concurrent_patches_of_one_item_get_a_version_and_a_revision_each(project: Project) -> None:
    into = dataset(project)
    target = item(into)

    def write(writer: int) -> list[ItemRow]:
        return [change(project.id, target.id, output=f'"{writer} {number}"') for number in range(WRITES_EACH)]

    rows = joined(at_once([lambda writer=writer: write(writer) for writer in range(WRITERS)]))  # type: ignore[misc]

    total = WRITERS * WRITES_EACH
    assert sorted(row.version for row in rows) == list(range(2, total + 2))
    assert sorted(row.revision for row in rows) == list(range(2, total + 2))
    assert head(into).revision == 1 + total
    last = max(rows, key=lambda row: row.version)
    kept = stored(into, target.id)
    assert (kept.version, kept.revision, kept.output) == (last.version, last.revision, last.output)
    returned = {(row.version, row.revision, row.output) for row in [target, *rows]}
    assert {(row.version, row.revision, row.output) for row in versions_of(into, target.id)} == returned
    assert_history_is_whole(into)


def write_at_random(seed: int, team: int, datasets: list[DatasetRow], shared: list[UUID]) -> list[ItemRow]:
    """Create, patch, move, soft-delete and restore; each write has a new text, so all have an effect."""
    chance, numbers, rows = random.Random(seed), count(), []  # noqa: S311
    for _ in range(WRITES_EACH):
        text = f"{seed}-{next(numbers)}"
        into = chance.choice(datasets).id
        kind = chance.choice(["create", "patch", "move", "move", "delete", "restore", "move and delete"])
        if kind == "create":
            values = {"dataset_id": into, "ref_source_id": text, "deleted": chance.choice([True, False, None])}
            rows.append(create_item(project_id=team, user_id=AUTHOR, values=values))
            shared.append(rows[-1].id)
            continue
        changes: dict[str, Any] = {"ref_source_id": text}
        if "move" in kind:
            changes["dataset_id"] = into
        if "delete" in kind or kind == "restore":
            changes["deleted"] = chance.choice([False, None]) if kind == "restore" else True
        rows.append(change(team, chance.choice(shared), **changes))
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_any_concurrent_writes_keep_counts_exact_and_revisions_without_gaps(project: Project, seed: int) -> None:
    datasets = [dataset(project) for _ in range(3)]
    first = [item(into) for into in datasets for _ in range(2)]
    shared = [row.id for row in first]

    rows = at_once(
        [
            lambda writer=writer: write_at_random(seed * 100 + writer, project.id, datasets, shared)  # type: ignore[misc]
            for writer in range(WRITERS)
        ]
    )

    written = joined(rows)
    assert len(written) == WRITERS * WRITES_EACH
    ledger = VersionLedger(first + written)
    # No version is lost or repeated, and each is kept as reported.
    changes = {(row.dataset_id, row.revision): row for row in ChangeLogEntry.objects.all()}
    for item_id, versions in ledger.of_items.items():
        assert [row.version for row in versions] == list(range(1, len(versions) + 1))
        for kept, returned in zip(versions_of(datasets[0], item_id), versions, strict=True):
            for name in ("version", "revision", "dataset_id", "deleted", "ref_source_id", "created_at", "updated_at"):
                assert getattr(kept, name) == getattr(returned, name), name
            record = changes[returned.dataset_id, returned.revision]
            assert (record.item_id, record.version) == (returned.id, returned.version)
        for before, after in pairwise(versions):
            operation = changes[after.dataset_id, after.revision].operation
            assert (operation == "moved_in") == (before.dataset_id != after.dataset_id)
    assert_history_is_whole(*datasets)
    for each in datasets:
        assert head(each).item_count == live_items(each)
        assert head(each).revision == ledger.bumps()[each.id]
        named = ledger.revisions()[each.id]
        assert len(set(named)) == len(named)
        assert set(named) <= set(range(1, head(each).revision + 1))


def test_moves_in_opposite_directions_do_not_deadlock(project: Project) -> None:
    left, right = dataset(project), dataset(project)
    there, back = item(left), item(right)

    # Two threads move each item back and forth, so some moves lead to its current dataset and only touch it.
    def swing(target: ItemRow, *ways: DatasetRow) -> None:
        for number in range(WRITES_EACH * 2):
            patch(project.id, target.id, dataset_id=ways[number % 2].id)

    at_once([lambda: swing(there, right, left), lambda: swing(back, left, right)] * 2)

    for each in (left, right):
        assert head(each).item_count == live_items(each)
    moves = sum(row.version - 1 for row in DatasetItem.objects.all())
    assert head(left).revision == head(right).revision == 1 + moves
    # A touch that conflicted with another write counts each time it is tried.
    assert head(left).touch_count + head(right).touch_count >= WRITES_EACH * 2 * 4 - moves
    assert_history_is_whole(left, right)


def test_a_concurrent_move_and_soft_delete_keep_both_counts_exact(project: Project) -> None:
    left, right = dataset(project), dataset(project)
    targets = [item(left) for _ in range(20)]

    def move() -> None:
        for target in targets:
            change(project.id, target.id, dataset_id=right.id)

    def delete() -> None:
        for target in reversed(targets):
            change(project.id, target.id, deleted=True)

    at_once([move, delete])

    assert (head(left).item_count, head(right).item_count) == (0, 0)
    assert not DatasetItem.objects.exclude(dataset_id=right.id).exists()
    assert {row.version for row in DatasetItem.objects.all()} == {3}
    assert_history_is_whole(left, right)


def test_writers_of_different_datasets_do_not_wait_for_each_other(project: Project) -> None:
    held, free = dataset(project), dataset(project)
    target = item(free)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM dataset_head WHERE dataset_id = %s FOR UPDATE", [held.id])
        written = at_once([lambda: item(free), lambda: change(project.id, target.id, output="1")])

    assert len(written) == 2
    assert head(free).revision == 3


def test_reads_do_not_wait_for_writers(project: Project) -> None:
    held = dataset(project)
    item(held)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM dataset_head FOR UPDATE")
        pages = at_once([lambda: ProjectItems(project.id).page(dataset_id=held.id, limit=10, offset=0)] * 2)

    assert [found.item_count for found, _ in pages] == [1, 1]


def test_a_write_is_seen_in_count_and_page_together(project: Project) -> None:
    into = dataset(project)
    done: list[bool] = []

    def write() -> None:
        try:
            for number in range(60):
                made = item(into)
                if number % 3 == 0:
                    change(project.id, made.id, deleted=True)
        finally:
            done.append(True)

    def read() -> Iterator[ItemPage]:
        while not done:
            yield ProjectItems(project.id).page(dataset_id=into.id, limit=1000, offset=0)

    _, *seen = at_once([write, lambda: list(read()), lambda: list(read())])

    pages = joined(seen)
    assert all(found.item_count == len(rows) for found, rows in pages)
    changes = {0: 0} | dict(ChangeLogEntry.objects.filter(dataset_id=into.id).values_list("revision", "item_count"))
    assert all(changes[found.revision] == found.item_count for found, _ in pages)
    assert all(row[-1] <= found.revision for found, rows in pages for row in rows)
    assert len(pages) > 2


# --- Over HTTP -------------------------------------------------------------------------------------------------------


class WritePaths:
    def __init__(self) -> None:
        self.people = People()
        self.into = dataset(self.people.project)
        base = f"/api/projects/{self.people.project.id}"
        self.items, self.datasets = f"{base}/dataset_items/", f"{base}/datasets/"
        self.value = key(self.people.owner)

    def patch(self, path: str, body: dict[str, Any]) -> Callable[[], int]:
        return lambda: int(Api(self.value).patch(path, body).status_code)


def test_patches_of_different_fields_of_one_item_all_survive() -> None:
    write_paths = WritePaths()

    for _ in range(5):
        target = item(write_paths.into)
        bodies = [{"input": 1}, {"output": 2}, {"metadata": 3}, {"ref_trace_id": "t"}, {"ref_source_id": "s"}]
        responses = at_once([write_paths.patch(f"{write_paths.items}{target.id}/", body) for body in bodies])

        assert responses == [200] * 5
        kept = stored(write_paths.into, target.id)
        assert (kept.input, kept.output, kept.metadata, kept.ref_trace_id, kept.ref_source_id) == (
            "1",
            "2",
            "3",
            "t",
            "s",
        )
        assert kept.version == 6
        assert_history_is_whole(write_paths.into)


def test_patches_of_different_fields_of_one_dataset_all_survive() -> None:
    write_paths = WritePaths()

    for _ in range(5):
        target = dataset(write_paths.people.project)
        bodies = [{"name": "new"}, {"description": "d"}, {"metadata": [1]}]
        responses = at_once([write_paths.patch(f"{write_paths.datasets}{target.id}/", body) for body in bodies])

        assert responses == [200] * 3
        kept = Dataset.objects.get(id=target.id)
        assert (kept.name, kept.description, kept.metadata, kept.version) == ("new", "d", "[1]", 4)
        assert head(target).revision == 0
        assert_history_is_whole(target)


def test_concurrent_writes_of_a_dataset_and_its_items_do_not_deadlock() -> None:
    write_paths = WritePaths()
    target = item(write_paths.into)

    def rename() -> list[int]:
        return [
            write_paths.patch(f"{write_paths.datasets}{write_paths.into.id}/", {"name": f"{n}"})()
            for n in range(WRITES_EACH)
        ]

    def write() -> list[int]:
        return [write_paths.patch(f"{write_paths.items}{target.id}/", {"output": n})() for n in range(WRITES_EACH)]

    responses = at_once([rename, write, rename, write])

    assert set(joined(responses)) == {200}
    assert Dataset.objects.get().version > WRITES_EACH
    assert DatasetHead.objects.get().revision == DatasetItem.objects.get().version
    assert_history_is_whole(write_paths.into)


def test_a_concurrently_repeated_soft_delete_counts_once() -> None:
    write_paths = WritePaths()
    target = item(write_paths.into)
    item(write_paths.into)

    at_once([write_paths.patch(f"{write_paths.items}{target.id}/", {"deleted": True})] * WRITERS)

    assert head(write_paths.into).item_count == 1
    assert stored(write_paths.into, target.id).version == 2
    assert head(write_paths.into).revision == 3
    assert head(write_paths.into).touch_count >= WRITERS - 1
    assert_history_is_whole(write_paths.into)


def test_datasets_created_at_once_are_all_counted(project: Project) -> None:
    at_once([lambda: [dataset(project) for _ in range(WRITES_EACH)]] * WRITERS)

    assert ProjectHead.objects.get(team_id=project.id).dataset_count == WRITES_EACH * WRITERS
