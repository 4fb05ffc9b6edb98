"""Which way PostgreSQL goes for the statements of items, with parameters known and unknown to the planner.

What is explained are the statements themselves, as the service's connection has prepared them.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db import connection
from psycopg import sql

from database.statements import execute, executed, fetch_all, fetch_one
from items import changes, reads
from items.dataset_changes import TOUCH
from items.models import Dataset, ItemRow
from tests.api import Api
from tests.conftest import empty_all_tables
from tests.people import Everyone, key

pytestmark = pytest.mark.django_db

# (dataset, items): the first is most of its project, and older than the others; the second is middling, the rest small.
SIZES = {1: 17_000, 2: 1500} | dict.fromkeys(range(3, 13), 30)
FOREIGN_ITEMS = 2000
SMALL_DATASETS = 3000

FILL = """
INSERT INTO dataset (team_id, id, name, created_at, updated_at, deleted, created_by_id, version)
SELECT team, gen_random_uuid(), 'small', now() - number * interval '1 minute', now(), false, 1, 1
  FROM generate_series(1, %(small)s) number, unnest(ARRAY[%(foreign)s, %(elsewhere)s]) team;
"""
ADD_DATASET = """
INSERT INTO dataset (team_id, id, name, created_at, updated_at, deleted, created_by_id, version)
VALUES (%(team)s, %(dataset)s, 'with items', now(), now(), false, 1, 1)
"""
ADD_HEAD = """
INSERT INTO dataset_head (team_id, dataset_id, revision, item_count)
VALUES (%(team)s, %(dataset)s, %(count)s, %(count)s)
"""
# In no order of time, and with one in eleven soft-deleted.
ADD_ITEMS = """
INSERT INTO dataset_item
       (team_id, id, dataset_id, input, output, deleted, created_at, updated_at, created_by_id, version, revision)
SELECT %(team)s, gen_random_uuid(), %(dataset)s, '{"q": "a question"}', '"an answer"', number %% 11 = 0,
       timestamptz '2025-01-01' + (number * 7919 %% 10007) * interval '1 second', now(), 1, 1, number
  FROM generate_series(1, %(count)s) number
"""
MAKE_OLDER = "UPDATE dataset_item SET created_at = created_at - interval '1 year' WHERE dataset_id = %(dataset)s"
RECOUNT = """
UPDATE dataset_head h SET item_count = (
  SELECT count(*) FROM dataset_item i
   WHERE i.team_id = h.team_id AND i.dataset_id = h.dataset_id AND i.deleted IS NOT TRUE)
"""


class Filled(NamedTuple):
    team: int
    large: UUID
    middling: UUID
    item: ItemRow
    key: str


def fill() -> Filled:
    people = Everyone()
    team = people.project.id
    foreign = {"small": SMALL_DATASETS, "foreign": people.foreign_project.id, "elsewhere": people.sibling.id}
    execute(FILL, foreign)
    for number, count in SIZES.items():
        add(team, UUID(int=number), count)
    add(people.foreign_project.id, UUID(int=999), FOREIGN_ITEMS)
    execute(MAKE_OLDER, {"dataset": UUID(int=1)})
    execute(RECOUNT, {})
    execute("VACUUM ANALYZE dataset_item", {})
    execute("ANALYZE", {})
    page = reads.ProjectItems(team).page(dataset_id=UUID(int=1), limit=1, offset=0)
    return Filled(team, UUID(int=1), UUID(int=2), ItemRow._make(page.rows[0]), key(people.owner))


def add(team: int, dataset_id: UUID, count: int) -> None:
    for statement in (ADD_DATASET, ADD_HEAD, ADD_ITEMS):
        execute(statement, {"team": team, "dataset": dataset_id, "count": count})


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Filled]:
    """Some 20,000 items, committed, since ANALYZE must see them; each test runs in a transaction that is undone."""
    with django_db_blocker.unblock():
        empty_all_tables()
        yield fill()
        empty_all_tables()
        connection.close()


@pytest.fixture(params=["force_custom_plan", "force_generic_plan"], ids=["custom", "generic"])
def mode(request: pytest.FixtureRequest) -> str:
    """Whether the planner knows the parameters. It chooses the second by itself after five executions."""
    return str(request.param)


# --- Plans -----------------------------------------------------------------------------------------------------------


class Plan:
    """A plan as EXPLAIN ANALYZE tells it, flattened."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.nodes = list(walk(tree))

    def scans(self, table: str = "dataset_item") -> list[tuple[str, str | None]]:
        """(type, index) of each scan of the table, in order."""
        return [
            (each["Node Type"], each.get("Index Name")) for each in self.nodes if each.get("Relation Name") == table
        ]

    def types(self) -> set[str]:
        return {each["Node Type"] for each in self.nodes}

    def rows_read(self) -> int:
        """Of items, also those that a filter dropped."""
        read = [each for each in self.nodes if each.get("Relation Name") == "dataset_item"]
        return sum(
            (each["Actual Rows"] + each.get("Rows Removed by Filter", 0)) * each["Actual Loops"] for each in read
        )


def walk(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree.get("Plans", []):
        yield from walk(child)


def prepared(statement: str) -> str:
    """The statement's text as psycopg prepares it."""
    order = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    return re.sub(r"%\((\w+)\)s", lambda match: f"${order.index(match[1]) + 1}", statement).replace("%%", "%")


def in_order(statement: str, parameters: Mapping[str, Any]) -> list[Any]:
    return [parameters[name] for name in dict.fromkeys(re.findall(r"%\((\w+)\)s", statement))]


def explain_prepared(text: str, values: list[Any], mode: str) -> Plan:
    found = fetch_one(
        "SELECT name FROM pg_prepared_statements WHERE statement = %(text)s ORDER BY prepare_time DESC", {"text": text}
    )
    assert found, f"the service's connection has not prepared:\n{text}"
    arguments = sql.SQL(", ").join(sql.Literal(value) for value in values)
    call = sql.SQL("EXECUTE {}({})").format(sql.Identifier(found[0]), arguments)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
        raw = cursor.cursor.connection
        answer = raw.execute(sql.SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {}").format(call)).fetchone()
    tree = answer[0] if isinstance(answer[0], list) else json.loads(answer[0])
    return Plan(tree[0]["Plan"])


def plan_of(statement: str, parameters: Mapping[str, Any] | Callable[[int], Mapping[str, Any]], mode: str) -> Plan:
    """Runs the statement until it is prepared, and explains what was prepared.

    A write takes other parameters each time. Nothing is rolled back in between, since psycopg then forgets what it has
    prepared.
    """
    at = parameters if callable(parameters) else lambda _: parameters
    for attempt in range(3):
        executed(statement, at(attempt))
    return explain_prepared(prepared(statement), in_order(statement, at(3)), mode)


PAGE = {False: "dataset_item_project_page", True: "dataset_item_page"}


@pytest.mark.parametrize("of_dataset", [False, True], ids=["project", "dataset"])
@pytest.mark.parametrize(("limit", "offset"), [(1, 0), (100, 0), (1000, 0), (100, 500), (100, 1000)])
def test_a_near_page_is_read_off_its_index(
    filled: Filled, mode: str, of_dataset: bool, limit: int, offset: int
) -> None:
    parameters = {"team": filled.team, "dataset": filled.large, "limit": limit, "offset": offset}

    plan = plan_of(reads.PAGES[of_dataset, False], parameters, mode)

    assert plan.rows_read() == limit + offset
    assert plan.scans() == [("Index Scan", PAGE[of_dataset])]
    assert not plan.types() & {"Sort", "Incremental Sort"}


@pytest.mark.parametrize("limit", [1, 10, 100, 1000])
def test_a_page_of_a_dataset_that_is_most_of_the_table_does_not_walk_newer_items_of_others(
    filled: Filled, mode: str, limit: int
) -> None:
    parameters = {"team": filled.team, "dataset": filled.large, "limit": limit, "offset": 0}
    others = {"large": filled.large, "middling": filled.middling}
    execute("DELETE FROM dataset_item WHERE dataset_id <> %(large)s AND dataset_id <> %(middling)s", others)
    execute("DELETE FROM dataset_item WHERE dataset_id = %(middling)s AND revision > 500", others)
    execute("ANALYZE dataset_item", {})

    plan = plan_of(reads.PAGES[True, False], parameters, mode)

    assert plan.rows_read() == limit
    assert plan.scans() == [("Index Scan", PAGE[True])]


def test_a_page_of_a_small_dataset_is_read_off_its_index(filled: Filled, mode: str) -> None:
    parameters = {"team": filled.team, "dataset": UUID(int=5), "limit": 100, "offset": 0}

    plan = plan_of(reads.PAGES[True, False], parameters, mode)

    assert plan.scans() == [("Index Scan", PAGE[True])]
    assert "Sort" not in plan.types()


@pytest.mark.parametrize("of_dataset", [False, True], ids=["project", "dataset"])
@pytest.mark.parametrize("end", ["newest", "oldest", "past"])
def test_a_deep_page_walks_the_index_alone_from_the_nearer_end(
    filled: Filled, mode: str, of_dataset: bool, end: str
) -> None:
    parameters = {"team": filled.team, "dataset": filled.large, "limit": 100, "offset": 0}
    count = fetch_all(reads.PAGES[of_dataset, False], parameters)[0][0]
    offset = {"newest": 2000, "oldest": count - 150, "past": count + 500}[end]

    plan = plan_of(reads.PAGES[of_dataset, True], parameters | {"offset": offset}, mode)

    walks = [each for each in plan.nodes if each["Node Type"] == "Index Only Scan"]
    assert [each["Index Name"] for each in walks] == [PAGE[of_dataset]] * 2
    by_end = {each["Scan Direction"]: each for each in walks}
    nearer, farther = ("Forward", "Backward") if end == "newest" else ("Backward", "Forward")
    assert by_end[farther]["Actual Loops"] == 0, "never executed"
    walked = by_end[nearer]["Actual Rows"] * by_end[nearer]["Actual Loops"]
    assert walked == {"newest": 2100, "oldest": 150, "past": 0}[end]
    assert [each for each in plan.scans() if each[0] != "Index Only Scan"] == [("Index Scan", "dataset_item_pkey")]
    rows = next(each for each in plan.nodes if each.get("Index Name") == "dataset_item_pkey")
    assert rows["Actual Loops"] <= 100


def test_a_middling_dataset_is_walked_by_its_own_index_too(filled: Filled, mode: str) -> None:
    parameters = {"team": filled.team, "dataset": filled.middling, "limit": 100, "offset": 1200}

    plan = plan_of(reads.PAGES[True, True], parameters, mode)

    assert {each for each in plan.scans() if each[0] != "Index Scan"} == {("Index Only Scan", PAGE[True])}


@pytest.mark.parametrize("statement", [reads.FIND, reads.FIND_VISIBLE], ids=["also deleted", "visible"])
def test_an_item_is_found_by_its_key(filled: Filled, mode: str, statement: str) -> None:
    plan = plan_of(statement, {"team": filled.team, "id": filled.item.id}, mode)

    assert plan.scans() == [("Index Scan", "dataset_item_pkey")]


def test_an_item_of_a_dataset_is_found_by_its_key(filled: Filled, mode: str) -> None:
    parameters = {"team": filled.team, "id": filled.item.id, "dataset": filled.large, "also_deleted": False}

    plan = plan_of(reads.FIND_IN_DATASET, parameters, mode)

    assert plan.scans() == [("Index Scan", "dataset_item_pkey")]


def test_an_item_is_created_without_reading_any(filled: Filled, mode: str) -> None:
    def new(attempt: int) -> dict[str, Any]:
        return filled.item._replace(id=UUID(int=attempt))._asdict() | {"visible": 1}

    plan = plan_of(changes.CREATE_ITEM, new, mode)

    # The only scan is that of the head; the item is what ModifyTable writes to.
    assert plan.scans() == [("ModifyTable", None)]
    assert plan.scans("dataset_head")[0] == ("ModifyTable", None)


@pytest.mark.parametrize(
    "values",
    [{"output": '"new"'}, {"input": "1", "output": "2", "metadata": "3", "ref_trace_id": "x", "deleted": True}],
    ids=["one field", "many"],
)
def test_an_item_is_written_by_its_key(filled: Filled, mode: str, values: dict[str, Any]) -> None:
    def write(attempt: int) -> dict[str, Any]:
        old = {"was_in": filled.item.dataset_id, "was_at": filled.item.version + attempt}
        return filled.item._replace(**values)._asdict() | old | {"change": 0}

    plan = plan_of(changes.update_statement(values, changes.BUMP_HEAD), write, mode)

    assert plan.scans() == [("ModifyTable", None), ("Index Scan", "dataset_item_pkey")]


def test_an_item_is_moved_by_its_key(filled: Filled, mode: str) -> None:
    def there_and_back(attempt: int) -> dict[str, Any]:
        was_in, to = (filled.middling, filled.large) if attempt % 2 else (filled.large, filled.middling)
        old = {"was_in": was_in, "was_at": filled.item.version + attempt}
        return filled.item._replace(dataset_id=to)._asdict() | old | {"arriving": 1, "leaving": 1}

    plan = plan_of(changes.update_statement({"dataset_id": None}, changes.BUMP_BOTH_HEADS), there_and_back, mode)

    assert plan.scans() == [("ModifyTable", None), ("Index Scan", "dataset_item_pkey")]


def test_an_item_is_touched_by_its_key(filled: Filled, mode: str) -> None:
    plan = plan_of(changes.TOUCH_ITEM, filled.item._asdict(), mode)

    assert plan.scans() == [("ModifyTable", None), ("Index Scan", "dataset_item_pkey")]


def test_a_dataset_is_touched_by_its_key(filled: Filled, mode: str) -> None:
    parameters = {
        "team": filled.team,
        "team_id": filled.team,
        "id": filled.large,
        "version": 1,
        "updated_at": filled.item.updated_at,
    }

    plan = plan_of(TOUCH, parameters, mode)

    assert plan.scans("dataset") == [("ModifyTable", None), ("Index Scan", "dataset_pkey")]


@pytest.mark.parametrize("limit", [1, 100, 1000])
def test_a_page_of_datasets_is_read_off_its_index(filled: Filled, mode: str, limit: int) -> None:
    api = Api(filled.key)
    for _ in range(4):
        assert api.get(f"/api/projects/{filled.team}/datasets/?limit={limit}").json()["count"] == len(SIZES)

    text, types = fetch_all(
        "SELECT statement, parameter_types::text[] FROM pg_prepared_statements WHERE statement LIKE %(pattern)s"
        " ORDER BY prepare_time DESC LIMIT 1",
        {"pattern": '%COUNT(*) OVER%FROM "dataset"%'},
    )[0]
    values = [{"bigint": filled.team, "smallint": filled.team, "boolean": False}[each] for each in types]
    plan = explain_prepared(text, values, mode)

    assert plan.scans("dataset") == [("Index Scan", "dataset_page")]
    assert not plan.types() & {"Sort", "Incremental Sort", "Seq Scan"}


def test_the_indexes_are_those_that_the_plans_need(filled: Filled) -> None:
    names = {row[0] for row in fetch_all("SELECT indexname FROM pg_indexes WHERE tablename = 'dataset_item'", {})}

    assert names == {"dataset_item_pkey", *PAGE.values()}
    assert Dataset.objects.in_project(filled.team).count() == len(SIZES)
