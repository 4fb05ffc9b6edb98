"""The number of statements of bulk requests does not depend on the number of their items."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.bulk.existing import FIND_EXISTING
from tests.dataset_client import DatasetClient, ok
from tests.history_check import assert_history_holds
from tests.items.bulk.requests import ids, patch, post, upsert
from tests.plans import mode, needs_prepared, plan_of

__all__ = ["mode"]

BEGINS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO")


def keyed(count: int, **values: Any) -> list[dict[str, Any]]:
    return [{"ref_source_id": f"s{number}", **values} for number in range(count)]


def cost(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ok(ask())
    return len([each for each in captured if not each["sql"].startswith(BEGINS)])


@pytest.mark.parametrize("count", [1, 300])
def test_the_number_of_statements_is_the_same_for_any_number_of_items(client: DatasetClient, count: int) -> None:
    dataset = client.new_dataset()["id"]

    # Access, head, items, validity, changes, head.
    assert cost(lambda: post(client, keyed(count))) == 6
    # Access, head, matches.
    assert cost(lambda: upsert(client, keyed(count))) == 3
    # Access, head, matches; versions, validity, items, validity, changes; head.
    assert cost(lambda: upsert(client, keyed(count, input=1))) == 9
    both = keyed(count, input=2) + [{"input": number} for number in range(count)]
    assert cost(lambda: upsert(client, both)) == 12
    found = ids(upsert(client, keyed(count)))
    # Access, datasets, heads, items; as above.
    assert cost(lambda: patch(client, {"input": 3}, ids=found)) == 10
    assert cost(lambda: patch(client, {"input": 3}, ids=found)) == 4
    # Moves the client_item_ids of the items.
    assert cost(lambda: patch(client, {"dataset": dataset}, ids=found)) == 11
    # Without the datasets, but with a time limit for the search.
    assert cost(lambda: patch(client, {"output": 1}, filter={"dataset": dataset})) == 10
    assert_history_holds()


@needs_prepared
def test_items_are_matched_by_an_index(client: DatasetClient, mode: str) -> None:
    post(client, [{"ref_source_id": f"s{number}"} for number in range(3000)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dataset_item")
    parameters = {
        "project_id": client.project_id, "dataset_id": client.dataset["id"], "keys": ["s1", "s2", "none"],
        "input": False, "output": False, "metadata": False,
    }  # fmt: skip

    plan = plan_of(FIND_EXISTING, parameters, mode)

    # Once, with a plain or a bitmap scan, depending on the gaps that earlier tests have left in the table.
    name = "dataset_item_ref_source_id"
    assert plan.scans() in ([("Index Scan", name)], [("Bitmap Heap Scan", None)])
    assert [each["Index Name"] for each in plan.nodes if "Index Name" in each] == [name]
    assert "ref_source_id" in plan.conditions(name)
    assert plan.rows_read() < 3
