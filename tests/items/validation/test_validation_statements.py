"""What schemas cost in statements: nothing where there are none, and nothing more once a process knows them."""

import re
from typing import Any

from items.insights import duplicates, stats
from items.validation import cache, existing_items
from tests.dataset_client import DatasetClient
from tests.items.validation.schemas import INVALID, QUESTION, VALID, set_schemas
from tests.statement_counter import StatementCounter


def test_writes_cost_two_statements_more_until_the_schemas_are_known(
    client: DatasetClient, statements: StatementCounter
) -> None:
    set_schemas(client, input=QUESTION)
    item, body = client.new_item(input=VALID), {"dataset": client.dataset["id"], "input": VALID}
    changes = iter([{"input": {"q": f"{number}"}} for number in range(9)])
    cache.cached_schemas.clear()

    assert [len(statements("POST", client.items, body, 201)) for _ in range(2)] == [4, 2]
    cache.cached_schemas.clear()
    # The item is read again too.
    assert [len(statements("PATCH", client.item_path(item), next(changes))) for _ in range(2)] == [5, 2]


def test_what_no_schema_can_say_anything_about_costs_nothing_more(
    client: DatasetClient, statements: StatementCounter
) -> None:
    set_schemas(client, input=QUESTION)
    item = client.new_item(input=VALID)
    cache.cached_schemas.clear()

    # Only the schemas tell that the output may be anything.
    assert len(statements("PATCH", client.item_path(item), {"output": 1, "ref_trace_id": "t"})) == 5
    cache.cached_schemas.clear()
    assert len(statements("PATCH", client.item_path(item), {"ref_trace_id": "u"})) == 2
    assert len(statements("POST", client.item_path(item, "archive/"))) == 2


def test_a_refusal_reads_the_schemas_once_more(client: DatasetClient, statements: StatementCounter) -> None:
    set_schemas(client, input=QUESTION)
    client.new_item(input=VALID)

    assert len(statements("POST", client.items, {"dataset": client.dataset["id"], "input": INVALID}, 400)) == 2


def test_statements_of_reading_schemas_duplicates_and_stats(
    client: DatasetClient, statements: StatementCounter
) -> None:
    few: dict[str, Any] = {}
    for _ in range(2):
        for rest, cost in (("schemas/", 2), ("schemas/?revision=0", 4), ("duplicates/?on=input", 4), ("stats/", 4)):
            made = len(statements("GET", client.path(rest)))
            assert made == few.setdefault(rest, made) == cost, rest
        for _ in range(3):
            client.new_item(input=1)


def test_schemas_are_put_at_the_same_cost_whatever_is_there(
    client: DatasetClient, statements: StatementCounter
) -> None:
    costs = []
    for number in range(3):
        costs.append(len(statements("PUT", client.path("schemas/"), {"input": {"title": f"{number}"}})))
        for _ in range(5):
            client.new_item(input=1)
    again = len(statements("PUT", client.path("schemas/"), {"input": {"title": "2"}}))
    new = len(statements("PUT", client.path("schemas/"), {"input": {"title": "3"}, "enforce": "new"}))

    assert (set(costs), again, new) == ({8}, 3, 4)


def test_what_is_read_of_a_whole_dataset_is_read_of_its_project() -> None:
    statements = [
        existing_items.LIVE_ITEMS,
        existing_items.CHANGED_ITEMS,
        stats.STATS_SQL,
    ]
    for statement in [*statements, duplicates.duplicates_page_sql(duplicates.COMPARABLE_FIELDS)]:
        tables = re.findall(r"(?:FROM|JOIN)\s+(?:dataset_item|dataset_change|dataset_head)\s", statement)
        assert len(re.findall(r"team_id = %\(project_id\)s", statement)) == len(tables) > 0


def test_duplicates_are_archived_at_the_same_cost_however_many(
    client: DatasetClient, statements: StatementCounter
) -> None:
    path = client.path("duplicates/?on=input")
    costs = []
    for many in (2, 12):
        for _ in range(many):
            client.new_item(input=1)
        costs.append(len(statements("POST", path)))

    assert costs == [costs[0]] * 2
    assert (costs[0], len(statements("POST", path))) == (12, 6)
