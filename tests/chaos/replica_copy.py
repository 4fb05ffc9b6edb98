"""A copy of the stored data that is maintained from the feeds only."""

from collections import defaultdict
from typing import Any

import psycopg

from tests.chaos.clients import Client
from tests.chaos.operations import content_of
from tests.chaos.tracked_objects import DATASET_FIELDS, ITEM_FIELDS, State, TrackedObject

HEADS = """
SELECT h.dataset_id::text, h.revision, d.name, d.description, d.version
  FROM dataset_head h JOIN dataset d ON d.team_id = h.team_id AND d.id = h.dataset_id
"""


class ReplicaCopy:
    def __init__(self) -> None:
        self.revisions: dict[str, int] = {}
        self.datasets: dict[str, State] = {}
        self.dataset_versions: dict[str, int] = {}
        self.items: dict[str, State] = {}
        self.item_versions: dict[str, int] = {}
        self.shown: defaultdict[str, dict[str, State]] = defaultdict(dict)
        self.items_by_marker: defaultdict[str, set[str]] = defaultdict(set)
        self.datasets_by_marker: defaultdict[str, set[str]] = defaultdict(set)

    def follow(self, client: Client, database: str, forks: set[str]) -> list[str]:
        """Read the new entries of all datasets, and return the datasets that had some."""
        with psycopg.connect(database) as connection:
            rows = connection.execute(HEADS).fetchall()
        news = []
        for its_id, revision, name, description, version in rows:
            self.datasets[its_id] = {"name": name, "description": description}
            self.dataset_versions[its_id] = version
            self.datasets_by_marker[name.split()[0]].add(its_id)
            if self.revisions.get(its_id, 0) != revision:
                self.follow_one(client, its_id, is_fork=name.split()[0] in forks)
                assert self.revisions[its_id] == revision
                news.append(its_id)
        return news

    def follow_one(self, client: Client, dataset: str, *, is_fork: bool) -> None:
        path: str | None = f"datasets/{dataset}/changes/?since_revision={self.revisions.get(dataset, 0)}&limit=1000"
        while path:
            page = client.get(path)
            for entry in page["results"]:
                self.apply(entry, dataset, is_fork=is_fork)
            path = page["next"] and page["next"].split(f"/{client.project}/", 1)[1]

    def apply(self, entry: Any, dataset: str, *, is_fork: bool) -> None:
        last = self.revisions.get(dataset, 0)
        assert entry["revision"] in {last, last + 1}, ("a revision is missing", dataset, last, entry)
        self.revisions[dataset] = entry["revision"]
        item, shown = entry["item"], self.shown[dataset]
        its_id = item["id"]
        if entry["operation"] == "moved_out" or item["deleted"]:
            shown.pop(its_id, None)
        else:
            shown[its_id] = item
        if "dataset" in item and entry["version"] > self.item_versions.get(its_id, 0):
            self.items[its_id], self.item_versions[its_id] = item, entry["version"]
            if not is_fork:
                self.items_by_marker[item["ref_source_id"]].add(its_id)

    def check_lists(self, client: Client, datasets: list[str]) -> None:
        """Check that the lists match the copy."""
        for dataset in datasets:
            listed: dict[str, State] = {}
            path: str | None = f"dataset_items/?dataset={dataset}&limit=1000"
            while path:
                page = client.get(path)
                listed |= {each["id"]: each for each in page["results"]}
                path = page["next"] and page["next"].split(f"/{client.project}/", 1)[1]
            assert page["count"] == len(listed)
            assert without_touches(listed) == without_touches(self.shown[dataset]), dataset

    def found(self, tracked: TrackedObject, fields: tuple[str, ...]) -> tuple[int, State | None]:
        """Return the version and state of the object with this marker; 0 and None if there is none."""
        is_item = fields is ITEM_FIELDS
        ids = (self.items_by_marker if is_item else self.datasets_by_marker)[tracked.marker]
        assert len(ids) <= 1, ("it was done twice", tracked)
        for its_id in ids:
            assert tracked.id in {None, its_id}
            tracked.id = its_id
            known, versions = (self.items, self.item_versions) if is_item else (self.datasets, self.dataset_versions)
            return versions[its_id], {name: known[its_id][name] for name in fields}
        return 0, None

    def contents_of(self, fork: TrackedObject) -> list[str]:
        (its_id,) = self.datasets_by_marker[fork.marker]
        return sorted(content_of(each) for each in self.shown[its_id].values())


def fields_of(state: State) -> tuple[str, ...]:
    return ITEM_FIELDS if "dataset" in state else DATASET_FIELDS


def without_touches(items: dict[str, State]) -> dict[str, State]:
    return {
        its_id: {name: value for name, value in item.items() if name != "updated_at"} for its_id, item in items.items()
    }
