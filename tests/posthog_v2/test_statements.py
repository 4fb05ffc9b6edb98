"""Requests cost as many statements as in v1, and at most one more."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.dataset_client import ok
from tests.posthog_v2.v2_client import V2Client
from tests.statement_counter import StatementCounter


@pytest.fixture
def count(v2: V2Client) -> Callable[..., int]:
    counter = StatementCounter(v2.v1)

    def count(*request: Any, **more: Any) -> int:
        return len(counter(*request, **more))

    return count


def test_reads_cost_at_most_one_more_statement(v2: V2Client, count: Callable[..., int]) -> None:
    items = [v2.new_item(input=number, client_item_id=str(number)) for number in range(3)]
    v2.v1.new_item(by=v2.v1.colleague)
    ok(v2.v1.colleague.patch(v2.v1.item_path(items[0]), {"output": 1}))
    v1_item, item = v2.v1.item_path(items[0]), v2.item_path(items[0])
    dataset = v2.dataset["id"]

    for v1, path in (
        (v1_item, item),
        (f"{v1_item}?revision=3", f"{item}?revision=3"),
        (f"{v1_item}versions/", f"{item}versions/"),
        (f"{v2.v1.items}?dataset={dataset}", f"{v2.items}?dataset={dataset}"),
        (f"{v2.v1.items}?dataset={dataset}&revision=3", f"{v2.items}?dataset={dataset}&revision=3"),
        (f"{v2.v1.items}?dataset={dataset}&deleted=true", f"{v2.items}?dataset={dataset}&archived=true"),
        (v2.v1.path(), v2.path()),
        (v2.v1.datasets, v2.datasets),
        (v2.v1.path("revisions/"), v2.path("revisions/")),
    ):
        assert count("GET", path) <= count("GET", v1) + 1, path


@pytest.mark.django_db(transaction=True)
def test_writes_of_items_cost_at_most_one_more_statement(v2: V2Client, count: Callable[..., int]) -> None:
    dataset = v2.dataset["id"]
    one, other = v2.new_item(), v2.new_item(client_item_id="K")

    assert count("POST", v2.v1.items, {"dataset": dataset, "input": 1}, status=201) == 2
    assert count("POST", v2.items, {"dataset": dataset, "input": 1}, status=201) == 3
    full = {"dataset": dataset, "input": {"q": 1}, "client_item_id": "K2", "source_output": 1}
    assert count("POST", v2.items, full, status=201) == 3
    assert count("POST", v2.items, {"dataset": dataset, "input": {"q": 1}, "client_item_id": "K"}) == 3
    assert count("PATCH", v2.item_path(one), {"base_version": 1, "input": 2}) == 2
    assert count("PATCH", v2.item_path(one), {"base_version": 2, "input": 2}) == 2
    assert count("POST", v2.item_path(one, "archive/"), {"base_version": 2}) == 2
    assert count("POST", v2.item_path(one, "restore/"), {"base_version": 3}) == 2
    assert count("PATCH", v2.item_path(other), {"base_version": 9, "input": 2}, status=409) == 1


def test_the_cost_of_a_page_does_not_depend_on_its_length(v2: V2Client, count: Callable[..., int]) -> None:
    for number in range(25):
        v2.new_item(input=number)
    page = f"{v2.items}?dataset={v2.dataset['id']}&limit="

    assert {count("GET", f"{page}{limit}") for limit in (1, 10, 25)} == {2}
