"""Versions of an item: the list, and the item at one of them."""

import pytest

from database.query import execute
from tests.api import Api
from tests.dataset_client import CONTENT, KEYS, NOWHERE, PREFIXES, DatasetClient, assert_error, assert_not_found, ok
from tests.people import key
from tests.rows import dataset, item

VERSION_KEYS = ["version", "dataset_revision", "dataset", *CONTENT, "deleted", "created_at", "created_by"]


def test_versions_of_an_item_are_listed_newest_first(client: DatasetClient) -> None:
    made = client.new_item(input={"q": 1}, ref_trace_id="t")
    patched = client.patch(made, output="an answer")

    page = ok(client.item(made, "versions/"))

    assert (page["count"], page["next"], page["previous"]) == (2, None, None)
    newest, oldest = page["results"]
    assert list(newest) == list(oldest) == VERSION_KEYS
    assert (newest["version"], newest["dataset_revision"], newest["output"]) == (2, 2, "an answer")
    assert (oldest["version"], oldest["dataset_revision"], oldest["output"]) == (1, 1, None)
    for version in (newest, oldest):
        assert (version["dataset"], version["input"], version["ref_trace_id"]) == (
            client.dataset["id"],
            {"q": 1},
            "t",
        )
        assert version["deleted"] is False
    assert newest["created_at"] == patched["updated_at"]


def test_versions_are_in_order_with_any_plan(client: DatasetClient) -> None:
    made = client.new_item()
    for number in range(20):
        client.patch(made, output=number)
    execute("ANALYZE", {})

    assert [version["version"] for version in client.versions(made)] == list(range(21, 0, -1))


def test_the_user_who_writes_a_version_is_its_author(client: DatasetClient) -> None:
    made = client.new_item()
    client.patch(made, by=client.colleague, output=1)

    newest, oldest = client.versions(made)

    assert newest["created_by"]["email"] == "colleague@example.com"
    assert oldest["created_by"] == made["created_by"]
    assert ok(client.item(made))["created_by"]["email"] == "owner@example.com"


def test_a_version_is_as_old_as_its_revision(client: DatasetClient) -> None:
    made = client.new_item()
    client.patch(made, output=1)

    times = {each["revision"]: (each["created_at"], each["created_by"]) for each in client.revisions()}

    for version in client.versions(made):
        assert (version["created_at"], version["created_by"]) == times[version["dataset_revision"]]


def test_every_field_of_every_version_is_kept(client: DatasetClient) -> None:
    states = [
        {
            "input": {"n": number},
            "output": [number],
            "metadata": None if number == 2 else number,
            "ref_trace_id": f"trace {number}",
            "ref_timestamp": f"2025-01-0{number}T00:00:00Z",
            "ref_source_id": None if number == 1 else str(number),
            "deleted": [False, None, True, False][number],
        }
        for number in range(1, 4)
    ]
    made = client.new_item(**states[0])
    for state in states[1:]:
        client.patch(made, **state)

    kept = [{name: version[name] for name in states[0]} for version in reversed(client.versions(made))]

    assert kept == states


def test_json_of_a_version_is_kept_as_sent(client: DatasetClient) -> None:
    text = '{"b": 1.50, "a": 12345678901234567890123, "b": "\u00e9"}'
    made = client.api.post(client.items, f'{{"dataset": "{client.dataset["id"]}", "input": {text}}}').json()
    client.patch(made, input=2)

    listed = client.item(made, "versions/").content.decode()
    single = client.item(made, "?version=1").content.decode()

    assert f'"input":{text},' in listed
    assert f'"input":{text},' in single


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_write_that_changes_nothing_makes_no_version(client: DatasetClient, method: str) -> None:
    made = client.new_item(input={"q": 1}, deleted=None)
    body = {"dataset": client.dataset["id"], "input": {"q": 1}, "deleted": None}

    response = client.api.ask(method, client.item_path(made), body)

    assert ok(response)["updated_at"] > made["updated_at"]
    assert response.headers["ETag"] == '"1"'
    assert response.headers["Dataset-Revision"] == "1"
    assert [version["version"] for version in client.versions(made)] == [1]
    assert client.head() == 1
    assert len(client.feed()) == 1


def test_a_moved_item_keeps_its_versions(client: DatasetClient) -> None:
    other = client.new_dataset()
    made = client.new_item(input=1)
    client.move(made, other)
    client.patch(made, input=2)

    versions = client.versions(made)

    assert [(each["version"], each["dataset"], each["dataset_revision"], each["input"]) for each in versions] == [
        (3, other["id"], 2, 2),
        (2, other["id"], 1, 1),
        (1, client.dataset["id"], 1, 1),
    ]


def test_versions_of_an_archived_item_stay_listed(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    client.archive(made)

    assert [(each["version"], each["deleted"]) for each in client.versions(made)] == [(2, True), (1, False)]


def test_versions_come_in_pages(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    for number in range(2, 8):
        client.patch(made, input=number)

    seen, url = [], client.item_path(made, "versions/?limit=3")
    while url:
        page = ok(client.api.get(url))
        assert page["count"] == 7
        seen += [(each["version"], each["input"]) for each in page["results"]]
        url = page["next"]

    assert seen == [(number, number) for number in range(7, 0, -1)]


@pytest.mark.parametrize("offset", [2, 1000, 10**30])
def test_a_page_of_versions_past_the_end_is_empty(client: DatasetClient, offset: int) -> None:
    made = client.new_item()

    page = ok(client.item(made, f"versions/?offset={offset}"))

    assert (page["count"], page["results"]) == (1, [])


def test_an_item_that_was_never_forked_has_no_origin(client: DatasetClient) -> None:
    made = client.new_item()

    assert "origin" not in client.versions(made)[0]


# --- ?version= -------------------------------------------------------------------------------------------------------


def test_an_item_is_read_at_a_version(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    second = client.patch(made, input=2)
    client.patch(made, input=3)

    responses = [client.item(made, f"?version={number}") for number in (1, 2, 3)]

    assert [tuple(ok(each)) for each in responses] == [KEYS] * 3
    assert [each.json()["input"] for each in responses] == [1, 2, 3]
    assert [each.headers["ETag"] for each in responses] == ['"1"', '"2"', '"3"']
    assert responses[0].json() == made
    assert responses[1].json() == second


def test_a_version_of_an_item_deleted_since_can_be_read(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    client.archive(made)

    assert_not_found(client.item(made))
    assert ok(client.item(made, "?version=1")) == made
    assert ok(client.item(made, "?version=2"))["deleted"] is True


def test_a_version_from_before_a_move_is_of_the_former_dataset(client: DatasetClient) -> None:
    made = client.new_item()
    other = client.new_dataset()
    client.move(made, other)

    assert ok(client.item(made, "?version=1"))["dataset"] == client.dataset["id"]
    assert ok(client.item(made, "?version=2"))["dataset"] == other["id"]


def test_the_author_of_an_item_stays_its_creator_in_every_version(client: DatasetClient) -> None:
    made = client.new_item(by=client.colleague)
    client.patch(made, output=1)

    for number in (1, 2):
        assert ok(client.item(made, f"?version={number}"))["created_by"]["email"] == "colleague@example.com"


@pytest.mark.parametrize("version", ["0", "2", "000", str(2**63 - 1), str(2**63), "9" * 255])
def test_an_unknown_version_is_not_found(client: DatasetClient, version: str) -> None:
    made = client.new_item()

    assert_not_found(client.item(made, f"?version={version}"))


@pytest.mark.parametrize("version", ["x", "-1", "+1", "1.0", "1e0", "0x1", "%00", "%201", "１", "null"])
def test_a_malformed_version_is_rejected(client: DatasetClient, version: str) -> None:
    made = client.new_item()

    assert_error(client.item(made, f"?version={version}"), 400, "invalid_input", "version")


@pytest.mark.parametrize("other", ["revision=1", "as_of=2026-01-05T00:00:00Z"])
def test_a_version_with_a_revision_is_rejected(client: DatasetClient, other: str) -> None:
    made = client.new_item()

    assert_error(client.item(made, f"?version=1&{other}"), 400, "invalid_input", "version")


def test_an_empty_version_is_ignored(client: DatasetClient) -> None:
    made = client.new_item()
    patched = client.patch(made, input=2)

    assert ok(client.item(made, "?version=")) == patched


@pytest.mark.parametrize("item_id", [NOWHERE, "abc", "0"])
def test_an_unknown_item_has_no_versions(client: DatasetClient, item_id: str) -> None:
    for rest in ("versions/", "?version=1", "?revision=1"):
        assert_not_found(client.api.get(f"{client.items}{item_id}/{rest}"))


def test_items_of_another_project_have_no_versions_here(client: DatasetClient) -> None:
    for project in (client.people.foreign_project, client.people.sibling):
        there = item(dataset(project))
        for rest in ("versions/", "?version=1", "?revision=2"):
            assert_not_found(client.api.get(f"{client.items}{there.id}/{rest}"))


def test_both_prefixes_show_the_same_versions(client: DatasetClient) -> None:
    made = client.new_item()
    client.patch(made, input=2)

    for rest in ("versions/", "versions", "versions.json", "?version=1"):
        bodies = {
            client.api.get(f"/api/{prefix}/{client.project_id}/dataset_items/{made['id']}/{rest}").content
            for prefix in PREFIXES
        }

        assert len(bodies) == 1
        assert b'"input":null' in bodies.pop()


def test_reading_versions_needs_the_read_scope(client: DatasetClient) -> None:
    made = client.new_item()
    reader = Api(key(client.people.owner, "dataset:read"))

    for rest in ("versions/", "?version=1", "?revision=1"):
        ok(reader.get(client.item_path(made, rest)))
