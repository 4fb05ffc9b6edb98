"""The number of statements that keeping and reading history costs.

The first statement always checks access, and may read an item.
"""

import pytest

from tests.dataset_client import Body, DatasetClient
from tests.statement_counter import StatementCounter


@pytest.fixture
def item(client: DatasetClient) -> Body:
    return client.patch(client.new_item(input="first"), input="second")


def test_creating_an_item_costs_two_statements(client: DatasetClient, statements: StatementCounter) -> None:
    for body in ({"input": {"q": 1}}, {"deleted": True}):
        made = statements("POST", client.items, {"dataset": client.dataset["id"], **body}, 201)
        assert len(made) == 2


@pytest.mark.parametrize(
    "body", [{"input": 1}, {"deleted": True}, {"deleted": None}, {}, {"input": "second"}, {"output": 1, "metadata": 2}]
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_writing_an_item_costs_two_statements(
    client: DatasetClient, statements: StatementCounter, item: Body, method: str, body: Body
) -> None:
    both = {"dataset": client.dataset["id"], **body}

    for headers in ({}, {"If-Match": "*"}):
        assert len(statements(method, client.item_path(item), both, **headers)) == 2


def test_a_stale_write_costs_one_statement(client: DatasetClient, statements: StatementCounter, item: Body) -> None:
    assert len(statements("PATCH", client.item_path(item), {"input": 1}, 412, **{"If-Match": '"1"'})) == 1


def test_moving_an_item_costs_no_statement_more(
    client: DatasetClient, statements: StatementCounter, item: Body
) -> None:
    other = client.new_dataset()

    assert len(statements("PATCH", client.item_path(item), {"dataset": other["id"]})) == 2


def test_archiving_and_restoring_cost_two_statements(
    client: DatasetClient, statements: StatementCounter, item: Body
) -> None:
    for rest in ("archive/", "archive/", "restore/", "restore/"):
        assert len(statements("POST", client.item_path(item, rest))) == 2
    # One more finds the version.
    assert len(statements("POST", client.item_path(item, "restore/"), {"source_version": 1})) == 3


def test_an_idempotent_write_costs_two_statements_more_and_a_replay_three_in_all(
    client: DatasetClient, statements: StatementCounter
) -> None:
    body = {"dataset": client.dataset["id"]}
    headers = {"Idempotency-Key": "k"}

    assert len(statements("POST", client.items, body, 201, **headers)) == 4
    assert len(statements("POST", client.items, body, 201, **headers)) == 3


def test_writing_a_dataset_costs_three_statements(client: DatasetClient, statements: StatementCounter) -> None:
    for body in ({"name": "new"}, {}, {"deleted": True}):
        assert len(statements("PATCH", client.path(), body)) == 3
    assert len(statements("POST", client.datasets, {"name": "new"}, 201)) == 2


def test_the_cost_of_a_fork_depends_only_on_its_batches(client: DatasetClient, statements: StatementCounter) -> None:
    """One statement copies each batch, one reads schemas, one keeps erasures waiting until the copies exist, and one
    counts the dataset.
    """
    empty = len(statements("POST", client.path("fork/"), {"name": "Fork"}, 201))
    for number in range(20):
        client.new_item(input=number)

    assert len(statements("POST", client.path("fork/"), {"name": "Fork"}, 201)) == empty + 1 == 9


def test_reading_an_item_costs_one_statement_and_one_more_with_a_parameter(
    client: DatasetClient, statements: StatementCounter, item: Body
) -> None:
    path = client.item_path(item)

    for query in (f"?dataset={client.dataset['id']}", "?version=1", "?version=2"):
        assert len(statements("GET", path + query)) == 2
    assert len(statements("GET", path)) == 1
    assert len(statements("GET", path, None, 304, **{"If-None-Match": '"2"'})) == 1


def test_reading_an_item_of_the_past_costs_at_most_five_statements(
    client: DatasetClient, statements: StatementCounter, item: Body
) -> None:
    path, of = client.item_path(item), f"&dataset={client.dataset['id']}"

    assert len(statements("GET", f"{path}?revision=1")) == 5
    assert len(statements("GET", f"{path}?revision=1{of}")) == 4


def test_a_list_costs_two_statements_and_an_unchanged_one_too(
    client: DatasetClient, statements: StatementCounter, item: Body
) -> None:
    path = f"{client.items}?dataset={client.dataset['id']}"
    tag = client.page().headers["ETag"]

    assert len(statements("GET", path)) == 2
    unchanged = statements("GET", path, None, 304, **{"If-None-Match": tag})
    assert len(unchanged) == 2
    assert "dataset_item" not in "".join(unchanged)
    assert len(statements("GET", path, None, 200, **{"If-None-Match": '"other"'})) == 3


@pytest.mark.parametrize("snapshot", ["revision=2", "revision=golden", "as_of=9999-01-01T00:00:00Z"])
@pytest.mark.parametrize("limit", [1, 1000])
def test_a_list_of_the_past_costs_at_most_five_statements(
    client: DatasetClient, statements: StatementCounter, item: Body, snapshot: str, limit: int
) -> None:
    client.tag("golden", 2)
    path = f"{client.items}?dataset={client.dataset['id']}&limit={limit}&{snapshot}"
    one_author = len(statements("GET", path))
    client.new_item(by=client.colleague)

    assert one_author == 3
    assert len(statements("GET", path)) <= 4
    tag = client.api.get(path).headers["ETag"]
    assert len(statements("GET", path, None, 304, **{"If-None-Match": tag})) == 2


def test_a_list_before_the_first_revision_costs_three_statements(
    client: DatasetClient, statements: StatementCounter
) -> None:
    path = f"{client.items}?dataset={client.dataset['id']}&as_of=0001-01-01T00:00:00Z"

    assert len(statements("GET", path)) == 3


@pytest.mark.parametrize(("rest", "count"), [("revisions/", 2), ("changes/", 2), ("diff/?from=0&to=2", 6)])
def test_the_cost_of_reading_history_does_not_depend_on_its_length(
    client: DatasetClient, statements: StatementCounter, item: Body, rest: str, count: int
) -> None:
    few = len(statements("GET", client.path(rest)))
    for number in range(20):
        client.patch(item, input=number)
    client.new_item(by=client.colleague)

    assert few == count
    # One more for the other author.
    assert len(statements("GET", client.path(rest))) <= count + 1


def test_versions_of_an_item_cost_three_statements(
    client: DatasetClient, statements: StatementCounter, item: Body
) -> None:
    assert len(statements("GET", client.item_path(item, "versions/"))) == 3
    for number in range(20):
        client.patch(item, input=number)

    assert len(statements("GET", client.item_path(item, "versions/"))) == 3
