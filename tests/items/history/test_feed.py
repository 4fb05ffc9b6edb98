"""The feed of a dataset's changes: a client that keeps reading misses nothing and sees nothing twice."""

from typing import Any

import pytest

from tests.api import Api
from tests.dataset_client import (
    KEYS,
    NOWHERE,
    TESTSERVER,
    Body,
    DatasetClient,
    assert_error,
    assert_not_found,
    created,
    needs_scope_to_read,
    newest_first,
    ok,
    replay,
)
from tests.people import key
from tests.rows import dataset


def outline(entries: list[Body]) -> list[tuple[int, str, int]]:
    return [(each["revision"], each["operation"], each["version"]) for each in entries]


def test_the_feed_lists_every_change_oldest_first(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    patched = client.patch(made, input=2)
    archived = client.archive(made)
    restored = client.restore(made)
    client.rename("renamed")

    response = client.api.get(client.path("changes/"))

    body = ok(response)
    assert list(body) == ["next", "next_since_revision", "results"]
    assert (body["next"], body["next_since_revision"]) == (None, 4)
    assert response.headers["Dataset-Revision"] == "4"
    assert all(list(each) == ["revision", "operation", "version", "item", "message"] for each in body["results"])
    assert [tuple(each.values()) for each in body["results"]] == [
        (1, "created", 1, made, None),
        (2, "updated", 2, patched, None),
        (3, "archived", 3, archived, None),
        (4, "restored", 4, restored, None),
    ]


def test_entries_have_all_thirteen_keys_of_their_version(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    client.archive(made)
    client.restore(made)

    items = [entry["item"] for entry in client.feed(since=0)]

    assert [tuple(item) for item in items] == [KEYS] * 3
    assert [item["deleted"] for item in items] == [False, True, False]
    assert len({item["updated_at"] for item in items}) == 3


def test_authors_other_than_the_caller_are_shown(client: DatasetClient) -> None:
    client.new_item(by=client.colleague)
    client.new_item()

    authors = [entry["item"]["created_by"]["email"] for entry in client.feed(since=0)]

    assert authors == ["colleague@example.com", "owner@example.com"]


def test_a_moved_item_leaves_a_trace_in_both_feeds(client: DatasetClient) -> None:
    other = client.new_dataset()
    made = client.new_item(input=1)
    moved = client.move(made, other)

    here, there = client.feed(), client.feed(of=other)

    left = {"revision": 2, "operation": "moved_out", "version": 2, "item": {"id": made["id"]}, "message": None}
    assert here[-1] == left
    assert there[-1] == {"revision": 1, "operation": "moved_in", "version": 2, "item": moved, "message": None}
    assert (client.head(), client.head(other)) == (2, 1)


def test_the_entries_of_a_moved_item_show_its_versions_then(client: DatasetClient) -> None:
    other = client.new_dataset()
    made = client.new_item(input=1)
    moved = client.move(made, other)
    back = client.move(made, client.dataset)

    assert [entry["item"] for entry in client.feed(since=0)] == [made, {"id": made["id"]}, back]
    assert [entry["item"] for entry in client.feed(since=0, of=other)] == [moved, {"id": made["id"]}]


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
def test_a_patch_of_deleted_archives_or_restores(client: DatasetClient, was: Any, becomes: Any, operation: str) -> None:
    made = client.new_item(deleted=was)
    patched = client.patch(made, deleted=becomes)

    assert outline(client.feed(since=1)) == [(2, operation, 2)]
    assert client.feed(since=1)[0]["item"] == patched
    assert patched["deleted"] is becomes


@pytest.mark.parametrize(("was", "becomes"), [(False, True), (True, False), (True, True), (None, None), (False, None)])
def test_a_move_is_a_move_whatever_else_it_changes(client: DatasetClient, was: Any, becomes: Any) -> None:
    other = client.new_dataset()
    made = client.new_item(deleted=was)
    moved = client.patch(made, dataset=other["id"], deleted=becomes, input="new")

    assert outline(client.feed(since=1)) == [(2, "moved_out", 2)]
    assert outline(client.feed(since=0, of=other)) == [(1, "moved_in", 2)]
    assert client.feed(since=0, of=other)[0]["item"] == moved
    for of in (client.dataset, other):
        assert newest_first(replay(client.feed(of=of))) == client.results(of=of)


@pytest.mark.parametrize("body", [{"name": "new"}, {"description": "new"}, {"metadata": {"a": 1}}, {"deleted": True}])
def test_a_datasets_own_changes_make_no_revisions(client: DatasetClient, body: Body) -> None:
    response = client.api.patch(client.path(), body)

    assert (ok(response)["id"], response.headers["ETag"]) == (client.dataset["id"], '"2"')
    assert response.headers["Dataset-Revision"] == "0"
    assert (client.feed(), client.head()) == ([], 0)


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_write_of_a_dataset_that_changes_nothing_makes_no_revision(client: DatasetClient, method: str) -> None:
    response = client.api.ask(method, client.path(), {"name": "Golden set"})

    assert ok(response)["updated_at"] > client.dataset["updated_at"]
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"1"', "0")
    assert client.feed() == []


def test_a_write_of_items_does_not_move_the_datasets_version(client: DatasetClient) -> None:
    client.patch(client.new_item(), input=1)

    assert client.api.get(client.path()).headers["ETag"] == '"1"'
    assert client.head() == 2


# --- Continuing ------------------------------------------------------------------------------------------------------


def test_since_revision_is_exclusive(client: DatasetClient) -> None:
    for number in range(4):
        client.new_item(input=number)

    for since in range(5):
        assert [entry["revision"] for entry in client.feed(since)] == list(range(since + 1, 5))


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 1000])
def test_pages_of_the_feed_hold_each_entry_once(client: DatasetClient, limit: int) -> None:
    for number in range(5):
        client.new_item(input=number)

    pages = list(client.feed_pages(limit=limit))

    assert [entry["revision"] for page in pages for entry in page["results"]] == [1, 2, 3, 4, 5]
    assert [page["next_since_revision"] for page in pages] == [None] * (len(pages) - 1) + [5]
    assert all(len(page["results"]) == limit for page in pages[:-1])


def test_reading_continues_where_it_ended(client: DatasetClient) -> None:
    first = next(client.feed_pages())
    made = client.new_item()
    second = next(client.feed_pages(first["next_since_revision"]))
    third = next(client.feed_pages(second["next_since_revision"]))

    assert outline(second["results"]) == [(1, "created", 1)]
    assert second["results"][0]["item"] == made
    assert third == {"next": None, "next_since_revision": 1, "results": []}


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_a_page_may_end_inside_a_revision_and_the_next_continues_there(client: DatasetClient, limit: int) -> None:
    for number in range(5):
        client.new_item(input=number)
    fork = created(client.api.post(client.path("fork/"), {"name": "fork"}))
    client.new_item(fork)

    pages = list(client.feed_pages(of=fork, limit=limit))

    entries = [entry for page in pages for entry in page["results"]]
    assert outline(entries) == [(1, "created", 1)] * 5 + [(2, "created", 1)]
    assert len({entry["item"]["id"] for entry in entries}) == 6
    # A client cannot stop inside a revision and come back later.
    assert {page["next_since_revision"] for page in pages[:-1]} == {None}
    assert pages[-1]["next_since_revision"] == 2


def test_concurrent_writes_are_not_missed(client: DatasetClient) -> None:
    made = [client.new_item(input=number) for number in range(3)]
    url = client.path("changes/?limit=2")
    entries: list[Body] = []
    while url:
        page = ok(client.api.get(url))
        entries += page["results"]
        if page["next"]:
            client.patch(made[0], input=f"while {len(entries)}")
        url = page["next"]

    assert [entry["revision"] for entry in entries] == list(range(1, client.head() + 1))
    assert len(entries) > 3
    assert newest_first(replay(entries)) == client.results()


def test_links_of_the_feed_keep_limit_and_prefix_but_no_key(client: DatasetClient) -> None:
    client.new_item()
    client.new_item()
    value = key(client.people.owner)
    path = f"/api/environments/{client.project_id}/datasets/{client.dataset['id']}/changes/"

    link = ok(Api().get(f"{path}?limit=1&personal_api_key={value}"))["next"]

    assert link.startswith(f"{TESTSERVER}{path}?")
    assert "limit=1" in link
    assert value not in link


def test_a_page_holds_a_hundred_entries_by_default_and_at_most_a_thousand(client: DatasetClient) -> None:
    for number in range(105):
        client.new_item(input=number)

    sizes = {limit: len(ok(client.api.get(client.path(f"changes/?limit={limit}")))["results"]) for limit in ("", 5000)}
    assert sizes == {"": 100, 5000: 105}


# --- Errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("since", ["2", "999", str(2**63 - 1), str(2**63), "9" * 255])
def test_a_revision_above_the_current_one_is_not_found(client: DatasetClient, since: str) -> None:
    client.new_item()

    assert_not_found(client.api.get(client.path(f"changes/?since_revision={since}")))


@pytest.mark.parametrize("since", ["x", "-1", "+1", "1.0", "1e3", "%00", "%201", "１"])
def test_a_malformed_since_revision_is_rejected(client: DatasetClient, since: str) -> None:
    response = client.api.get(client.path(f"changes/?since_revision={since}"))

    assert_error(response, 400, "invalid_input", "since_revision")


def test_an_empty_since_revision_is_the_start(client: DatasetClient) -> None:
    client.new_item()

    assert len(ok(client.api.get(client.path("changes/?since_revision=")))["results"]) == 1


@pytest.mark.parametrize("limit", ["0", "-1", "x", "%00"])
def test_an_invalid_limit_means_a_hundred(client: DatasetClient, limit: str) -> None:
    client.new_item()

    assert len(ok(client.api.get(client.path(f"changes/?limit={limit}")))["results"]) == 1


def test_the_feed_of_an_unknown_dataset_is_not_found(client: DatasetClient) -> None:
    elsewhere = [dataset(client.people.foreign_project).id, dataset(client.people.sibling).id]

    for dataset_id in (NOWHERE, "abc", *elsewhere):
        assert_not_found(client.api.get(f"{client.datasets}{dataset_id}/changes/"))


def test_the_feed_of_a_deleted_dataset_can_be_read(client: DatasetClient) -> None:
    client.new_item()
    ok(client.api.patch(client.path(), {"deleted": True}))

    assert len(client.feed()) == 1


def test_both_prefixes_show_the_same_feed(client: DatasetClient) -> None:
    client.new_item()

    bodies = {response.content for response in client.spellings("changes")}

    assert len(bodies) == 1


def test_reading_the_feed_needs_the_read_scope(client: DatasetClient) -> None:
    needs_scope_to_read(client, client.path("changes/"))
