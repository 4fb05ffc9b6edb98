"""Sixteen writers at the running service, while readers follow the feeds: nothing is missing or repeated."""

import random
import threading
import time
from datetime import UTC, datetime
from functools import partial
from itertools import zip_longest
from typing import Any

import pytest

from items.integrity.rules import RULES
from items.models import DatasetTag
from tests.dataset_client import Body, apply, newest_first
from tests.history_check import check_history
from tests.http_connection import HTTPConnection, ServedProject, at_once
from tests.service_process import ServiceProcess

KINDS = ("create", "create", "patch", "archive", "restore", "move", "move", "all", "many", "matched", "changed")
WRITERS = 16
SECONDS = 4


class SharedDatasets(ServedProject):
    """Three datasets of the running service, with the items that the writers share."""

    def __init__(self, service: ServiceProcess) -> None:
        super().__init__(service)
        self.ids = [self.new_dataset(f"{number}") for number in range(3)]
        self.shared: list[str] = []
        self.deadline = time.monotonic() + SECONDS
        self.is_done = threading.Event()

    def everything(self, dataset: str, query: str = "") -> list[Body]:
        """Return all pages of the list."""
        found: list[Body] = []
        with self.wire() as wire:
            url: str | None = f"{self.items}?dataset={dataset}&limit=1000{query}"
            while url:
                page = wire.ask("GET", parse_target(url)).json()
                found += page["results"]
                url = page["next"]
        assert page["count"] == len(found)
        return found

    def head(self, dataset: str) -> int:
        return int(self.ask("GET", f"{self.items}?dataset={dataset}&limit=1").headers["dataset-revision"])


def parse_target(url: str) -> str:
    """Return the target of a path or an absolute link."""
    return url[url.index("/api/") :]


def write(shared_datasets: SharedDatasets, seed: int) -> int:
    """Write at random until the time is up; each PATCH has a new text, and so an effect."""
    chance, done = random.Random(seed), 0  # noqa: S311
    with shared_datasets.wire() as wire:
        while time.monotonic() < shared_datasets.deadline:
            done += 1
            kind = chance.choice(KINDS)
            if kind in {"many", "matched", "changed"}:
                write_many(shared_datasets, wire, chance, kind, f"{seed}-{done}")
                continue
            body: Any = {"ref_source_id": f"{seed}-{done}"}
            if kind in {"create", "move", "all"}:
                body["dataset"] = chance.choice(shared_datasets.ids)
            if kind in {"create", "all"}:
                body["deleted"] = chance.choice([False, None, True])
            if kind == "create" or not shared_datasets.shared:
                body.setdefault("dataset", shared_datasets.ids[0])
                response = wire.ask("POST", shared_datasets.items, body)
                shared_datasets.shared.append(response.json()["id"])
            elif kind in {"archive", "restore"}:
                response = wire.ask("POST", f"{shared_datasets.items}{chance.choice(shared_datasets.shared)}/{kind}/")
            else:
                response = wire.ask("PATCH", f"{shared_datasets.items}{chance.choice(shared_datasets.shared)}/", body)
            assert response.status in {200, 201}, response.content
    return done


def write_many(
    shared_datasets: SharedDatasets, wire: HTTPConnection, chance: random.Random, kind: str, text: str
) -> None:
    """Send one request with new items, items matched by few ids that all threads share, or changes."""
    path = f"{shared_datasets.items}bulk/"
    dataset = chance.choice(shared_datasets.ids)
    if kind == "changed":
        ids = chance.sample(shared_datasets.shared, min(5, len(shared_datasets.shared)))
        changes = {"input": text} | chance.choice([{}, {"dataset": dataset}, {"deleted": True}, {"deleted": False}])
        response = wire.ask("PATCH", path, {"ids": ids, "changes": changes})
    elif kind == "matched":
        items = [{"ref_source_id": f"matched {chance.randrange(20)}", "input": text} for _ in range(5)]
        query = "?match_on=ref_source_id&on_conflict=update&partial=true"
        response = wire.ask("POST", path + query, {"dataset": dataset, "items": items})
    else:
        items = [{"input": text, "deleted": chance.choice([False, None, True])} for _ in range(5)]
        response = wire.ask("POST", path, {"dataset": dataset, "items": items})
        shared_datasets.shared += [each["id"] for each in response.json()["results"]]
    assert response.status == 200, response.content


def follow(shared_datasets: SharedDatasets, dataset: str, limit: int) -> list[Body]:
    """Read the feed by `next` and `next_since_revision` only, until the last write is in it."""
    entries: list[Body] = []
    since, was_done = 0, False
    with shared_datasets.wire() as wire:
        while not was_done:
            # A round that begins after the last write sees everything.
            was_done = shared_datasets.is_done.is_set()
            url = f"{shared_datasets.datasets}{dataset}/changes/?since_revision={since}&limit={limit}"
            while url:
                page = wire.ask("GET", parse_target(url)).json()
                entries += page["results"]
                url = page["next"]
            since = page["next_since_revision"]
            assert (entries[-1]["revision"] if entries else 0) == since
    return entries


def write_together(shared_datasets: SharedDatasets) -> list[int]:
    """Run all writers at once; return how much each has written."""
    try:
        return at_once([partial(write, shared_datasets, seed) for seed in range(WRITERS)])
    finally:
        shared_datasets.is_done.set()


@pytest.fixture
def shared_datasets(service: ServiceProcess, live_database: None) -> SharedDatasets:
    return SharedDatasets(service)


def test_readers_of_the_feeds_rebuild_what_sixteen_writers_wrote(shared_datasets: SharedDatasets) -> None:
    readers = [
        partial(follow, shared_datasets, dataset, limit)
        for dataset, limit in zip(shared_datasets.ids, (7, 100, 1), strict=True)
    ]

    *feeds, written = at_once([*readers, partial(write_together, shared_datasets)])

    assert sum(written) > 200
    for dataset, entries in zip(shared_datasets.ids, feeds, strict=True):
        head = shared_datasets.head(dataset)
        revisions = [entry["revision"] for entry in entries]
        assert revisions == sorted(revisions)
        assert set(revisions) == set(range(1, head + 1))
        checkpoints = set(range(1, head + 1, max(1, head // 6))) | {head}
        items: dict[str, Body] = {}
        for entry, following in zip_longest(entries, entries[1:]):
            apply(entry, items)
            is_end = following is None or following["revision"] != entry["revision"]
            if is_end and entry["revision"] in checkpoints:
                assert shared_datasets.everything(dataset, f"&revision={entry['revision']}") == newest_first(items)
        assert shared_datasets.everything(dataset) == newest_first(items)
    assert check_history()[0] == 0


def test_check_history_exits_with_one_if_a_rule_is_broken(shared_datasets: SharedDatasets) -> None:
    assert check_history() == (0, f"{len(RULES)} rules checked: nothing wrong.\n")
    DatasetTag.objects.create(
        team_id=shared_datasets.people.project.id,
        dataset_id=shared_datasets.ids[0],
        name="lost",
        revision=9,
        created_at=datetime.now(UTC),
    )

    status, printed = check_history()

    assert status == 1
    assert "name lost, revision 9" in printed
    assert f"CommandError: 1 of {len(RULES)} rules are broken." in printed
