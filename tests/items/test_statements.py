"""The number of statements of each request.

The first statement always checks access, and may read an item. Writes that differ in a transaction run outside of one,
as in the service: inside one, an update takes a savepoint.
"""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items import queries
from tests.api import Api
from tests.people import People, key, make_user
from tests.rows import dataset, item

pytestmark = pytest.mark.django_db

as_in_the_service = pytest.mark.django_db(transaction=True)

TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")
TABLES = (
    r"dataset|dataset_(?:item|head|change|tag|schema|erasure)|item_(?:version|validity|fork_origin|source)"
    r"|idempotency_record|project_head"
)


class TwoDatasets:
    """A colleague's dataset with an item by each of three people; the key has just been used."""

    def __init__(self) -> None:
        self.people = people = People()
        self.author = people.colleague
        third = make_user("third", people.home)
        self.dataset = dataset(people.project, author=self.author.id)
        self.other = dataset(people.project, author=self.author.id)
        self.item = item(self.dataset, author=self.author.id, output='"an answer"', ref_trace_id="t")
        self.deleted = item(self.dataset, author=self.author.id, deleted=True)
        self.by_others = [item(self.other, author=user.id) for user in (people.owner, third, self.author)]
        base = f"/api/projects/{people.project.id}"
        self.items, self.datasets = f"{base}/dataset_items/", f"{base}/datasets/"
        self.api = Api(key(self.author))

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, list[str]]:
        """Return the status, and the statements except those that begin and end transactions."""
        with CaptureQueriesContext(connection) as captured:
            response = self.api.ask(method, path, body)
        statements = [each["sql"] for each in captured if not each["sql"].startswith(TRANSACTIONS)]
        assert not any(counts_items(statement) for statement in statements)
        return response.status_code, statements


def counts_items(statement: str) -> bool:
    """Whether rows of dataset_item are counted, other than those of a write's own CTE and of a diff."""
    others = re.sub(r"count\(\*\) (?:FROM updated|FILTER \(WHERE [ft]\.id IS )", "", statement)
    return "dataset_item" in statement and "count(" in others.lower()


def test_the_first_statement_checks_access() -> None:
    two_datasets = TwoDatasets()

    _, statements = two_datasets.ask("GET", two_datasets.items)

    assert "api_auth_personalapikey" in statements[0]
    assert "api_auth_personalapikey" not in "".join(statements[1:])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_item_costs_one_statement_and_one_more_with_a_parameter(method: str, django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    for one in (two_datasets.item, *two_datasets.by_others):
        for query, count in (("", 1), (f"?dataset={one.dataset_id}", 2), ("?format=json", 2)):
            with django_assert_num_queries(count):
                assert two_datasets.ask(method, f"{two_datasets.items}{one.id}/{query}")[0] == 200


def test_an_unknown_item_costs_two_statements(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    for path, status in (
        (f"{uuid4()}/", 404),
        (f"{two_datasets.deleted.id}/", 404),
        (f"{two_datasets.item.id}/?dataset={two_datasets.other.id}", 404),
        (f"{two_datasets.item.id}/?dataset={uuid4()}", 400),
    ):
        with django_assert_num_queries(2):
            assert two_datasets.ask("GET", two_datasets.items + path)[0] == status


def test_an_item_costs_a_restricted_key_two_statements(django_assert_num_queries: Any) -> None:
    """The key's restriction is checked before the item is read."""
    two_datasets = TwoDatasets()
    home = two_datasets.people.project

    for restriction in ({"teams": [home.id]}, {"organizations": [home.organization_id]}):
        two_datasets.api = Api(key(two_datasets.author, **restriction))
        with django_assert_num_queries(2):
            assert two_datasets.ask("GET", f"{two_datasets.items}{two_datasets.item.id}/")[0] == 200


def test_an_item_is_read_after_the_rate_limits(django_assert_num_queries: Any, settings: Any) -> None:
    settings.RATE_LIMIT_ENABLED = True
    two_datasets = TwoDatasets()

    with django_assert_num_queries(3) as captured:
        assert two_datasets.ask("GET", f"{two_datasets.items}{two_datasets.item.id}/")[0] == 200

    assert ["dataset_item" in each["sql"] for each in captured] == [False, False, True]


def test_an_item_of_the_current_project_costs_two_statements(django_assert_num_queries: Any) -> None:
    """The first statement finds the user's current project."""
    two_datasets = TwoDatasets()

    with django_assert_num_queries(2):
        assert two_datasets.ask("GET", f"/api/projects/@current/dataset_items/{two_datasets.item.id}/")[0] == 200


@pytest.mark.parametrize("deep_offset", [queries.DEEP_OFFSET, 0], ids=["near", "deep"])
@pytest.mark.parametrize("limit", [1, 100, 1000])
def test_a_page_costs_two_statements_and_one_more_for_other_authors(
    limit: int, deep_offset: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    two_datasets = TwoDatasets()
    monkeypatch.setattr(queries, "DEEP_OFFSET", deep_offset)
    # The newest item is the caller's, and so is the oldest live one.
    one_author = limit == 1

    for query, offset, count in (
        ("", 0, 2 if one_author else 3),
        ("", 1, 3),
        ("", 3, 2),
        (f"dataset={two_datasets.dataset.id}", 0, 2),
        (f"dataset={two_datasets.other.id}", 0, 2 if one_author else 3),
        (f"dataset={two_datasets.other.id}", 1, 3),
        (f"dataset={two_datasets.other.id}", 3, 2),
        (f"dataset={two_datasets.other.id}", 10**6, 2),
        ("", 10**30, 2),
    ):
        with django_assert_num_queries(count):
            assert two_datasets.ask("GET", f"{two_datasets.items}?{query}&limit={limit}&offset={offset}")[0] == 200


def test_a_page_of_an_unknown_dataset_costs_two_statements(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    with django_assert_num_queries(2):
        assert two_datasets.ask("GET", f"{two_datasets.items}?dataset={uuid4()}")[0] == 400


def test_a_page_of_an_empty_project_costs_two_statements(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()
    path = f"/api/projects/{two_datasets.people.sibling.id}/dataset_items/"

    for query in ("", "?offset=5", "?offset=5000"):
        with django_assert_num_queries(2):
            assert two_datasets.ask("GET", path + query)[0] == 200


def test_the_number_of_statements_does_not_grow_with_a_page() -> None:
    two_datasets = TwoDatasets()
    few = len(two_datasets.ask("GET", two_datasets.items)[1])
    for number in range(50):
        item(two_datasets.other, author=make_user(f"writer-{number}", two_datasets.people.home).id)

    assert len(two_datasets.ask("GET", two_datasets.items)[1]) == few == 3


def test_creating_an_item_costs_two_statements(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    for body, status in (
        ({"dataset": str(two_datasets.dataset.id), "input": {"q": 1}, "output": [1], "metadata": None}, 201),
        ({"dataset": str(two_datasets.other.id), "deleted": True}, 201),
    ):
        with django_assert_num_queries(2):
            assert two_datasets.ask("POST", two_datasets.items, body)[0] == status
    # One more distinguishes an unknown dataset from one with other schemas than this process has cached.
    with django_assert_num_queries(3):
        assert two_datasets.ask("POST", two_datasets.items, {"dataset": str(uuid4())})[0] == 400


@pytest.mark.parametrize("body", [{}, {"dataset": "abc"}, {"dataset": None}, {"input": 1}])
def test_rejecting_a_body_costs_no_further_statement(body: Any, django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    with django_assert_num_queries(1):
        assert two_datasets.ask("POST", two_datasets.items, body)[0] == 400


@as_in_the_service
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
def test_writing_an_item_costs_two_statements(method: str, body: Any, django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()
    dataset_too = {"dataset": str(two_datasets.dataset.id)} if method == "PUT" else {}

    with django_assert_num_queries(2):
        assert two_datasets.ask(method, f"{two_datasets.items}{two_datasets.item.id}/", body | dataset_too)[0] == 200


@as_in_the_service
def test_restoring_an_item_costs_two_statements(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    with django_assert_num_queries(2):
        assert (
            two_datasets.ask("PATCH", f"{two_datasets.items}{two_datasets.deleted.id}/", {"deleted": False})[0] == 200
        )


@as_in_the_service
def test_writing_an_item_of_somebody_else_costs_two_statements(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    for one in two_datasets.by_others:
        with django_assert_num_queries(2):
            assert two_datasets.ask("PATCH", f"{two_datasets.items}{one.id}/", {"output": 1})[0] == 200


@as_in_the_service
def test_moving_an_item_needs_no_transaction(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    with django_assert_num_queries(2):
        status, statements = two_datasets.ask(
            "PATCH", f"{two_datasets.items}{two_datasets.item.id}/", {"dataset": str(two_datasets.other.id)}
        )

    assert status == 200
    assert len(statements) == 2


@as_in_the_service
def test_creating_an_item_needs_no_transaction(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    with django_assert_num_queries(2):
        assert two_datasets.ask("POST", two_datasets.items, {"dataset": str(two_datasets.dataset.id)})[0] == 201


# --- Datasets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?limit=1", 2),
        ("?limit=1000", 2),
        ("?limit=1&offset=1", 2),
        # Searches without an index run in a transaction (two statements here, inside another one) with a time limit.
        ("?search=golden", 5),
        ("?search=nothing", 5),
        ("?order_by=-updated_at", 5),
        ("?id__in=01990011-0000-7000-8000-000000000011", 2),
        ("?offset=1000", 3),
        ("?search=nothing&offset=1000", 6),
    ],
)
def test_a_page_of_datasets_costs_the_same_at_any_offset(
    query: str, count: int, django_assert_num_queries: Any
) -> None:
    two_datasets = TwoDatasets()

    with django_assert_num_queries(count):
        assert two_datasets.ask("GET", two_datasets.datasets + query)[0] == 200


def test_a_page_of_datasets_costs_one_more_for_other_authors(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()
    for user in (two_datasets.people.owner, make_user("another", two_datasets.people.home)):
        dataset(two_datasets.people.project, author=user.id)

    with django_assert_num_queries(3):
        assert two_datasets.ask("GET", two_datasets.datasets)[0] == 200


def test_a_dataset_costs_two_statements(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    for path, status in ((f"{two_datasets.dataset.id}/", 200), (f"{uuid4()}/", 404)):
        with django_assert_num_queries(2):
            assert two_datasets.ask("GET", two_datasets.datasets + path)[0] == status


def test_a_dataset_of_somebody_else_costs_three_statements(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()
    theirs = dataset(two_datasets.people.project, author=two_datasets.people.owner.id)

    with django_assert_num_queries(3):
        assert two_datasets.ask("GET", f"{two_datasets.datasets}{theirs.id}/")[0] == 200


def test_creating_a_dataset_costs_two_statements(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    with django_assert_num_queries(2):
        assert two_datasets.ask("POST", two_datasets.datasets, {"name": "new", "metadata": {"a": 1}})[0] == 201


@pytest.mark.parametrize("body", [{"name": "new"}, {"metadata": [1]}, {"name": "Golden set"}, {}, {"deleted": True}])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_writing_a_dataset_costs_three_statements(method: str, body: Any, django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()
    name = {"name": "Golden set"} if method == "PUT" else {}

    with django_assert_num_queries(3):
        assert two_datasets.ask(method, f"{two_datasets.datasets}{two_datasets.dataset.id}/", name | body)[0] == 200


# --- Cheap requests -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 200), ("DELETE", 405)])
def test_a_request_that_reads_no_row_costs_one_statement(
    method: str, status: int, django_assert_num_queries: Any
) -> None:
    two_datasets = TwoDatasets()

    with django_assert_num_queries(1):
        assert two_datasets.ask(method, f"{two_datasets.items}{two_datasets.item.id}/")[0] == status


def test_no_key_costs_no_statement_and_a_wrong_one_costs_one(django_assert_num_queries: Any) -> None:
    two_datasets = TwoDatasets()

    with django_assert_num_queries(0):
        assert Api().get(two_datasets.items).status_code == 401
    with django_assert_num_queries(1):
        assert Api("wrong").get(two_datasets.items).status_code == 401
    with django_assert_num_queries(0):
        assert Api("wrong").get("/api/nowhere/").status_code == 404


def test_every_statement_names_the_project_for_every_table() -> None:
    two_datasets = TwoDatasets()
    item_path, dataset_path = (
        f"{two_datasets.items}{two_datasets.item.id}/",
        f"{two_datasets.datasets}{two_datasets.dataset.id}/",
    )
    requests: tuple[tuple[str, str, Any], ...] = (
        ("POST", two_datasets.items, {"dataset": str(two_datasets.dataset.id)}),
        ("PATCH", item_path, {"output": 1}),
        ("PATCH", item_path, {}),
        ("PATCH", item_path, {"dataset": str(two_datasets.other.id)}),
        ("POST", f"{item_path}archive/", None),
        ("POST", f"{item_path}restore/", {"source_version": 1}),
        ("GET", f"{item_path}versions/", None),
        ("GET", f"{item_path}?version=1", None),
        ("GET", f"{item_path}?revision=2&dataset={two_datasets.dataset.id}", None),
        ("GET", f"{two_datasets.items}?dataset={two_datasets.dataset.id}&revision=2", None),
        ("GET", f"{two_datasets.items}?dataset={two_datasets.dataset.id}&as_of=2999-01-01", None),
        ("PATCH", dataset_path, {"name": "new"}),
        ("PATCH", dataset_path, {}),
        ("PUT", f"{dataset_path}tags/golden/", {"revision": 2}),
        ("PUT", f"{dataset_path}tags/golden/", {"revision": 3, "force": True}),
        ("GET", f"{dataset_path}revisions/", None),
        ("GET", f"{dataset_path}changes/", None),
        ("GET", f"{dataset_path}diff/?from=golden&to=4", None),
        ("PUT", f"{dataset_path}schemas/", {"input": True}),
        ("GET", f"{dataset_path}schemas/", None),
        ("GET", f"{dataset_path}schemas/?revision=golden", None),
        ("POST", f"{dataset_path}fork/", {"name": "fork", "revision": "golden"}),
        ("DELETE", f"{dataset_path}tags/golden/", None),
    )

    for method, path, body in requests:
        status, statements = two_datasets.ask(method, path, body)
        assert status < 300, (method, path)
        assert len(statements) > 1, "none but that about access"
        for statement in statements:
            tables = re.findall(rf"(?:UPDATE|FROM|JOIN|INTO)\s+\"?(?:{TABLES})\"?\s", statement)
            named = re.findall(rf"team_id\"?\s*=|INTO\s+(?:{TABLES})\s+\(team_id,", statement)
            assert len(named) >= len(tables), statement
            # Locks of a project contain its number.
            is_lock = "pg_advisory_xact_lock" in statement and "%(project_id)s" in statement
            is_call = "p_team_id => %(project_id)s" in statement
            assert tables or "api_auth_user" in statement or is_lock or is_call, statement
