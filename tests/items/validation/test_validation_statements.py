"""The number of statements that schemas cost: none without schemas, and none once they are cached."""

import re
from typing import Any

from items.insights import duplicates, stats
from items.validation import cache, existing_items
from tests.dataset_client import DatasetClient
from tests.items.validation.schemas import INVALID, QUESTION, VALID, set_schemas
from tests.statement_counter import StatementCounter


def test_writes_cost_two_more_statements_until_the_schemas_are_cached(
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


def test_writes_that_no_schema_applies_to_cost_nothing_more(
    client: DatasetClient, statements: StatementCounter
) -> None:
    set_schemas(client, input=QUESTION)
    item = client.new_item(input=VALID)
    cache.cached_schemas.clear()

    # Only the schemas say that the output may have any value.
    assert len(statements("PATCH", client.item_path(item), {"output": 1, "ref_trace_id": "t"})) == 5
    cache.cached_schemas.clear()
    assert len(statements("PATCH", client.item_path(item), {"ref_trace_id": "u"})) == 2
    assert len(statements("POST", client.item_path(item, "archive/"))) == 2


def test_a_violation_reads_the_schemas_once_more(client: DatasetClient, statements: StatementCounter) -> None:
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


def test_the_cost_of_storing_schemas_does_not_depend_on_existing_items(
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


def test_statements_about_a_whole_dataset_name_its_project() -> None:
    statements = [
        existing_items.LIVE_ITEMS,
        existing_items.CHANGED_ITEMS,
        stats.STATS_SQL,
    ]
    for statement in [*statements, duplicates.duplicates_page_sql(duplicates.COMPARABLE_FIELDS)]:
        tables = re.findall(r"(?:FROM|JOIN)\s+(?:dataset_item|dataset_change|dataset_head)\s", statement)
        assert len(re.findall(r"team_id = %\(project_id\)s", statement)) == len(tables) > 0


def test_the_cost_of_archiving_duplicates_does_not_depend_on_their_number(
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
