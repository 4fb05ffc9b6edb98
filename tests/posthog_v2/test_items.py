"""Items in the later API."""

from typing import Any
from uuid import UUID, uuid5

import pytest

from items.models import ItemSource
from tests.dataset_client import NOWHERE, assert_error, assert_not_found, created, ok
from tests.posthog_v2.v2_client import V2Client

KEYS = [
    "id", "dataset", "client_item_id", "version", "version_id", "dataset_revision", "dataset_revision_id", "archived",
    "input", "expected_output", "source_output", "metadata", "source_trace_id", "source_event_id", "source_timestamp",
    "created_at", "updated_at", "created_by", "version_created_at", "version_created_by", "team_id",
]  # fmt: skip
SOURCE = {"source_trace_id": "t", "source_event_id": "e", "source_timestamp": "2026-01-02T03:04:05.000006Z"}
FULL: dict[str, Any] = {
    "input": ["a", 1],
    "expected_output": {"b": None},
    "source_output": "o",
    "metadata": {"m": 1},
    "client_item_id": " K ",
    **SOURCE,
}


def test_an_item_has_its_keys_in_order(v2: V2Client) -> None:
    response = v2.create(**FULL)
    item = created(response)

    assert list(item) == KEYS
    assert {name: item[name] for name in FULL} == FULL
    assert (item["version"], item["dataset_revision"], item["archived"]) == (1, 1, False)
    assert item["version_id"] == str(uuid5(UUID(item["id"]), "1"))
    assert item["dataset_revision_id"] == str(uuid5(UUID(item["dataset"]), "1"))
    assert item["created_by"] == item["version_created_by"]
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"1"', "1")
    assert ok(v2.get(item)) == item
    assert ok(v2.page())["results"] == [item]
    assert ok(v2.get(item, "versions/"))["results"] == [item]


def test_missing_fields_are_null_and_make_no_source(v2: V2Client) -> None:
    item = v2.new_item(expected_output=None, client_item_id=None)

    absent = ("client_item_id", "expected_output", "source_output", *SOURCE)
    assert {item[name] for name in absent} == {None}
    assert item["metadata"] == {}
    assert not ItemSource.objects.exists()


@pytest.mark.parametrize("value", [0, False, "", [], {}, 1e400, "1" * 400], ids=repr)
def test_every_input_but_null_is_accepted(v2: V2Client, value: Any) -> None:
    if value == 1e400:
        body = f'{{"dataset": "{v2.dataset["id"]}", "input": 1e400}}'
        assert b'"input":1e400' in v2.api.post(v2.items, body).content
    else:
        assert v2.new_item(input=value)["input"] == value


@pytest.mark.parametrize(
    ("values", "code", "attr"),
    [
        ({"dataset": None}, "null", "dataset"),
        ({"dataset": "x"}, "invalid_input", "dataset"),
        ({"input": None}, "null", "input"),
        ({"input": {"a": "\0"}}, "null_characters_not_allowed", "input"),
        ({"metadata": []}, "invalid_input", "metadata"),
        ({"client_item_id": ""}, "blank", "client_item_id"),
        ({"client_item_id": "x" * 256}, "max_length", "client_item_id"),
        ({"client_item_id": "a\0"}, "null_characters_not_allowed", "client_item_id"),
        ({"source_trace_id": ""}, "blank", "source_trace_id"),
        ({"source_trace_id": "t"}, "invalid_input", "source_timestamp"),
        ({"source_timestamp": SOURCE["source_timestamp"]}, "invalid_input", "source_trace_id"),
        ({"source_event_id": "e"}, "invalid_input", "source_trace_id"),
        ({**SOURCE, "source_timestamp": "yesterday"}, "invalid_input", "source_timestamp"),
        ({"output": 1}, "invalid_input", "output"),
        ({"base_version": 1, "zoo": 1}, "invalid_input", "base_version"),
    ],
)
def test_an_invalid_item_is_rejected(v2: V2Client, values: Any, code: str, attr: str) -> None:
    assert_error(v2.create(**values), 400, code, attr)
    assert v2.state()["current_revision"] is None


def test_an_input_and_a_dataset_are_required(v2: V2Client) -> None:
    assert_error(v2.api.post(v2.items, {}), 400, "required", "dataset")
    assert_error(v2.api.post(v2.items, {"dataset": v2.dataset["id"]}), 400, "required", "input")


@pytest.mark.parametrize(
    ("values", "code", "attr"),
    [
        ({"base_version": 0}, "min_value", "base_version"),
        ({"base_version": None}, "null", "base_version"),
        ({"base_version": True}, "invalid_input", "base_version"),
        ({"input": None}, "null", "input"),
        ({"metadata": None}, "null", "metadata"),
        ({"source_output": 1}, "invalid_input", "source_output"),
        ({"client_item_id": "x"}, "invalid_input", "client_item_id"),
        ({"dataset": NOWHERE}, "invalid_input", "dataset"),
        ({"source_trace_id": "t"}, "invalid_input", "source_trace_id"),
    ],
)
def test_an_invalid_change_is_rejected(v2: V2Client, values: Any, code: str, attr: str) -> None:
    item = v2.new_item()

    assert_error(v2.api.patch(v2.item_path(item), {"base_version": 1, **values}), 400, code, attr)
    assert ok(v2.get(item)) == item


def test_a_base_version_is_required_by_each_write(v2: V2Client) -> None:
    item = v2.new_item()

    for method, end in (("PATCH", ""), ("POST", "archive/"), ("POST", "restore/")):
        assert_error(v2.api.ask(method, v2.item_path(item, end), {}), 400, "required", "base_version")


def test_changes_clear_and_keep_fields(v2: V2Client) -> None:
    item = v2.new_item(**FULL)

    changed = ok(v2.patch(item, expected_output=None, metadata={}))

    assert (changed["version"], changed["dataset_revision"]) == (2, 2)
    assert (changed["expected_output"], changed["metadata"], changed["input"]) == (None, {}, item["input"])
    assert {name: changed[name] for name in (*SOURCE, "client_item_id", "source_output")} == {
        name: FULL[name] for name in (*SOURCE, "client_item_id", "source_output")
    }
    assert changed["created_at"] == item["created_at"]
    assert changed["version_created_at"] > item["version_created_at"]
    assert ok(v2.get(item)) == changed


@pytest.mark.parametrize("spelling", ['{"b":"é","a":1e2}', '{"a": 100.0, "b": "\\u00e9"}'])
def test_a_change_that_changes_no_value_makes_no_version(v2: V2Client, spelling: str) -> None:
    body = f'{{"dataset": "{v2.dataset["id"]}", "input": {{"a": 100.0, "b": "é"}}}}'
    item = created(v2.api.post(v2.items, body))

    response = v2.api.patch(v2.item_path(item), f'{{"base_version": 1, "input": {spelling}, "metadata": {{}}}}')

    assert ok(response) == item
    assert response.headers["Dataset-Revision"] == "1"
    assert v2.state()["current_revision"] == 1


@pytest.mark.parametrize(("old", "new"), [(True, 1), (1, 1.0), ([1, 2], [2, 1]), ("1", 1), ({"a": None}, {}), ([], {})])
def test_other_values_are_other_versions(v2: V2Client, old: Any, new: Any) -> None:
    item = v2.new_item(input=old)

    assert ok(v2.patch(item, input=new))["version"] == 2


def test_a_restore_restores_content_but_not_the_source(v2: V2Client) -> None:
    item = v2.new_item(**FULL)
    changed = ok(v2.patch(item, input=2, expected_output=2, metadata={"n": 2}))
    archived = ok(v2.archive(changed))
    assert (archived["version"], archived["archived"], archived["input"]) == (3, True, 2)

    restored = ok(v2.restore(archived, source_version=1))

    content = ("input", "expected_output", "metadata")
    assert (restored["version"], restored["dataset_revision"], restored["archived"]) == (4, 4, False)
    assert {name: restored[name] for name in content} == {name: item[name] for name in content}
    again = ok(v2.restore(ok(v2.archive(restored)), source_version=None))
    assert {name: again[name] for name in content} == {name: item[name] for name in content}


# --- Lists and the past ----------------------------------------------------------------------------------------------


def test_a_list_shows_the_active_or_the_archived_items(v2: V2Client) -> None:
    items = [v2.new_item(input=number) for number in range(5)]
    archived = [ok(v2.archive(items[number])) for number in (1, 3)]

    assert ok(v2.page())["results"] == [items[4], items[2], items[0]]
    page = v2.page("&archived=true")
    assert ok(page) == {"count": 2, "next": None, "previous": None, "results": archived[::-1]}
    assert ok(v2.page("&archived=true&limit=1&offset=1"))["results"] == [archived[0]]
    assert ok(v2.page("&archived=true&offset=7"))["count"] == 2
    assert v2.api.get(
        f"{v2.items}?dataset={v2.dataset['id']}", headers={"If-None-Match": v2.page().headers["ETag"]}
    ).status_code == 304  # fmt: skip


def test_pages_have_10_items_and_at_most_25(v2: V2Client) -> None:
    for number in range(27):
        v2.new_item(input=number)

    assert [len(ok(v2.page(query))["results"]) for query in ("", "&limit=25", "&limit=26")] == [10, 25, 25]
    assert "limit=10&offset=10" in ok(v2.page())["next"]


def test_a_past_list_shows_what_was_active_or_archived_then(v2: V2Client) -> None:
    first, second = v2.new_item(input=1), v2.new_item(input=2)  # revisions 1 and 2
    changed = ok(v2.patch(first, input=3))  # 3
    archived = ok(v2.archive(second))  # 4
    ok(v2.restore(archived))  # 5
    first_archived = ok(v2.archive(changed))  # 6

    active = {number: ok(v2.page(f"&revision={number}"))["results"] for number in range(1, 7)}
    gone = {number: ok(v2.page(f"&revision={number}&archived=true"))["results"] for number in range(1, 7)}

    assert active[1] == [first]
    assert active[2] == [second, first]
    assert active[3] == [second, changed]
    assert active[4] == [changed]
    assert [each["version"] for each in active[5]] == [3, 2]
    assert [each["version"] for each in active[6]] == [3]
    assert gone == {1: [], 2: [], 3: [], 4: [archived], 5: [], 6: [first_archived]}
    assert v2.page("&revision=4").headers["Dataset-Revision"] == "4"
    assert ok(v2.page("&revision=6&archived=true&offset=3"))["count"] == 1


def test_a_past_item_is_returned_even_if_archived(v2: V2Client) -> None:
    v2.new_item()
    item = v2.new_item()
    archived = ok(v2.archive(item))

    response = v2.get(item, "?revision=2")
    assert ok(response) == item
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"1"', "2")
    assert ok(v2.get(item, "?revision=3")) == archived
    for revision in ("1", "4", "9" * 30):
        assert_not_found(v2.get(item, f"?revision={revision}"))
    assert_error(v2.get(item, "?revision=0"), 400, "min_value", "revision")
    assert_error(v2.get(item, "?revision=x"), 400, "invalid_input", "revision")


@pytest.mark.parametrize(
    ("query", "status", "code", "attr"),
    [
        ("", 400, "required", "dataset"),
        ("?dataset=", 400, "required", "dataset"),
        ("?dataset=x", 400, "invalid_input", "dataset"),
        (f"?dataset={NOWHERE}", 404, "not_found", None),
        (f"?dataset={NOWHERE}&archived=true", 404, "not_found", None),
        (f"?dataset={NOWHERE}&revision=1", 404, "not_found", None),
        (f"?dataset={NOWHERE}&revision=0", 400, "min_value", "revision"),
        (f"?dataset={NOWHERE}&archived=x", 400, "invalid_input", "archived"),
    ],
)
def test_an_invalid_list_is_rejected(v2: V2Client, query: str, status: int, code: str, attr: str | None) -> None:
    assert_error(v2.api.get(f"{v2.items}{query}"), status, code, attr)


def test_an_unknown_revision_of_a_list_is_not_found(v2: V2Client) -> None:
    assert_not_found(v2.page("&revision=1"))
    v2.new_item()
    assert_not_found(v2.page("&revision=2&archived=true"))


def test_versions_are_paged_newest_first(v2: V2Client) -> None:
    item = v2.new_item()
    for number in range(26):
        item = ok(v2.patch(item, input=number))

    page = ok(v2.get(item, "versions/"))

    assert (page["count"], len(page["results"])) == (27, 25)
    assert page["results"][0] == item
    assert [each["version"] for each in ok(v2.get(item, "versions/?limit=200"))["results"]] == list(range(27, 0, -1))
    assert_not_found(v2.get({"id": NOWHERE}, "versions/"))
    assert_not_found(v2.get({"id": "x"}, "versions/"))
