"""Random sequences of writes, compared with a model of every list, version and change."""

from collections.abc import Callable
from copy import deepcopy
from itertools import zip_longest
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.dataset_client import CONTENT, Body, DatasetClient, apply, newest_first, ok
from tests.history_check import assert_history_holds

Snapshot = list[Body]

WHICH = st.integers(0, 1)  # of two datasets
NUMBER = st.integers(0, 30)  # index of an item or a version, modulo their number
DELETED = st.sampled_from([False, True, None])
# Few values, so that many writes change nothing.
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "input": st.sampled_from([None, 1, {"a": [1]}]),
        "output": st.sampled_from([None, "x"]),
        "metadata": st.sampled_from([None, {}]),
        "ref_trace_id": st.sampled_from([None, "t"]),
        "ref_timestamp": st.sampled_from([None, "2026-01-05T00:00:00Z"]),
        "ref_source_id": st.sampled_from([None, "s"]),
    },
)


def without_touches(items: list[Body]) -> list[Body]:
    """Drop updated_at: a write without effect moves it, but makes no version, so no revision records it."""
    return [{name: value for name, value in item.items() if name != "updated_at"} for item in items]


class DatasetModel:
    def __init__(self, body: Body) -> None:
        self.body = body
        self.snapshots: dict[int, Snapshot] = {0: []}  # the list at each revision
        self.operations: list[tuple[int, str, int]] = []

    @property
    def revision(self) -> int:
        return len(self.snapshots) - 1

    def commit(self, operation: str, version: int, items: list[Body]) -> None:
        self.commit_all([(operation, version)], items)

    def commit_all(self, effects: list[tuple[str, int]], items: list[Body]) -> None:
        """Commit one revision with these feed entries."""
        self.operations += [(self.revision + 1, operation, version) for operation, version in effects]
        visible = [item for item in items if item["dataset"] == self.body["id"] and item["deleted"] is not True]
        self.snapshots[self.revision + 1] = deepcopy(newest_first({item["id"]: item for item in visible}))


class History(RuleBasedStateMachine):
    client: ClassVar[DatasetClient]

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.datasets = [DatasetModel(self.client.new_dataset(name)) for name in ("left", "right")]
        self.versions: dict[str, list[Body]] = {}  # of each item, oldest first

    # --- Writes

    @rule(into=WHICH, changes=CHANGES, deleted=DELETED)
    def create(self, into: int, changes: Body, deleted: Any) -> None:
        dataset = self.datasets[into]
        body = {"dataset": dataset.body["id"], "deleted": deleted, **changes}
        response = self.client.api.post(self.client.items, body)
        assert response.status_code == 201
        item = response.json()
        assert item == item | dict.fromkeys(CONTENT) | body
        self.versions[item["id"]] = [item]
        dataset.commit("created", 1, self.present())
        self.check_headers(response, dataset, 1)

    @precondition(lambda self: self.versions)
    @rule(number=NUMBER, changes=CHANGES, method=st.sampled_from(["PATCH", "PUT"]))
    def patch(self, number: int, changes: Body, method: str) -> None:
        item = self.item(number)
        body = {"dataset": item["dataset"], **changes} if method == "PUT" else changes
        self.write(item, changes, lambda path: self.client.api.ask(method, path, body))

    @precondition(lambda self: self.versions)
    @rule(number=NUMBER, deleted=DELETED)
    def set_deleted(self, number: int, deleted: Any) -> None:
        self.patch_with(self.item(number), {"deleted": deleted})

    @precondition(lambda self: self.versions)
    @rule(number=NUMBER, to=WHICH)
    def move(self, number: int, to: int) -> None:
        self.patch_with(self.item(number), {"dataset": self.datasets[to].body["id"]})

    @precondition(lambda self: self.versions)
    @rule(number=NUMBER, to=WHICH, deleted=DELETED, changes=CHANGES)
    def move_and_more(self, number: int, to: int, deleted: Any, changes: Body) -> None:
        self.patch_with(self.item(number), {"dataset": self.datasets[to].body["id"], "deleted": deleted, **changes})

    @precondition(lambda self: self.versions)
    @rule(number=NUMBER)
    def archive(self, number: int) -> None:
        item = self.item(number)
        self.write(item, {"deleted": True}, lambda path: self.client.api.post(f"{path}archive/"))

    @precondition(lambda self: self.versions)
    @rule(number=NUMBER)
    def restore(self, number: int) -> None:
        item = self.item(number)
        changes = {"deleted": False} if item["deleted"] else {}
        self.write(item, changes, lambda path: self.client.api.post(f"{path}restore/"))

    @precondition(lambda self: self.versions)
    @rule(number=NUMBER, version=NUMBER)
    def restore_version(self, number: int, version: int) -> None:
        item = self.item(number)
        version = version % len(self.versions[item["id"]]) + 1
        source = self.versions[item["id"]][version - 1]
        changes = {name: source[name] for name in CONTENT}
        if item["deleted"] or changes != {name: item[name] for name in CONTENT}:
            changes["deleted"] = False
        body = {"source_version": version}
        self.write(item, changes, lambda path: self.client.api.post(f"{path}restore/", body))

    @rule(which=WHICH, name=st.sampled_from(["left", "right"]))
    def rename(self, which: int, name: str) -> None:
        dataset = self.datasets[which]
        dataset.body = self.client.rename(name, of=dataset.body)

    @rule(into=WHICH, contents=st.lists(st.tuples(CHANGES, DELETED), max_size=5))
    def create_many(self, into: int, contents: list[tuple[Body, Any]]) -> None:
        dataset = self.datasets[into]
        bodies = [{**changes, "deleted": deleted} for changes, deleted in contents]
        results = self.bulk("", dataset, bodies)
        assert [each["status"] for each in results] == ["created"] * len(bodies)
        self.match_rows(dataset, bodies, results)

    @rule(into=WHICH, contents=st.lists(st.tuples(st.sampled_from(["s", "u", None]), CHANGES, DELETED), max_size=5))
    def upsert_many(self, into: int, contents: list[tuple[Any, Body, Any]]) -> None:
        """If two items have the same ref_source_id already, rows that name it are errors."""
        dataset = self.datasets[into]
        bodies = [{**changes, "ref_source_id": key, "deleted": deleted} for key, changes, deleted in contents]
        results = self.bulk("?match_on=ref_source_id&on_conflict=update&partial=true", dataset, bodies)
        self.match_rows(dataset, bodies, results)

    def bulk(self, query: str, dataset: DatasetModel, bodies: list[Body]) -> list[Body]:
        response = self.client.api.post(
            f"{self.client.items}bulk/{query}", {"dataset": dataset.body["id"], "items": bodies}
        )
        return list(ok(response)["results"])

    def match_rows(self, dataset: DatasetModel, bodies: list[Body], results: list[Body]) -> None:
        """Return each item's outcome and the revision's entries: first creates, then updates."""
        live = {
            item["id"]: item["ref_source_id"]
            for item in self.present()
            if item["dataset"] == dataset.body["id"] and item["deleted"] is not True
        }
        expected: dict[str, Body] = {}
        for body, result in zip(bodies, results, strict=True):
            if result["status"] == "error":
                assert list(live.values()).count(body["ref_source_id"]) > 1
                continue
            before = expected.get(result["id"]) or self.versions.get(result["id"], [None])[-1]
            blank = {"dataset": dataset.body["id"], "deleted": False} | dict.fromkeys(CONTENT)
            expected[result["id"]] = (before or blank) | body
        after = {each: ok(self.client.item({"id": each}, "?version=" + str(len(self.versions.get(each, [])) + 1)))
                 if each not in self.versions or self.differs(each, expected[each]) else self.versions[each][-1]
                 for each in expected}  # fmt: skip
        created = [each for each in after if each not in self.versions]
        changed = [each for each in after if each in self.versions and self.differs(each, expected[each])]
        effects: list[tuple[str, int]] = [("created", 1)] * len(created)
        for each in changed:
            hidden = expected[each]["deleted"] is True
            effects.append(("archived" if hidden else "updated", len(self.versions[each]) + 1))
        for each in [*created, *changed]:
            assert after[each] == after[each] | expected[each] | {"updated_at": after[each]["updated_at"]}
            self.versions.setdefault(each, []).append(after[each])
        if effects:
            dataset.commit_all(effects, self.present())

    def differs(self, item_id: str, expected: Body) -> bool:
        present = self.versions[item_id][-1]
        return any(present[name] != value for name, value in expected.items() if name != "updated_at")

    @precondition(lambda self: self.versions)
    @rule(numbers=st.lists(NUMBER, max_size=5), to=st.none() | WHICH, changes=CHANGES, deleted=st.none() | DELETED)
    def change_many(self, numbers: list[int], to: int | None, changes: Body, deleted: Any) -> None:
        """None leaves the dataset and `deleted` unchanged."""
        items = list({item["id"]: item for item in map(self.item, numbers)}.values())
        body = dict(changes)
        if to is not None:
            body["dataset"] = self.datasets[to].body["id"]
        if deleted is not None:
            body["deleted"] = deleted
        request = {"ids": [item["id"] for item in items], "changes": body}
        results = ok(self.client.api.patch(f"{self.client.items}bulk/", request))["results"]
        changed = [item for item in items if item | body != item]
        assert [each["status"] for each in results] == ["updated" if item in changed else "unchanged" for item in items]
        effects: dict[str, list[tuple[str, int]]] = {}
        for item in changed:
            written = ok(self.client.item(item, f"?version={len(self.versions[item['id']]) + 1}"))
            assert written == item | body | {"updated_at": written["updated_at"]}
            self.versions[item["id"]].append(written)
            for dataset, operation in self.operations_of(item, written):
                effects.setdefault(dataset.body["id"], []).append((operation, len(self.versions[item["id"]])))
        for each in self.datasets:
            if each.body["id"] in effects:
                each.commit_all(effects[each.body["id"]], self.present())

    # --- Effects of a write

    def patch_with(self, item: Body, changes: Body) -> None:
        self.write(item, changes, lambda path: self.client.api.patch(path, changes))

    def write(self, item: Body, changes: Body, send: Callable[[str], Any]) -> None:
        versions = self.versions[item["id"]]
        target = item | changes
        response = send(self.client.item_path(item))
        written = ok(response)
        assert written == target | {"updated_at": written["updated_at"]}
        if target == item:
            versions[-1] = written
        else:
            versions.append(written)
            self.commit(item, written, len(versions))
        self.check_headers(response, self.dataset_of(written), len(versions))

    def commit(self, before: Body, after: Body, version: int) -> None:
        for dataset, operation in self.operations_of(before, after):
            dataset.commit(operation, version, self.present())

    def operations_of(self, before: Body, after: Body) -> list[tuple[DatasetModel, str]]:
        old_dataset_id, new_dataset_id = self.dataset_of(before), self.dataset_of(after)
        was_hidden, is_hidden = before["deleted"] is True, after["deleted"] is True
        if old_dataset_id is not new_dataset_id:
            return [(old_dataset_id, "moved_out"), (new_dataset_id, "moved_in")]
        if was_hidden == is_hidden:
            return [(new_dataset_id, "updated")]
        return [(new_dataset_id, "archived" if is_hidden else "restored")]

    def check_headers(self, response: Any, dataset: DatasetModel, version: int) -> None:
        assert response.headers["ETag"] == f'"{version}"'
        assert response.headers["Dataset-Revision"] == str(dataset.revision)

    def item(self, number: int) -> Body:
        versions = list(self.versions.values())
        return versions[number % len(versions)][-1]

    def present(self) -> list[Body]:
        return [versions[-1] for versions in self.versions.values()]

    def dataset_of(self, item: Body) -> DatasetModel:
        return next(each for each in self.datasets if each.body["id"] == item["dataset"])

    # --- Final checks

    def teardown(self) -> None:
        if not hasattr(self, "undo"):
            return
        try:
            for dataset in self.datasets:
                self.check_feed(dataset)
                self.check_past(dataset)
                self.check_revisions(dataset)
            for versions in self.versions.values():
                self.check_versions(versions)
            assert_history_holds()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def check_feed(self, dataset: DatasetModel) -> None:
        entries = self.client.feed(of=dataset.body, limit=3)
        assert [(each["revision"], each["operation"], each["version"]) for each in entries] == dataset.operations
        items: dict[str, Body] = {}
        for entry, following in zip_longest(entries, entries[1:]):
            apply(entry, items)
            if following is None or following["revision"] != entry["revision"]:
                assert without_touches(newest_first(items)) == without_touches(dataset.snapshots[entry["revision"]])
        assert newest_first(items) == self.client.results("&limit=1000", of=dataset.body)

    def check_past(self, dataset: DatasetModel) -> None:
        for revision, expected in dataset.snapshots.items():
            limit = 1 + revision % 3
            found, offset = [], 0
            while offset <= len(expected):
                page = self.client.page(f"&revision={revision}&limit={limit}&offset={offset}", of=dataset.body)
                assert ok(page)["count"] == len(expected)
                assert page.headers["Dataset-Revision"] == str(revision)
                found += page.json()["results"]
                offset += limit
            assert without_touches(found) == without_touches(expected)
        assert ok(self.client.page(of=dataset.body))["count"] == len(dataset.snapshots[dataset.revision])

    def check_revisions(self, dataset: DatasetModel) -> None:
        revisions = self.client.revisions(dataset.body)
        assert [each["revision"] for each in revisions] == list(range(dataset.revision, 0, -1))
        for each in revisions:
            page = self.client.page(f"&limit=1&as_of={each['created_at']}", of=dataset.body)
            assert page.headers["Dataset-Revision"] == str(each["revision"])

    def check_versions(self, versions: list[Body]) -> None:
        listed = list(reversed(self.client.versions(versions[0])))
        kept = ("dataset", *CONTENT, "deleted")
        assert [each["version"] for each in listed] == list(range(1, len(versions) + 1))
        assert [[each[name] for name in kept] for each in listed] == [
            [each[name] for name in kept] for each in versions
        ]
        for number, version in enumerate(versions, start=1):
            assert ok(self.client.item(version, f"?version={number}")) == version


def test_history_matches_any_sequence_of_writes(client: DatasetClient) -> None:
    History.client = client

    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=16,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
