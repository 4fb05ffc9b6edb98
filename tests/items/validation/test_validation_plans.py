"""Plans of statements about a whole dataset: they read only that dataset, and once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.insights import duplicates, stats
from items.validation import existing_items
from tests.items.history.test_history_plans import LARGE, LAST, SIZES, SMALL, Filled, filled
from tests.plans import explain, mode, needs_prepared, plan_of

__all__ = ["filled", "mode"]
pytestmark = [pytest.mark.django_db, needs_prepared]

START = existing_items.START_KEY


def test_existing_items_are_read_page_by_page_from_the_list_index(filled: Filled, mode: str) -> None:
    first = plan_of(existing_items.LIVE_ITEMS, filled.parameters(limit=100, **START), mode)
    here = {"created_at": filled.created_at, "id": filled.item, "limit": 100}
    later = plan_of(existing_items.LIVE_ITEMS, filled.parameters() | here, mode)

    for plan in (first, later):
        assert plan.scans() == [("Index Scan", "dataset_item_page")]
        assert plan.rows_read() <= 110
        assert "Sort" not in plan.types()


def test_items_changed_meanwhile_are_read_from_the_change_log(filled: Filled, mode: str) -> None:
    of = filled.parameters(revision=LAST - 30, position=existing_items.END_OF_REVISION, limit=100)
    plan = plan_of(existing_items.CHANGED_ITEMS, of, mode)
    with CaptureQueriesContext(connection) as sent:
        existing_items.ExistingItems(filled.team, LARGE).changes_since(LAST - 30, limit=10)
    # Django's ORM runs it, without preparing it.
    count = explain(sent[-1]["sql"])

    assert plan.rows_read("dataset_change") <= 40
    assert plan.rows_read() <= 40
    assert count.rows_read("dataset_change") <= 10


@pytest.mark.parametrize("on", [["input"], ["output", "ref_trace_id"]])
def test_duplicates_of_a_small_dataset_read_no_large_one(filled: Filled, mode: str, on: list[str]) -> None:
    parameters = {"project_id": filled.team, "dataset_id": SMALL, "limit": 10, "offset": 0}
    plan = plan_of(duplicates.duplicates_page_sql(on), parameters, mode)

    assert plan.rows_read() <= 3 * SIZES[SMALL]


def test_statistics_of_a_small_dataset_read_no_large_one(filled: Filled, mode: str) -> None:
    plan = plan_of(stats.STATS_SQL, {"project_id": filled.team, "dataset_id": SMALL}, mode)

    assert plan.rows_read() <= 5 * SIZES[SMALL]


def test_statistics_read_a_large_dataset_few_times(filled: Filled) -> None:
    plan = plan_of(stats.STATS_SQL, {"project_id": filled.team, "dataset_id": LARGE}, "force_custom_plan")

    assert plan.rows_read() <= 4 * sum(SIZES.values())
