"""The feed of a dataset's changes: whoever reads it in a loop misses nothing and sees nothing twice."""

from typing import Any

import pytest

from tests.api import Api
from tests.history.scene import (
    KEYS,
    NOWHERE,
    TESTSERVER,
    Body,
    Scene,
    created,
    in_order,
    needs_scope_to_read,
    refused,
    replay,
    shown,
    unknown,
)
from tests.items.rows import dataset
from tests.people import key


def outline(entries: list[Body]) -> list[tuple[int, str, int | None]]:
    return [(each["revision"], each["operation"], each["version"]) for each in entries]


def test_the_feed_tells_every_change_oldest_first(scene: Scene) -> None:
    made = scene.new_item(input=1)
    patched = scene.patch(made, input=2)
    archived = scene.archive(made)
    restored = scene.restore(made)
    scene.rename("renamed")

    answer = scene.api.get(scene.path("changes/"))

    body = shown(answer)
    assert list(body) == ["next", "next_since_revision", "results"]
    assert (body["next"], body["next_since_revision"]) == (None, 6)
    assert answer.headers["Dataset-Revision"] == "6"
    assert all(list(each) == ["revision", "operation", "version", "item"] for each in body["results"])
    assert [tuple(each.values()) for each in body["results"]] == [
        (1, "dataset_created", None, None),
        (2, "created", 1, made),
        (3, "updated", 2, patched),
        (4, "archived", 3, archived),
        (5, "restored", 4, restored),
        (6, "dataset_updated", None, None),
    ]


def test_entries_show_all_thirteen_keys_of_their_version(scene: Scene) -> None:
    made = scene.new_item(input=1)
    scene.archive(made)
    scene.restore(made)

    items = [entry["item"] for entry in scene.feed(since=1)]

    assert [tuple(item) for item in items] == [KEYS] * 3
    assert [item["deleted"] for item in items] == [False, True, False]
    assert len({item["updated_at"] for item in items}) == 3


def test_authors_other_than_the_caller_are_shown(scene: Scene) -> None:
    scene.new_item(by=scene.colleague)
    scene.new_item()

    authors = [entry["item"]["created_by"]["email"] for entry in scene.feed(since=1)]

    assert authors == ["colleague@example.com", "owner@example.com"]


def test_a_moved_item_leaves_a_trace_in_both_feeds(scene: Scene) -> None:
    other = scene.new_dataset()
    made = scene.new_item(input=1)
    moved = scene.move(made, other)

    here, there = scene.feed(), scene.feed(of=other)

    assert here[-1] == {"revision": 3, "operation": "moved_out", "version": 2, "item": {"id": made["id"]}}
    assert there[-1] == {"revision": 2, "operation": "moved_in", "version": 2, "item": moved}
    assert (scene.head(), scene.head(other)) == (3, 2)


def test_the_entries_of_a_moved_item_show_it_as_it_was(scene: Scene) -> None:
    other = scene.new_dataset()
    made = scene.new_item(input=1)
    moved = scene.move(made, other)
    back = scene.move(made, scene.dataset)

    assert [entry["item"] for entry in scene.feed(since=1)] == [made, {"id": made["id"]}, back]
    assert [entry["item"] for entry in scene.feed(since=1, of=other)] == [moved, {"id": made["id"]}]


@pytest.mark.parametrize(
    ("was", "becomes", "operation"),
    [
        (False, True, "archived"),
        (None, True, "archived"),
        (True, False, "restored"),
        (True, None, "restored"),
        (False, None, "updated"),
        (None, False, "updated"),
    ],
)
def test_a_patch_of_deleted_archives_or_restores(scene: Scene, was: Any, becomes: Any, operation: str) -> None:
    made = scene.new_item(deleted=was)
    patched = scene.patch(made, deleted=becomes)

    assert outline(scene.feed(since=2)) == [(3, operation, 2)]
    assert scene.feed(since=2)[0]["item"] == patched
    assert patched["deleted"] is becomes


@pytest.mark.parametrize(("was", "becomes"), [(False, True), (True, False), (True, True), (None, None), (False, None)])
def test_a_move_is_a_move_whatever_else_it_changes(scene: Scene, was: Any, becomes: Any) -> None:
    other = scene.new_dataset()
    made = scene.new_item(deleted=was)
    moved = scene.patch(made, dataset=other["id"], deleted=becomes, input="new")

    assert outline(scene.feed(since=2)) == [(3, "moved_out", 2)]
    assert outline(scene.feed(since=1, of=other)) == [(2, "moved_in", 2)]
    assert scene.feed(since=1, of=other)[0]["item"] == moved
    for of in (scene.dataset, other):
        assert in_order(replay(scene.feed(of=of))) == scene.results(of=of)


@pytest.mark.parametrize("body", [{"name": "new"}, {"description": "new"}, {"metadata": {"a": 1}}, {"deleted": True}])
def test_a_datasets_own_changes_are_revisions_too(scene: Scene, body: Body) -> None:
    shown(scene.api.patch(scene.path(), body))

    assert scene.feed(since=1) == [{"revision": 2, "operation": "dataset_updated", "version": None, "item": None}]


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_write_of_a_dataset_that_changes_nothing_is_no_revision(scene: Scene, method: str) -> None:
    answer = scene.api.ask(method, scene.path(), {"name": "Golden set"})

    assert shown(answer)["updated_at"] > scene.dataset["updated_at"]
    assert (answer.headers["ETag"], answer.headers["Dataset-Revision"]) == ('"1"', "1")
    assert outline(scene.feed()) == [(1, "dataset_created", None)]


def test_a_write_of_items_does_not_move_the_datasets_version(scene: Scene) -> None:
    scene.patch(scene.new_item(), input=1)

    assert scene.api.get(scene.path()).headers["ETag"] == '"1"'
    assert scene.head() == 3


# --- Reading on ------------------------------------------------------------------------------------------------------


def test_a_revision_to_read_on_from_is_excluded(scene: Scene) -> None:
    for number in range(4):
        scene.new_item(input=number)

    for since in range(6):
        assert [entry["revision"] for entry in scene.feed(since)] == list(range(since + 1, 6))


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 1000])
def test_pages_of_the_feed_hold_each_entry_once(scene: Scene, limit: int) -> None:
    for number in range(5):
        scene.new_item(input=number)

    pages = list(scene.feed_pages(limit=limit))

    assert [entry["revision"] for page in pages for entry in page["results"]] == [1, 2, 3, 4, 5, 6]
    assert [page["next_since_revision"] for page in pages] == [None] * (len(pages) - 1) + [6]
    assert all(len(page["results"]) == limit for page in pages[:-1])


def test_a_feed_is_read_on_where_it_ended(scene: Scene) -> None:
    first = next(scene.feed_pages())
    made = scene.new_item()
    second = next(scene.feed_pages(first["next_since_revision"]))
    third = next(scene.feed_pages(second["next_since_revision"]))

    assert outline(second["results"]) == [(2, "created", 1)]
    assert second["results"][0]["item"] == made
    assert third == {"next": None, "next_since_revision": 2, "results": []}


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_a_page_may_end_inside_a_revision_and_the_next_goes_on_there(scene: Scene, limit: int) -> None:
    for number in range(5):
        scene.new_item(input=number)
    fork = created(scene.api.post(scene.path("fork/"), {"name": "fork"}))
    scene.new_item(fork)

    pages = list(scene.feed_pages(of=fork, limit=limit))

    entries = [entry for page in pages for entry in page["results"]]
    assert outline(entries) == [(1, "dataset_created", None)] + [(1, "created", 1)] * 5 + [(2, "created", 1)]
    assert len({entry["item"]["id"] for entry in entries[1:]}) == 6
    # Inside the revision there is no place to stop and come back.
    assert {page["next_since_revision"] for page in pages[:-1]} == {None}
    assert pages[-1]["next_since_revision"] == 2


def test_what_is_written_while_the_pages_are_read_is_not_missed(scene: Scene) -> None:
    made = [scene.new_item(input=number) for number in range(3)]
    url = scene.path("changes/?limit=2")
    entries: list[Body] = []
    while url:
        page = shown(scene.api.get(url))
        entries += page["results"]
        if page["next"]:
            scene.patch(made[0], input=f"while {len(entries)}")
        url = page["next"]

    assert [entry["revision"] for entry in entries] == list(range(1, scene.head() + 1))
    assert len(entries) > 5
    assert in_order(replay(entries)) == scene.results()


def test_links_of_the_feed_keep_limit_and_prefix_and_hand_on_no_key(scene: Scene) -> None:
    scene.new_item()
    value = key(scene.people.owner)
    path = f"/api/environments/{scene.project_id}/datasets/{scene.dataset['id']}/changes/"

    link = shown(Api().get(f"{path}?limit=1&personal_api_key={value}"))["next"]

    assert link.startswith(f"{TESTSERVER}{path}?")
    assert "limit=1" in link
    assert value not in link


def test_a_page_holds_a_hundred_entries_unless_told_and_at_most_a_thousand(scene: Scene) -> None:
    for number in range(105):
        scene.new_item(input=number)

    sizes = {limit: len(shown(scene.api.get(scene.path(f"changes/?limit={limit}")))["results"]) for limit in ("", 5000)}
    assert sizes == {"": 100, 5000: 106}


# --- Refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("since", ["3", "999", str(2**63 - 1), str(2**63), "9" * 5000])
def test_a_revision_above_the_present_one_is_not_found(scene: Scene, since: str) -> None:
    scene.new_item()

    unknown(scene.api.get(scene.path(f"changes/?since_revision={since}")))


@pytest.mark.parametrize("since", ["x", "-1", "+1", "1.0", "1e3", "%00", "%201", "１"])
def test_a_malformed_revision_to_read_on_from_is_refused(scene: Scene, since: str) -> None:
    answer = scene.api.get(scene.path(f"changes/?since_revision={since}"))

    refused(answer, 400, "invalid_input", "since_revision")


def test_an_empty_revision_to_read_on_from_is_the_start(scene: Scene) -> None:
    assert len(shown(scene.api.get(scene.path("changes/?since_revision=")))["results"]) == 1


@pytest.mark.parametrize("limit", ["0", "-1", "x", "%00"])
def test_a_limit_that_is_none_is_a_hundred(scene: Scene, limit: str) -> None:
    scene.new_item()

    assert len(shown(scene.api.get(scene.path(f"changes/?limit={limit}")))["results"]) == 2


def test_the_feed_of_an_unknown_dataset_is_not_found(scene: Scene) -> None:
    elsewhere = [dataset(scene.people.foreign_project).id, dataset(scene.people.sibling).id]

    for dataset_id in (NOWHERE, "abc", *elsewhere):
        unknown(scene.api.get(f"{scene.datasets}{dataset_id}/changes/"))


def test_the_feed_of_a_deleted_dataset_can_be_read(scene: Scene) -> None:
    shown(scene.api.patch(scene.path(), {"deleted": True}))

    assert len(scene.feed()) == 2


def test_both_prefixes_show_the_same_feed(scene: Scene) -> None:
    scene.new_item()

    bodies = {answer.content for answer in scene.spellings("changes")}

    assert len(bodies) == 1


def test_reading_the_feed_takes_the_scope_to_read(scene: Scene) -> None:
    needs_scope_to_read(scene, scene.path("changes/"))
