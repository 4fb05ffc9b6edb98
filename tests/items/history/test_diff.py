"""Differences between two revisions."""

from typing import Any

import pytest

from items.history import diff as diff_module
from tests.dataset_client import (
    CONTENT,
    KEYS,
    NOWHERE,
    PREFIXES,
    Body,
    DatasetClient,
    assert_error,
    assert_not_found,
    needs_scope_to_read,
    ok,
)
from tests.rows import dataset


def diff(client: DatasetClient, since: Any, until: Any, query: str = "", *, of: Body | None = None) -> Body:
    return ok(client.api.get(client.path(f"diff/?from={since}&to={until}{query}", of)))


def outline(found: Body) -> dict[str, tuple[str, list[str]]]:
    return {each["id"]: (each["change"], each["fields"]) for each in found["results"]}


def test_a_diff_lists_added_removed_and_changed_items(client: DatasetClient) -> None:
    kept, removed, changed = (client.new_item(input=number) for number in range(3))
    client.archive(removed)
    patched = client.patch(changed, input="new", output="too")
    added = client.new_item()

    found = diff(client, 3, 6)

    assert list(found) == ["from", "to", "counts", "count", "next", "previous", "results"]
    assert (found["from"], found["to"]) == (3, 6)
    assert found["counts"] == {"added": 1, "removed": 1, "changed": 1}
    assert (found["count"], found["next"], found["previous"]) == (3, None, None)
    assert all(list(each) == ["id", "change", "fields", "from", "to"] for each in found["results"])
    assert [tuple(each.values()) for each in found["results"]] == [
        (added["id"], "added", [], None, added),
        (changed["id"], "changed", ["input", "output"], changed, patched),
        (removed["id"], "removed", [], removed, None),
    ]
    assert kept["id"] not in outline(found)


def test_items_of_a_diff_have_the_thirteen_keys(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    client.patch(made, input=2)

    (only,) = diff(client, 1, 2)["results"]

    assert tuple(only["from"]) == tuple(only["to"]) == KEYS


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("input", {"a": 1}),
        ("output", [1]),
        ("metadata", "m"),
        ("ref_trace_id", "t"),
        ("ref_timestamp", "2026-01-05T00:00:00Z"),
        ("ref_source_id", "s"),
    ],
)
def test_each_field_of_content_is_named(client: DatasetClient, field: str, value: Any) -> None:
    made = client.new_item()
    client.patch(made, **{field: value})

    assert outline(diff(client, 1, 2)) == {made["id"]: ("changed", [field])}
    assert outline(diff(client, 2, 1)) == {made["id"]: ("changed", [field])}


def test_fields_come_in_the_order_of_the_item(client: DatasetClient) -> None:
    made = client.new_item()
    client.patch(
        made,
        ref_source_id="s",
        ref_timestamp="2026-01-05T00:00:00Z",
        ref_trace_id="t",
        metadata=1,
        output=2,
        input=3,
    )

    assert outline(diff(client, 1, 2))[made["id"]] == ("changed", list(CONTENT))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a":1,"b":2}', '{"b":2,"a":1}'),
        ('{"a":1.0}', '{"a": 1.00}'),
        ('{"a":1,"a":2}', '{"a":2}'),
        ("[1,2]", "[1, 2]"),
        ("100", "1e2"),
        ('"\\u00e9"', '"é"'),
    ],
)
def test_equal_json_is_no_difference_in_any_spelling(client: DatasetClient, before: str, after: str) -> None:
    body = f'{{"dataset": "{client.dataset["id"]}", "input": {before}}}'
    made = client.api.post(client.items, body).json()
    ok(client.api.patch(client.item_path(made), f'{{"input": {after}}}'))

    found = diff(client, 1, client.head())

    assert (found["count"], found["results"]) == (0, [])


@pytest.mark.parametrize(("before", "after"), [("1", '"1"'), ("null", "0"), ("[1,2]", "[2,1]"), ("1.0", "1.01")])
def test_unequal_json_is_a_difference(client: DatasetClient, before: str, after: str) -> None:
    made = client.api.post(client.items, f'{{"dataset": "{client.dataset["id"]}", "input": {before}}}').json()
    ok(client.api.patch(client.item_path(made), f'{{"input": {after}}}'))

    assert outline(diff(client, 1, 2)) == {made["id"]: ("changed", ["input"])}


def test_an_undone_change_is_no_difference(client: DatasetClient) -> None:
    made, archived = client.new_item(input=1), client.new_item()
    client.patch(made, input=2)
    client.patch(made, input=1)
    client.archive(archived)
    client.restore(archived)
    client.patch(made, deleted=None)
    passing = client.new_item()
    client.archive(passing)
    client.rename("renamed")

    found = diff(client, 2, client.head())

    assert found["counts"] == {"added": 0, "removed": 0, "changed": 0}
    assert (found["count"], found["results"]) == (0, [])


def test_a_diff_of_a_revision_with_itself_is_empty(client: DatasetClient) -> None:
    client.new_item()

    assert diff(client, 1, 1)["count"] == 0


def test_a_backwards_diff_swaps_added_and_removed(client: DatasetClient) -> None:
    changed, removed = client.new_item(input=1), client.new_item()
    patched = client.patch(changed, input=2)
    client.archive(removed)

    found = diff(client, 4, 2)

    assert (found["from"], found["to"]) == (4, 2)
    assert found["counts"] == {"added": 1, "removed": 0, "changed": 1}
    by_id = {each["id"]: (each["change"], each["from"], each["to"]) for each in found["results"]}
    assert by_id == {removed["id"]: ("added", None, removed), changed["id"]: ("changed", patched, changed)}


def test_a_moved_item_is_removed_here_and_added_there(client: DatasetClient) -> None:
    other = client.new_dataset()
    made = client.new_item()
    client.move(made, other)

    assert outline(diff(client, 1, 2)) == {made["id"]: ("removed", [])}
    assert outline(diff(client, 0, 1, of=other)) == {made["id"]: ("added", [])}


def test_an_item_that_came_back_changed_is_changed(client: DatasetClient) -> None:
    other = client.new_dataset()
    made = client.new_item(input=1)
    client.move(made, other)
    client.patch(made, input=2)
    back = client.move(made, client.dataset)

    (only,) = diff(client, 1, client.head())["results"]

    assert (only["change"], only["fields"]) == ("changed", ["input"])
    assert (only["from"], only["to"]) == (made, back)


def test_an_item_changed_while_archived_is_changed(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    client.archive(made)
    client.patch(made, input=2)
    client.restore(made)

    assert outline(diff(client, 1, 4)) == {made["id"]: ("changed", ["input"])}
    assert outline(diff(client, 1, 3)) == {made["id"]: ("removed", [])}
    assert outline(diff(client, 2, 3)) == {}


def test_a_diff_matches_two_lists(client: DatasetClient) -> None:
    made = [client.new_item(input=number) for number in range(4)]
    client.archive(made[0])
    client.patch(made[1], output=1)
    client.new_item()
    client.patch(made[0], input=9)
    client.restore(made[0])
    last = client.head()

    for since in range(last + 1):
        for until in range(last + 1):
            before = {item["id"]: item for item in client.results(f"&revision={since}")}
            after = {item["id"]: item for item in client.results(f"&revision={until}")}
            expected = {
                **dict.fromkeys(before.keys() - after.keys(), "removed"),
                **dict.fromkeys(after.keys() - before.keys(), "added"),
                **{name: "changed" for name in after.keys() & before.keys() if differs(before[name], after[name])},
            }
            assert {name: change for name, (change, _) in outline(diff(client, since, until)).items()} == expected


def differs(before: Body, after: Body) -> bool:
    return any(before[name] != after[name] for name in CONTENT)


def test_a_diff_of_one_change_counts_all_of_them(client: DatasetClient) -> None:
    removed, changed = client.new_item(), client.new_item(input=1)
    client.archive(removed)
    client.patch(changed, input=2)
    added = [client.new_item()["id"] for _ in range(3)]
    everything = diff(client, 2, client.head())

    for change, ids in {"added": added[::-1], "removed": [removed["id"]], "changed": [changed["id"]]}.items():
        found = diff(client, 2, client.head(), f"&change={change}")
        assert found["counts"] == everything["counts"] == {"added": 3, "removed": 1, "changed": 1}
        assert (found["count"], [each["id"] for each in found["results"]]) == (len(ids), ids)
    assert diff(client, 2, client.head(), "&change=") == everything
    first = diff(client, 2, client.head(), "&change=added&limit=2")
    second = ok(client.api.get(first["next"]))
    assert [each["id"] for each in second["results"]] == added[:1]
    assert (second["count"], second["next"]) == (None, None)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_a_diff_comes_in_pages_newest_change_first(client: DatasetClient, limit: int) -> None:
    made = [client.new_item() for _ in range(7)]
    client.patch(made[3], input="last")

    pages = [diff(client, 0, 8, f"&limit={limit}")]
    while link := pages[-1]["next"]:
        pages.append(ok(client.api.get(link)))

    assert (pages[0]["count"], pages[0]["counts"]["added"], pages[0]["previous"]) == (7, 7, None)
    assert {(page["count"], page["counts"]) for page in pages[1:]} <= {(None, None)}
    order = [made[3], *(made[number] for number in (6, 5, 4, 2, 1, 0))]
    assert [each["id"] for page in pages for each in page["results"]] == [each["id"] for each in order]


@pytest.mark.parametrize(("since", "until"), [(0, 9), (9, 0), (3, 9), (9, 3)])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_a_diff_lead_back_to_the_first(client: DatasetClient, limit: int, since: int, until: int) -> None:
    made = [client.new_item(input=number) for number in range(4)]
    for item in made[:3]:
        client.patch(item, input="new")
    client.archive(made[0])
    client.archive(made[3])

    forth = [diff(client, since, until, f"&limit={limit}")]
    while link := forth[-1]["next"]:
        forth.append(ok(client.api.get(link)))
    back = [forth[-1]]
    while link := back[-1]["previous"]:
        back.append(ok(client.api.get(link)))

    assert [page["results"] for page in reversed(back)] == [page["results"] for page in forth]
    assert sum(len(page["results"]) for page in forth) == forth[0]["count"] > 0


@pytest.mark.parametrize("max_scanned", ["1", "2", "5"])
def test_changes_that_do_not_decide_are_passed_over(
    client: DatasetClient, monkeypatch: pytest.MonkeyPatch, max_scanned: str
) -> None:
    monkeypatch.setitem(diff_module.PAGE_PARTS, "max_scanned", max_scanned)
    made = [client.new_item() for _ in range(3)]
    for number in range(6):
        client.patch(made[1], input=number)

    pages = [diff(client, 0, 9, "&limit=2")]
    pages.append(ok(client.api.get(pages[0]["next"])))

    assert [each["id"] for page in pages for each in page["results"]] == [made[number]["id"] for number in (1, 2, 0)]
    assert pages[1]["next"] is None
    assert outline(ok(client.api.get(pages[1]["previous"]))) == outline(pages[0])
    assert outline(diff(client, 3, 3)) == outline(diff(client, 9, 9)) == {}


def test_links_of_a_diff_name_its_revisions_by_number(client: DatasetClient) -> None:
    for _ in range(3):
        client.new_item()
    client.tag("before", 1)
    first = ok(client.api.get(client.path("diff/?from=before&limit=1")))
    client.new_item()
    client.tag("before", 2, force=True)

    second = ok(client.api.get(first["next"]))

    assert (first["from"], first["to"], first["count"]) == (1, 3, 2)
    assert (second["from"], second["to"], second["next"]) == (1, 3, None)


def test_a_cursor_of_another_diff_is_refused(client: DatasetClient) -> None:
    for _ in range(3):
        client.new_item()
    cursor = diff(client, 0, 3, "&limit=1")["next"].partition("cursor=")[2].partition("&")[0]

    for query in (f"from=0&to=2&cursor={cursor}", f"from=3&to=0&cursor={cursor}", "from=0&to=3&cursor=x"):
        assert_error(client.api.get(client.path(f"diff/?{query}")), 400, "invalid_input", "cursor")
    assert_error(client.api.get(client.path("diff/?from=0&offset=1")), 400, "unknown_parameter", "offset")


def test_the_default_is_to_compare_with_the_latest_revision(client: DatasetClient) -> None:
    made = client.new_item()

    for query in ("from=0", "from=0&to=", "from=0&to=latest"):
        found = ok(client.api.get(client.path(f"diff/?{query}")))
        assert (found["to"], outline(found)) == (1, {made["id"]: ("added", [])})


def test_tags_name_the_revisions_of_a_diff(client: DatasetClient) -> None:
    made = client.new_item()
    client.tag("before", 1)
    second = client.new_item()
    client.tag("after", 2)

    found = diff(client, "before", "after")

    assert (found["from"], found["to"]) == (1, 2)
    assert made["id"] not in outline(found)
    assert outline(found) == {second["id"]: ("added", [])}


@pytest.mark.parametrize(
    ("query", "status", "code", "attr"),
    [
        ("", 400, "required", "from"),
        ("to=1", 400, "required", "from"),
        ("from=&to=1", 400, "required", "from"),
        ("from=A&to=1", 400, "invalid_input", "from"),
        ("from=0&to=%00", 400, "invalid_input", "to"),
        ("from=9&to=1", 404, "not_found", None),
        ("from=0&to=9", 404, "not_found", None),
        ("from=0&to=1", 404, "not_found", None),
        ("from=0&to=no-such-tag", 404, "not_found", None),
        (f"from={2**63}&to=1", 404, "not_found", None),
        ("from=0&to=0&change=moved", 400, "invalid_choice", "change"),
    ],
)
def test_invalid_revisions_are_rejected(client: DatasetClient, query: str, status: int, code: str, attr: Any) -> None:
    assert_error(client.api.get(client.path(f"diff/?{query}")), status, code, attr)


def test_a_diff_of_an_unknown_dataset_is_not_found(client: DatasetClient) -> None:
    elsewhere = [dataset(client.people.foreign_project).id, dataset(client.people.sibling).id]

    for dataset_id in (NOWHERE, "abc", *elsewhere):
        for query in ("?from=0&to=0", ""):
            assert_not_found(client.api.get(f"{client.datasets}{dataset_id}/diff/{query}"))


def test_both_prefixes_show_the_same_diff(client: DatasetClient) -> None:
    client.new_item()
    path = f"{client.project_id}/datasets/{client.dataset['id']}/diff"

    for end in ("/", "", ".json"):
        found = [ok(client.api.get(f"/api/{prefix}/{path}{end}?from=0&to=1")) for prefix in PREFIXES]
        assert found[0] == found[1]
        assert found[0]["count"] == 1


def test_reading_a_diff_needs_the_read_scope(client: DatasetClient) -> None:
    needs_scope_to_read(client, client.path("diff/?from=0&to=0"))
