"""Bulk writes enforce schemas like single ones."""

from typing import Any
from uuid import UUID

import pytest

from items.validation import cache
from items.validation.batch import RowMismatch
from items.writes.bulk_insert import NewItem, create_items
from tests.dataset_client import Body, DatasetClient, assert_error, created, ok
from tests.items.validation.schemas import INVALID, NUMBER, QUESTION, VALID, set_schemas
from tests.statement_counter import StatementCounter


@pytest.fixture(autouse=True)
def _questions(client: DatasetClient) -> None:
    set_schemas(client, input=QUESTION)


def bulk(client: DatasetClient, *items: Body, query: str = "") -> Any:
    return client.api.post(f"{client.items}bulk/{query}", {"dataset": client.dataset["id"], "items": items})


def change(client: DatasetClient, changes: Body, *items: Body) -> Any:
    return client.api.patch(f"{client.items}bulk/", {"ids": [item["id"] for item in items], "changes": changes})


def statuses(response: Any) -> list[str]:
    return [result["status"] for result in ok(response)["results"]]


# --- Storing ---------------------------------------------------------------------------------------------------------


def test_one_violation_rejects_all_items(client: DatasetClient) -> None:
    response = bulk(client, {"input": VALID}, {"input": VALID}, {"input": INVALID}, {})

    assert_error(response, 400, "schema_mismatch", "items.2.input.q")
    assert client.head() == 0
    assert_error(bulk(client, {"input": VALID}, {"output": 1}), 400, "schema_mismatch", "items.1.input")


def test_a_partial_request_reports_each_violation(client: DatasetClient) -> None:
    response = bulk(
        client, {"input": VALID}, {"input": INVALID}, {"ref_timestamp": "x"}, {}, {"input": VALID},
        query="?partial=true",
    )  # fmt: skip

    assert statuses(response) == ["created", "error", "error", "error", "created"]
    errors = [result["error"] for result in response.json()["results"] if "error" in result]
    assert [(error["code"], error["attr"]) for error in errors] == [
        ("schema_mismatch", "items.1.input.q"),
        ("invalid_input", "items.2.ref_timestamp"),
        ("schema_mismatch", "items.3.input"),
    ]
    assert len(client.results()) == 2


def test_several_batches_are_checked_in_order(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.validation.schemas.BATCH_ROWS", 3)
    items = [{"input": INVALID if number in {4, 7} else VALID} for number in range(10)]

    assert_error(bulk(client, *items), 400, "schema_mismatch", "items.4.input.q")
    found = statuses(bulk(client, *items, query="?partial=true"))
    assert [index for index, status in enumerate(found) if status == "error"] == [4, 7]


def test_only_changed_fields_of_matched_items_are_checked(client: DatasetClient) -> None:
    query = "?match_on=ref_source_id&on_conflict=update&partial=true"
    set_schemas(client)
    client.new_item(input=INVALID, output=1, ref_source_id="old")
    set_schemas(client, input=QUESTION, output=NUMBER, enforce="new")

    response = bulk(
        client,
        {"ref_source_id": "old", "metadata": 1},
        {"ref_source_id": "old", "input": INVALID},
        {"ref_source_id": "old", "output": "x"},
        {"ref_source_id": "old", "input": VALID},
        {"ref_source_id": "old", "input": INVALID},
        {"ref_source_id": "new", "input": VALID, "output": 1},
        {"ref_source_id": "new", "output": None},
        {"ref_source_id": "new", "output": 2},
        {"ref_source_id": "other", "input": VALID},
        query=query,
    )

    assert statuses(response) == [
        "updated", "unchanged", "error", "updated", "error", "created", "error", "updated", "error",
    ]  # fmt: skip
    by_source = {item["ref_source_id"]: item for item in client.results()}
    assert (by_source["old"]["input"], by_source["old"]["output"]) == (VALID, 1)
    assert (by_source["new"]["output"], by_source.keys()) == (2, {"old", "new"})


def test_cached_schemas_cost_no_statement(client: DatasetClient, statements: StatementCounter) -> None:
    path = f"{client.items}bulk/"
    body = {"dataset": client.dataset["id"], "items": [{"input": VALID}]}
    ok(client.api.post(path, body))
    count = len(statements("POST", path, body))
    cache.cached_schemas.clear()

    assert len(statements("POST", path, body)) == count + 1
    plain = client.new_dataset()
    assert len(statements("POST", path, body | {"dataset": plain["id"]})) == count


# --- Changing --------------------------------------------------------------------------------------------------------


def test_a_change_that_does_not_fit_changes_nothing(client: DatasetClient) -> None:
    items = [client.new_item(input=VALID) for _ in range(3)]
    head = client.head()

    error = assert_error(change(client, {"input": INVALID}, *items), 400, "schema_mismatch", "changes")

    assert error["detail"] == "3 of the items do not fit."
    assert sorted(each["id"] for each in error["violations"]) == sorted(item["id"] for item in items)
    assert {each["attr"] for each in error["violations"]} == {"input.q"}
    assert client.head() == head
    assert statuses(change(client, {"input": {"q": "new"}, "output": 1}, *items)) == ["updated"] * 3
    assert statuses(change(client, {"deleted": True}, *items)) == ["updated"] * 3


def test_all_fields_of_restored_or_moved_items_are_checked(client: DatasetClient) -> None:
    set_schemas(client)
    other = client.new_dataset("Other")
    wrong, right = client.new_item(input=INVALID, deleted=True), client.new_item(input=VALID, deleted=True)
    abroad = [client.new_item(other, input=value) for value in (INVALID, VALID)]
    set_schemas(client, input=QUESTION)

    error = assert_error(change(client, {"deleted": False}, wrong, right), 400, "schema_mismatch", "changes")
    assert [each["id"] for each in error["violations"]] == [wrong["id"]]
    error = assert_error(change(client, {"dataset": client.dataset["id"]}, *abroad), 400, "schema_mismatch", "changes")
    assert [each["id"] for each in error["violations"]] == [abroad[0]["id"]]
    assert statuses(change(client, {"dataset": client.dataset["id"], "input": VALID}, *abroad)) == ["updated"] * 2
    assert statuses(change(client, {"deleted": False}, right)) == ["updated"]
    set_schemas(client, input=QUESTION, enforce="new")
    assert statuses(change(client, {"deleted": False}, wrong)) == ["updated"]


def test_items_of_several_datasets_are_checked_against_their_own_schemas(client: DatasetClient) -> None:
    other = client.new_dataset("Other")
    here, there = client.new_item(input=VALID), client.new_item(other, input=1)

    error = assert_error(change(client, {"input": INVALID}, here, there), 400, "schema_mismatch", "changes")

    assert [each["id"] for each in error["violations"]] == [here["id"]]
    assert statuses(change(client, {"input": INVALID}, there)) == ["updated"]


# --- From elsewhere --------------------------------------------------------------------------------------------------


def test_a_violation_names_the_row(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.validation.schemas.BATCH_ROWS", 3)
    rows = [NewItem(input='{"q": "x"}')] * 5 + [NewItem(input='{"q": 1}')]

    def create(rows: list[NewItem]) -> Any:
        dataset_id = UUID(client.dataset["id"])
        return create_items(project_id=client.project_id, user_id=1, dataset_id=dataset_id, rows=iter(rows))

    with pytest.raises(RowMismatch) as raised:
        create(rows)

    assert raised.value.index == 5
    assert client.results() == []
    assert create(rows[:5]).rows == 5
    assert len(client.results()) == 5


def test_a_fork_enforces_its_schemas(client: DatasetClient) -> None:
    fork = created(client.api.post(client.path("fork/"), {"name": "Fork"}))

    response = client.api.post(f"{client.items}bulk/", {"dataset": fork["id"], "items": [{"input": 1}]})

    assert_error(response, 400, "schema_mismatch", "items.0.input")
