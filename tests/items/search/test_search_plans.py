"""Plans of lists with conditions.

Searches by a condition are planned with known values, as in the service; index scans also with unknown values.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from database.query import execute, fetch_one
from items.cursors import Cursor
from items.history.as_of import snapshot_parameters
from items.history.snapshots import resolve_revision
from items.page_bytes import guards
from items.search import pages, snapshot_pages
from items.search.pages import PageWindow
from items.search.query import ListQuery, parse_list_query
from tests.conftest import emptied
from tests.items.filled_tables import SIZES, Filled, fill
from tests.plans import Plan, mode, needs_prepared, plan_of

__all__ = ["mode"]
pytestmark = [pytest.mark.django_db, needs_prepared]

LARGE, MIDDLING, SMALL = UUID(int=1), UUID(int=2), UUID(int=5)
HUNDRED = PageWindow(100)
PAGE, ARCHIVED, METADATA = "dataset_item_page", "dataset_item_archived", "dataset_item_metadata"
# In each dataset, "row" is unique, "bin" has some hundred values, "split" has two.
DESCRIBE = """
UPDATE dataset_item i SET metadata = json_build_object('row', n, 'bin', n %% 97, 'split', n %% 2),
       ref_source_id = 'row-' || n, ref_trace_id = 'trace-' || n / 3
  FROM (SELECT team_id, id, row_number() OVER (PARTITION BY dataset_id ORDER BY id) AS n FROM dataset_item) r
 WHERE i.team_id = r.team_id AND i.id = r.id
"""


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Filled]:
    with emptied(django_db_blocker):
        made = fill()
        execute(DESCRIBE, [])
        execute("VACUUM FULL ANALYZE dataset_item", [])
        execute("VACUUM dataset_item", [])
        yield made


class ListPlans(NamedTuple):
    filled: Filled

    def plan(
        self,
        query: Mapping[str, str],
        window: PageWindow = HUNDRED,
        *,
        of: UUID | None = LARGE,
        mode: str = "force_custom_plan",
    ) -> Plan:
        list_query = parse_list_query(query)
        make = pages.filtered_page_sql if list_query.needs_scan else pages.indexed_page_sql
        parameters = (
            {"project_id": self.filled.team, "dataset_id": of}
            | window.parameters
            | guards(100)
            | list_query.conditions.parameters
        )
        return plan_of(make(list_query, window, in_dataset=of is not None), parameters, mode)

    def snapshot_plan(self, query: Mapping[str, str], *, of: UUID) -> Plan:
        list_query, window, snapshot = (
            parse_list_query(query),
            PageWindow(100),
            resolve_revision(self.filled.team, of, "20"),
        )
        parameters = (
            snapshot_parameters(self.filled.team, of, snapshot)
            | window.parameters
            | guards(100)
            | list_query.conditions.parameters
        )
        return plan_of(snapshot_pages.filtered_snapshot_page_sql(list_query, window), parameters, "force_custom_plan")


def window_parameters(window: PageWindow) -> dict[str, Any]:
    return window.parameters | guards(100)


@pytest.fixture
def plans(filled: Filled) -> ListPlans:
    return ListPlans(filled)


def middle(of: UUID) -> Cursor:
    row = fetch_one(
        "SELECT created_at, id FROM dataset_item WHERE dataset_id = %s ORDER BY created_at OFFSET %s LIMIT 1",
        [of, SIZES[of.int] // 2],
    )
    assert row
    return Cursor(row)


# --- Pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["created_at", "-created_at"])
@pytest.mark.parametrize("of", [LARGE, MIDDLING, None], ids=["large", "middling", "project"])
@pytest.mark.parametrize("is_backwards", [False, True])
def test_a_page_by_cursor_costs_the_same_at_any_depth(
    plans: ListPlans, mode: str, order: str, of: UUID | None, is_backwards: bool
) -> None:
    cursor = middle(of or LARGE)._replace(is_backwards=is_backwards)

    plan = plans.plan({"order_by": order}, PageWindow(101, cursor=cursor), of=of, mode=mode)

    index = PAGE if of else "dataset_item_project_page"
    assert plan.scans() == [("Index Scan", index)]
    assert "created_at" in plan.conditions(index)
    # Rows with the cursor's own time are read too; a dataset has no more than two of them.
    assert 101 <= plan.rows_read() <= 103
    assert not plan.types() & {"Sort", "Incremental Sort"}


@pytest.mark.parametrize("of", [LARGE, None], ids=["dataset", "project"])
def test_oldest_first_is_the_index_from_its_other_end(plans: ListPlans, mode: str, of: UUID | None) -> None:
    plan = plans.plan({"order_by": "created_at", "fields": "id"}, of=of, mode=mode)

    assert plan.scans() == [("Index Only Scan", PAGE if of else "dataset_item_project_page")]
    assert plan.rows_read() == 100
    assert "Sort" not in plan.types()


def test_a_deep_page_of_some_fields_scans_only_the_index(plans: ListPlans, mode: str) -> None:
    plan = plans.plan({"order_by": "created_at", "fields": "id"}, PageWindow(100, 10_000), mode=mode)

    assert {each for each in plan.scans() if each[0] != "Index Scan"} == {("Index Only Scan", PAGE)}
    assert ("Index Scan", "dataset_item_pkey") in plan.scans()


def test_only_the_requested_columns_are_read(plans: ListPlans) -> None:
    for query in ({"fields": "id,metadata"}, {"fields": "id,metadata", "deleted": "all"}):
        list_query = parse_list_query(query)
        make = pages.filtered_page_sql if list_query.needs_scan else pages.indexed_page_sql

        statement = make(list_query, PageWindow(100), in_dataset=True)

        assert "i.metadata::text" in statement
        assert "i.input" not in statement
        assert "i.output" not in statement


# --- Searches -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [LARGE, MIDDLING, None], ids=["large", "middling", "project"])
@pytest.mark.parametrize("query", [{"metadata__contains": '{"row": 777}'}, {"metadata__row": "777"}])
def test_rare_metadata_is_found_by_its_index(plans: ListPlans, query: dict[str, str], of: UUID | None) -> None:
    plan = plans.plan(query, of=of)

    assert METADATA in {each.get("Index Name") for each in plan.nodes}
    assert plan.rows_read() <= 5
    assert "Seq Scan" not in plan.types()


def test_common_metadata_of_a_small_dataset_is_not_searched_in_all_others(plans: ListPlans) -> None:
    plan = plans.plan({"metadata__split": "1"}, of=SMALL)

    assert plan.rows_read() <= 2 * SIZES[5]


@pytest.mark.parametrize("of", [LARGE, None], ids=["dataset", "project"])
@pytest.mark.parametrize("deleted", ["", "all", "true"])
def test_references_are_found_by_their_indexes(plans: ListPlans, of: UUID | None, deleted: str) -> None:
    for name, value, rows in (("ref_source_id", "row-20", 12), ("ref_trace_id", "trace-9", 36)):
        plan = plans.plan({name: value, "deleted": deleted}, of=of)

        assert f"dataset_item_{name}" in {each.get("Index Name") for each in plan.nodes}
        assert plan.rows_read() <= 2 * rows
        assert "Seq Scan" not in plan.types()


def test_archived_items_are_found_by_their_index(plans: ListPlans) -> None:
    plan = plans.plan({"deleted": "true"}, of=MIDDLING)

    assert ARCHIVED in {each.get("Index Name") for each in plan.nodes}
    assert plan.rows_read() <= 2 * (SIZES[2] // 11 + 1)


@pytest.mark.parametrize(
    "query",
    [
        {"search": "question"},
        {"input__contains": '{"q": "x"}'},
        {"created_by": "1"},
        {"deleted": "all"},
        {"order_by": "updated_at"},
        {"updated_at__gt": "2020-01-01"},
    ],
    ids=str,
)
def test_an_unindexed_search_reads_only_its_dataset(plans: ListPlans, query: dict[str, str]) -> None:
    for of in (SMALL, MIDDLING):
        plan = plans.plan(query, of=of)

        assert plan.rows_read() <= SIZES[of.int] + 100, of
        assert "Seq Scan" not in plan.types()


def test_a_range_of_time_is_a_range_of_the_index(plans: ListPlans) -> None:
    plan = plans.plan({"created_at__gte": "2024-01-01T01:00", "created_at__lt": "2024-01-01T01:10"})

    assert plan.conditions(PAGE).count("created_at") == 2
    scanned = [each for each in plan.nodes if each.get("Index Name") == PAGE]
    assert sum(each["Actual Rows"] for each in scanned) <= 1200


def test_a_past_search_reads_only_its_dataset(plans: ListPlans) -> None:
    plan = plans.snapshot_plan({"search": "question"}, of=SMALL)

    assert "Seq Scan" not in plan.types()
    # Each version's validity, once for either table of rows.
    assert plan.rows_read("item_validity") <= 2 * 2 * SIZES[5]
    assert plan.rows_read("item_version") + plan.rows_read() <= 2 * 2 * SIZES[5]


def test_a_rare_row_of_a_revision_finds_its_validity_by_one_look_up(plans: ListPlans) -> None:
    plan = plans.snapshot_plan({"ref_trace_id": "trace-9"}, of=LARGE)

    assert "created_at = i" in plan.conditions("item_validity_page")


def test_a_list_without_conditions_needs_no_scan() -> None:
    assert not ListQuery().needs_scan
    assert not parse_list_query({"fields": "id", "cursor": "", "deleted": "false", "search": ""}).needs_scan
    for query in ({"search": "a"}, {"deleted": "all"}, {"deleted": "true"}, {"order_by": "updated_at"}):
        assert parse_list_query(query).needs_scan
