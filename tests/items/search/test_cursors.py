"""Pages by cursor: over HTTP, in both directions, while others write."""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from tests.dataset_client import TESTSERVER, Body, DatasetClient, assert_error, ok

pytestmark = pytest.mark.django_db

ORDERS = ("created_at", "-created_at", "updated_at", "-updated_at")
COUNT = 7


@pytest.fixture
def seven(client: DatasetClient) -> list[Body]:
    made = [client.new_item(output=number, metadata={"odd": number % 2}) for number in range(COUNT)]
    client.patch(made[2])
    return made


def follow(client: DatasetClient, link: str | None, direction: str) -> Iterator[Body]:
    """Return the page of the link, and all pages after it."""
    while link:
        page = ok(client.api.get(link.removeprefix(TESTSERVER)))
        yield page
        link = page[direction]


def outputs(page: Body) -> list[Any]:
    return [each["output"] for each in page["results"]]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("more", [{}, {"search": "odd"}, {"fields": "output"}, {"deleted": "all"}, {"revision": "9"}])
def test_cursors_visit_each_item_once_in_both_directions(
    client: DatasetClient, seven: list[Body], order: str, limit: int, more: dict[str, str]
) -> None:
    if "revision" in more:
        client.patch(seven[3], output="later")
        client.archive(seven[4])
        more = {"revision": str(client.head() - 2)}
    query = {"dataset": client.dataset["id"], "order_by": order, **more}
    whole = ok(client.api.get(f"{client.items}?{urlencode(query)}"))

    start = f"{client.items}?{urlencode({**query, 'cursor': '', 'limit': limit})}"
    there = list(follow(client, start, "next"))
    back = list(follow(client, there[-1]["previous"], "previous"))

    assert [each for page in there for each in page["results"]] == whole["results"]
    assert {page["count"] for page in there + back} == {whole["count"]}
    assert all(len(page["results"]) == limit for page in there[:-1])
    assert there[0]["previous"] is None
    assert [each for page in reversed(back) for each in page["results"]] + there[-1]["results"] == whole["results"]
    assert all(page["next"] for page in back)


def test_links_keep_all_but_the_offset(client: DatasetClient, seven: list[Body]) -> None:
    page = ok(client.page("&cursor=&limit=2&offset=0&search=odd&personal_api_key=secret"))

    path, _, query = page["next"].partition("?")
    parameters = parse_qs(query)
    assert path == f"{TESTSERVER}{client.items}"
    assert parameters.pop("cursor")
    assert parameters == {"dataset": [client.dataset["id"]], "limit": ["2"], "search": ["odd"]}
    assert page["previous"] is None


def test_writes_do_not_disturb_pages_by_cursor(client: DatasetClient, seven: list[Body]) -> None:
    first = ok(client.page("&cursor=&limit=3"))
    assert outputs(first) == [6, 5, 4]

    client.new_item(output="new")
    client.archive(seven[4])  # the row that the cursor names
    client.archive(seven[3])
    client.patch(seven[1], output="patched")
    second = next(follow(client, first["next"], "next"))

    assert outputs(second) == [2, "patched", 0]
    assert second["count"] == 6
    assert second["next"] is None
    assert outputs(next(follow(client, second["previous"], "previous"))) == ["new", 6, 5]


def test_a_page_that_has_become_empty_links_back(client: DatasetClient, seven: list[Body]) -> None:
    for order, ends in (("-created_at", [2, 1, 0]), ("created_at", [4, 5, 6])):
        *_, near, last = follow(client, f"{client.items}?order_by={order}&cursor=&limit=2", "next")
        for output in ends[-len(last["results"]) :]:
            client.archive(seven[output])

        empty = next(follow(client, near["next"], "next"))
        back = next(follow(client, empty["previous"], "previous"))

        assert (outputs(empty), empty["next"]) == ([], None)
        assert outputs(back) == outputs(near)
        client.restore(seven[ends[-1]])


def test_an_empty_page_before_the_first_links_forward(client: DatasetClient, seven: list[Body]) -> None:
    first = ok(client.page("&cursor=&limit=2"))
    second = next(follow(client, first["next"], "next"))
    for output in (5, 6):
        client.archive(seven[output])

    empty = next(follow(client, second["previous"], "previous"))

    assert (outputs(empty), empty["previous"]) == ([], None)
    assert outputs(next(follow(client, empty["next"], "next"))) == [4, 3]


# --- The scope of a cursor --------------------------------------------------------------------------------------------


def cursor_of(client: DatasetClient, query: str = "") -> str:
    link = ok(client.page(f"&cursor=&limit=2{query}"))["next"]
    return str(link.partition("cursor=")[2].partition("&")[0])


def test_a_cursor_works_with_other_limits_and_fields(client: DatasetClient, seven: list[Body]) -> None:
    cursor = cursor_of(client)

    page = ok(client.page(f"&cursor={cursor}&limit=1&fields=output&strict=true&order_by=-created_at"))

    assert page["results"] == [{"output": 4}]


@pytest.mark.parametrize(
    "change",
    ["order_by=created_at", "order_by=-updated_at", "search=odd", "deleted=all", "metadata__odd=1", "revision=7"],
)
def test_a_cursor_is_rejected_by_another_list(client: DatasetClient, seven: list[Body], change: str) -> None:
    assert_error(client.page(f"&cursor={cursor_of(client)}&{change}"), 400, "invalid_input", "cursor")
    assert_error(client.page(f"&cursor={cursor_of(client, f'&{change}')}"), 400, "invalid_input", "cursor")


def test_a_cursor_is_rejected_by_other_resources(client: DatasetClient, seven: list[Body]) -> None:
    cursor = cursor_of(client)
    abroad = f"/api/projects/{client.people.foreign_project.id}/dataset_items/?cursor={cursor}"

    assert_error(client.page(f"&cursor={cursor}", of=client.new_dataset()), 400, "invalid_input", "cursor")
    assert_error(client.api.get(f"{client.items}?cursor={cursor}"), 400, "invalid_input", "cursor")
    assert_error(client.stranger.get(abroad), 400, "invalid_input", "cursor")
    same = f"/api/environments/{client.project_id}/dataset_items/?dataset={client.dataset['id']}&cursor={cursor}"
    assert outputs(ok(client.api.get(same))) == [4, 3, 2, 1, 0]


def test_other_values_are_another_list(client: DatasetClient, seven: list[Body]) -> None:
    cursor = cursor_of(client, "&metadata__odd=0")

    assert outputs(ok(client.page(f"&cursor={cursor}&metadata__odd=0"))) == [2, 0]
    assert_error(client.page(f"&cursor={cursor}&metadata__odd=1"), 400, "invalid_input", "cursor")
    assert_error(client.page(f"&cursor={cursor}&metadata__even=0"), 400, "invalid_input", "cursor")


def test_an_altered_cursor_is_rejected(client: DatasetClient, seven: list[Body]) -> None:
    cursor = cursor_of(client)
    raw = base64.urlsafe_b64decode(cursor)
    changed = [base64.urlsafe_b64encode(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]).decode() for at in range(36)]

    assert len(raw) == 36
    for bad in [*changed, cursor[:-4], cursor + "AAAA", cursor + "=", "x", "é", "%FF", "%20", "0" * 1000]:
        assert_error(client.page(f"&cursor={bad}"), 400, "invalid_input", "cursor")
    assert_error(client.page(f"&cursor={'0' * 1001}"), 400, "max_length", "cursor")
