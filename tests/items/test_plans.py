"""Plans of the statements that read items, with parameters known and unknown to the planner.

Explains the statements themselves, as the service's connection has prepared them.
"""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from auth.api_keys.tokens import hash_key
from database.query import execute, fetch_all
from items import queries
from items.integrity.rule import check_rule
from items.integrity.rules import RULES
from items.models import Dataset
from items.page_bytes import guards
from tests.api import Api
from tests.items.filled_tables import SIZES, Filled, filled
from tests.plans import explain, mode, needs_prepared, plan_of, prepared

__all__ = ["filled", "mode"]
pytestmark = [pytest.mark.django_db, needs_prepared]

GUARDS = guards(100)
# PostgreSQL plans a prepared statement for its values so many times before it considers a plan for any values; and
# psycopg runs the first statement of a transaction without preparing it.
CUSTOM_PLANS = 5
PAGE = {False: "dataset_item_project_page", True: "dataset_item_page"}


@pytest.mark.parametrize("in_dataset", [False, True], ids=["project", "dataset"])
@pytest.mark.parametrize(("limit", "offset"), [(1, 0), (100, 0), (1000, 0), (100, 500), (100, 1000)])
def test_a_near_page_is_read_from_its_index(
    filled: Filled, mode: str, in_dataset: bool, limit: int, offset: int
) -> None:
    parameters = {"project_id": filled.team, "dataset_id": filled.large, "limit": limit, "offset": offset} | GUARDS

    plan = plan_of(queries.get_page_sql(in_dataset=in_dataset, limit=limit, offset=offset), parameters, mode)

    assert plan.rows_read() == limit + offset
    assert plan.scans() == [("Index Scan", PAGE[in_dataset])]
    assert not plan.types() & {"Sort", "Incremental Sort"}


@pytest.mark.parametrize("limit", [10, 25, 100, 1000])
def test_a_near_page_is_planned_once(filled: Filled, limit: int) -> None:
    statement = queries.get_page_sql(in_dataset=True, limit=limit)
    parameters = {"project_id": filled.team, "dataset_id": filled.large, "limit": limit, "offset": 0} | GUARDS

    for _ in range(CUSTOM_PLANS + 1):
        fetch_all(statement, parameters)
    before = custom_plans(statement)
    fetch_all(statement, parameters)

    assert custom_plans(statement) == before


def custom_plans(statement: str) -> int:
    """Return how often the statement was planned for its values."""
    count = "SELECT custom_plans FROM pg_prepared_statements WHERE statement = %(statement)s"
    return int(fetch_all(count, {"statement": prepared(statement)})[0][0])


@pytest.mark.parametrize("limit", [1, 10, 100, 1000])
def test_a_page_of_a_very_large_dataset_does_not_scan_newer_items_of_others(
    filled: Filled, mode: str, limit: int
) -> None:
    parameters = {"project_id": filled.team, "dataset_id": filled.large, "limit": limit, "offset": 0} | GUARDS
    others = {"large": filled.large, "middling": filled.middling}
    execute("DELETE FROM dataset_item WHERE dataset_id <> %(large)s AND dataset_id <> %(middling)s", others)
    execute("DELETE FROM dataset_item WHERE dataset_id = %(middling)s AND revision > 1 + 1500 + 500", others)
    execute("ANALYZE dataset_item", {})

    plan = plan_of(queries.get_page_sql(in_dataset=True, limit=limit), parameters, mode)

    assert plan.rows_read() == limit
    assert plan.scans() == [("Index Scan", PAGE[True])]


def test_a_page_of_a_small_dataset_is_read_from_its_index(filled: Filled, mode: str) -> None:
    parameters = {"project_id": filled.team, "dataset_id": UUID(int=5), "limit": 100, "offset": 0} | GUARDS

    plan = plan_of(queries.get_page_sql(in_dataset=True, limit=100), parameters, mode)

    assert plan.scans() == [("Index Scan", PAGE[True])]
    assert "Sort" not in plan.types()


@pytest.mark.parametrize("in_dataset", [False, True], ids=["project", "dataset"])
@pytest.mark.parametrize("end", ["newest", "oldest", "past"])
def test_a_deep_page_scans_only_the_index_from_the_nearer_end(
    filled: Filled, mode: str, in_dataset: bool, end: str
) -> None:
    parameters = {"project_id": filled.team, "dataset_id": filled.large, "limit": 100, "offset": 0} | GUARDS
    count = fetch_all(queries.get_page_sql(in_dataset=in_dataset, limit=100), parameters)[0][0]
    offset = {"newest": 2000, "oldest": count - 150, "past": count + 500}[end]

    plan = plan_of(queries.PAGES[in_dataset, None], parameters | {"offset": offset}, mode)

    walks = [each for each in plan.nodes if each["Node Type"] == "Index Only Scan"]
    assert [each["Index Name"] for each in walks] == [PAGE[in_dataset]] * 2
    by_end = {each["Scan Direction"]: each for each in walks}
    nearer, farther = ("Forward", "Backward") if end == "newest" else ("Backward", "Forward")
    assert by_end[farther]["Actual Loops"] == 0, "never executed"
    scanned = by_end[nearer]["Actual Rows"] * by_end[nearer]["Actual Loops"]
    assert scanned == {"newest": 2100, "oldest": 150, "past": 0}[end]
    assert [each for each in plan.scans() if each[0] != "Index Only Scan"] == [("Index Scan", "dataset_item_pkey")]
    rows = next(each for each in plan.nodes if each.get("Index Name") == "dataset_item_pkey")
    assert rows["Actual Loops"] <= 100


def test_a_dataset_of_middle_size_is_read_from_its_own_index(filled: Filled, mode: str) -> None:
    parameters = {"project_id": filled.team, "dataset_id": filled.middling, "limit": 100, "offset": 1200} | GUARDS

    plan = plan_of(queries.PAGES[True, None], parameters, mode)

    assert {each for each in plan.scans() if each[0] != "Index Scan"} == {("Index Only Scan", PAGE[True])}


@pytest.mark.parametrize("statement", [queries.FIND_ITEM, queries.FIND_LIVE_ITEM], ids=["also deleted", "visible"])
def test_an_item_is_found_by_its_key(filled: Filled, mode: str, statement: str) -> None:
    plan = plan_of(statement, {"project_id": filled.team, "id": filled.item.id}, mode)

    assert plan.scans() == [("Index Scan", "dataset_item_pkey")]


@pytest.mark.parametrize(
    "statement", [queries.FIND_ITEM_WITH_ACCESS, queries.FIND_LIVE_ITEM_WITH_ACCESS], ids=["write", "read"]
)
def test_an_item_is_prefetched_by_its_key(filled: Filled, mode: str, statement: str) -> None:
    parameters = {
        "secure_value": hash_key(filled.key),
        "project_id": filled.team,
        "id": filled.item.id,
        "scopes": ["*"],
    }

    plan = plan_of(statement, parameters, mode)

    assert plan.rows_read() == 1
    assert plan.scans() == [("Index Scan", "dataset_item_pkey")]
    assert "team_id" in plan.conditions("dataset_item_pkey")


def test_an_item_of_a_dataset_is_found_by_its_key(filled: Filled, mode: str) -> None:
    parameters = {
        "project_id": filled.team,
        "id": filled.item.id,
        "dataset_id": filled.large,
        "include_archived": False,
    }

    plan = plan_of(queries.FIND_ITEM_IN_DATASET, parameters, mode)

    assert plan.scans() == [("Index Scan", "dataset_item_pkey")]


# --- Datasets, and the tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 100, 1000])
def test_a_page_of_datasets_is_read_from_its_index(filled: Filled, limit: int) -> None:
    with CaptureQueriesContext(connection) as sent:
        response = Api(filled.key).get(f"/api/projects/{filled.team}/datasets/?limit={limit}")

    assert response.json()["count"] == len(SIZES)
    # Django's ORM runs it, without preparing it.
    (page,) = [each["sql"] for each in sent if 'FROM "dataset"' in each["sql"]]
    plan = explain(page)
    assert ("Index Scan", "dataset_page") in plan.scans("dataset")
    assert not plan.types() & {"Sort", "Incremental Sort"}


def test_the_indexes_are_those_that_the_plans_need(filled: Filled) -> None:
    tables = ("dataset_item", "dataset_head", "dataset_change", "item_version", "item_validity")
    names = {row[0] for row in fetch_all("SELECT indexname FROM pg_indexes WHERE tablename = ANY(%s)", [list(tables)])}

    assert names == {
        "dataset_item_pkey", *PAGE.values(), "dataset_head_pkey", "dataset_change_pkey", "dataset_change_time",
        "item_version_pkey", "item_validity_page", "dataset_item_metadata", "dataset_item_ref_source_id",
        "dataset_item_ref_trace_id", "dataset_item_archived",
    }  # fmt: skip


def test_the_tables_are_filled_as_the_service_fills_them(filled: Filled) -> None:
    assert Dataset.objects.in_project(filled.team).count() == len(SIZES)
    assert [check_rule(rule, project_id=filled.team) for rule in RULES] == [None] * len(RULES)
