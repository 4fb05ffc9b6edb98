"""How many statements each request costs. The first is always the one that decides about access."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items import reads
from tests.api import Api
from tests.items.rows import dataset, item
from tests.people import Everyone, key, person

pytestmark = pytest.mark.django_db

TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


class Shelf:
    """A colleague's dataset with an item by each of three people; the key in use was used a moment ago."""

    def __init__(self) -> None:
        self.people = people = Everyone()
        self.author = people.colleague
        third = person("third", people.home)
        self.dataset = dataset(people.project, author=self.author.id)
        self.other = dataset(people.project, author=self.author.id)
        self.item = item(self.dataset, author=self.author.id, output='"an answer"', ref_trace_id="t")
        self.deleted = item(self.dataset, author=self.author.id, deleted=True)
        self.by_others = [item(self.other, author=user.id) for user in (people.owner, third, self.author)]
        base = f"/api/projects/{people.project.id}"
        self.items, self.datasets = f"{base}/dataset_items/", f"{base}/datasets/"
        self.api = Api(key(self.author))

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, list[str]]:
        """The status, and the statements but for those that begin and end transactions."""
        with CaptureQueriesContext(connection) as captured:
            answer = self.api.ask(method, path, body)
        statements = [each["sql"] for each in captured if not each["sql"].startswith(TRANSACTIONS)]
        assert not any(counts_items(statement) for statement in statements)
        return answer.status_code, statements


def counts_items(statement: str) -> bool:
    """Whether rows of dataset_item are counted; of a write's own CTE they may be."""
    return "dataset_item" in statement and "count(" in statement.replace("count(*) FROM written", "").lower()


def test_the_first_statement_decides_about_access() -> None:
    shelf = Shelf()

    _, statements = shelf.ask("GET", shelf.items)

    assert "api_auth_personalapikey" in statements[0]
    assert "api_auth_personalapikey" not in "".join(statements[1:])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_item_costs_two_statements(method: str, django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    for one in (shelf.item, *shelf.by_others):
        for query in ("", f"?dataset={one.dataset_id}"):
            with django_assert_num_queries(2):
                assert shelf.ask(method, f"{shelf.items}{one.id}/{query}")[0] == 200


def test_an_item_that_is_not_there_costs_two_statements(django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    for path, status in (
        (f"{uuid4()}/", 404),
        (f"{shelf.deleted.id}/", 404),
        (f"{shelf.item.id}/?dataset={shelf.other.id}", 404),
        (f"{shelf.item.id}/?dataset={uuid4()}", 400),
    ):
        with django_assert_num_queries(2):
            assert shelf.ask("GET", shelf.items + path)[0] == status


@pytest.mark.parametrize("deep_offset", [reads.DEEP_OFFSET, 0], ids=["near", "deep"])
@pytest.mark.parametrize("limit", [1, 100, 1000])
def test_a_page_costs_two_statements_and_one_more_for_other_authors(
    limit: int, deep_offset: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    shelf = Shelf()
    monkeypatch.setattr(reads, "DEEP_OFFSET", deep_offset)
    # The newest item is the caller's; the oldest visible one of all is, too.
    one_author = limit == 1

    for query, offset, count in (
        ("", 0, 2 if one_author else 3),
        ("", 1, 3),
        ("", 3, 2),
        (f"dataset={shelf.dataset.id}", 0, 2),
        (f"dataset={shelf.other.id}", 0, 2 if one_author else 3),
        (f"dataset={shelf.other.id}", 1, 3),
        (f"dataset={shelf.other.id}", 3, 2),
        (f"dataset={shelf.other.id}", 10**6, 2),
        ("", 10**30, 2),
    ):
        with django_assert_num_queries(count):
            assert shelf.ask("GET", f"{shelf.items}?{query}&limit={limit}&offset={offset}")[0] == 200


def test_a_page_of_an_unknown_dataset_costs_two_statements(django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    with django_assert_num_queries(2):
        assert shelf.ask("GET", f"{shelf.items}?dataset={uuid4()}")[0] == 400


def test_a_page_of_an_empty_project_costs_two_statements(django_assert_num_queries: Any) -> None:
    shelf = Shelf()
    path = f"/api/projects/{shelf.people.sibling.id}/dataset_items/"

    for query in ("", "?offset=5", "?offset=5000"):
        with django_assert_num_queries(2):
            assert shelf.ask("GET", path + query)[0] == 200


def test_the_number_of_statements_does_not_grow_with_a_page() -> None:
    shelf = Shelf()
    few = len(shelf.ask("GET", shelf.items)[1])
    for number in range(50):
        item(shelf.other, author=person(f"writer-{number}", shelf.people.home).id)

    assert len(shelf.ask("GET", shelf.items)[1]) == few == 3


def test_creating_an_item_costs_two_statements(django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    for body, status in (
        ({"dataset": str(shelf.dataset.id), "input": {"q": 1}, "output": [1], "metadata": None}, 201),
        ({"dataset": str(shelf.other.id), "deleted": True}, 201),
        ({"dataset": str(uuid4())}, 400),
    ):
        with django_assert_num_queries(2):
            assert shelf.ask("POST", shelf.items, body)[0] == status


@pytest.mark.parametrize("body", [{}, {"dataset": "abc"}, {"dataset": None}, {"input": 1}])
def test_refusing_a_body_costs_no_statement_more(body: Any, django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    with django_assert_num_queries(1):
        assert shelf.ask("POST", shelf.items, body)[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"input": {"new": 1}}, id="one field"),
        pytest.param({"input": 1, "output": 2, "metadata": 3, "ref_trace_id": "x", "ref_source_id": "y"}, id="many"),
        pytest.param({}, id="empty"),
        pytest.param({"output": "an answer", "ref_trace_id": "t", "deleted": False}, id="no effect"),
        pytest.param({"deleted": True}, id="soft delete"),
        pytest.param({"deleted": None}, id="deleted null"),
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_writing_an_item_costs_three_statements(method: str, body: Any, django_assert_num_queries: Any) -> None:
    shelf = Shelf()
    dataset_too = {"dataset": str(shelf.dataset.id)} if method == "PUT" else {}

    with django_assert_num_queries(3):
        assert shelf.ask(method, f"{shelf.items}{shelf.item.id}/", body | dataset_too)[0] == 200


def test_restoring_an_item_costs_three_statements(django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    with django_assert_num_queries(3):
        assert shelf.ask("PATCH", f"{shelf.items}{shelf.deleted.id}/", {"deleted": False})[0] == 200


def test_writing_an_item_of_somebody_else_costs_three_statements(django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    for one in shelf.by_others:
        with django_assert_num_queries(3):
            assert shelf.ask("PATCH", f"{shelf.items}{one.id}/", {"output": 1})[0] == 200


def test_moving_an_item_costs_one_statement_more_and_a_transaction() -> None:
    shelf = Shelf()

    status, statements = shelf.ask("PATCH", f"{shelf.items}{shelf.item.id}/", {"dataset": str(shelf.other.id)})

    assert status == 200
    assert len(statements) == 4


# --- Datasets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?limit=1", 2),
        ("?limit=1000", 2),
        ("?limit=1&offset=1", 2),
        ("?search=golden", 2),
        ("?search=nothing", 2),
        ("?order_by=-updated_at", 2),
        ("?id__in=01990011-0000-7000-8000-000000000011", 2),
        ("?offset=1000", 3),
        ("?search=nothing&offset=1000", 3),
    ],
)
def test_a_page_of_datasets_costs_two_statements_and_a_third_past_the_end(
    query: str, count: int, django_assert_num_queries: Any
) -> None:
    shelf = Shelf()

    with django_assert_num_queries(count):
        assert shelf.ask("GET", shelf.datasets + query)[0] == 200


def test_a_page_of_datasets_costs_one_more_for_other_authors(django_assert_num_queries: Any) -> None:
    shelf = Shelf()
    for user in (shelf.people.owner, person("another", shelf.people.home)):
        dataset(shelf.people.project, author=user.id)

    with django_assert_num_queries(3):
        assert shelf.ask("GET", shelf.datasets)[0] == 200


def test_a_dataset_costs_two_statements(django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    for path, status in ((f"{shelf.dataset.id}/", 200), (f"{uuid4()}/", 404)):
        with django_assert_num_queries(2):
            assert shelf.ask("GET", shelf.datasets + path)[0] == status


def test_a_dataset_of_somebody_else_costs_three_statements(django_assert_num_queries: Any) -> None:
    shelf = Shelf()
    theirs = dataset(shelf.people.project, author=shelf.people.owner.id)

    with django_assert_num_queries(3):
        assert shelf.ask("GET", f"{shelf.datasets}{theirs.id}/")[0] == 200


def test_creating_a_dataset_costs_two_statements(django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    with django_assert_num_queries(2):
        assert shelf.ask("POST", shelf.datasets, {"name": "new", "metadata": {"a": 1}})[0] == 201


@pytest.mark.parametrize("body", [{"name": "new"}, {"metadata": [1]}, {"name": "Golden set"}, {}, {"deleted": True}])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_writing_a_dataset_costs_three_statements(method: str, body: Any, django_assert_num_queries: Any) -> None:
    shelf = Shelf()
    name = {"name": "Golden set"} if method == "PUT" else {}

    with django_assert_num_queries(3):
        assert shelf.ask(method, f"{shelf.datasets}{shelf.dataset.id}/", name | body)[0] == 200


# --- What costs nothing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 200), ("DELETE", 405)])
def test_what_reads_no_row_costs_one_statement(method: str, status: int, django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    with django_assert_num_queries(1):
        assert shelf.ask(method, f"{shelf.items}{shelf.item.id}/")[0] == status


def test_no_key_costs_nothing_and_a_wrong_one_a_single_statement(django_assert_num_queries: Any) -> None:
    shelf = Shelf()

    with django_assert_num_queries(0):
        assert Api().get(shelf.items).status_code == 401
    with django_assert_num_queries(1):
        assert Api("wrong").get(shelf.items).status_code == 401
    with django_assert_num_queries(0):
        assert Api("wrong").get("/api/nowhere/").status_code == 404


def test_a_write_names_the_project_for_every_table() -> None:
    shelf = Shelf()
    requests = (
        ("POST", shelf.items, {"dataset": str(shelf.dataset.id)}),
        ("PATCH", f"{shelf.items}{shelf.item.id}/", {"output": 1}),
        ("PATCH", f"{shelf.items}{shelf.item.id}/", {}),
        ("PATCH", f"{shelf.items}{shelf.item.id}/", {"dataset": str(shelf.other.id)}),
        ("PATCH", f"{shelf.datasets}{shelf.dataset.id}/", {"name": "new"}),
    )

    for method, path, body in requests:
        for statement in shelf.ask(method, path, body)[1][1:]:
            tables = re.findall(r"(?:UPDATE|FROM|JOIN)\s+\"?(?:dataset|dataset_item|dataset_head)\"?\s", statement)
            assert len(re.findall(r"team_id\"?\s*=", statement)) >= len(tables), statement
