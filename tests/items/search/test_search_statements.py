"""The number of statements of a list with conditions, and its time limit.

The first statement always checks access. Runs outside a transaction, as the service does.
"""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.dataset_client import DatasetClient, assert_error, ok

pytestmark = pytest.mark.django_db(transaction=True)

TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK")


def ask(client: DatasetClient, query: str, **headers: str) -> tuple[Any, list[str]]:
    """Return the response and its statements, without those that begin and end transactions."""
    path = f"{client.items}?dataset={client.dataset['id']}&{query}"
    with CaptureQueriesContext(connection) as captured:
        response = client.api.get(path, headers=headers)
    return response, [each["sql"] for each in captured if not each["sql"].startswith(TRANSACTIONS)]


@pytest.fixture
def filled() -> DatasetClient:
    client = DatasetClient()
    made = [client.new_item(input="x" * 10_000, output=number, metadata={"n": number}) for number in range(3)]
    client.archive(made[0])
    return client


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("search=&deleted=false&zeta=1", 2),
        ("order_by=created_at", 2),
        ("fields=id,output&limit=1", 2),
        ("cursor=", 2),
        # One more sets the time limit.
        ("search=x", 3),
        ("metadata__n=1&input__contains=1&deleted=all&cursor=&fields=id", 3),
        ("order_by=updated_at", 3),
        ("deleted=true", 3),
        # One more finds the revision.
        ("revision=3&fields=id", 3),
        ("revision=3&search=x", 4),
        ("revision=3&cursor=", 3),
    ],
)
def test_statements_of_each_list(filled: DatasetClient, query: str, count: int) -> None:
    for _ in range(2):
        response, statements = ask(filled, query)

        assert ok(response)
        assert len(statements) == count


def test_an_unchanged_list_is_not_searched(filled: DatasetClient) -> None:
    for query in ("search=x&deleted=all", "cursor=&order_by=-updated_at", "fields=id"):
        tag = ask(filled, query)[0].headers["ETag"]

        response, statements = ask(filled, query, **{"If-None-Match": tag})

        assert response.status_code == 304
        assert len(statements) == 2


def test_authors_are_read_only_if_shown(filled: DatasetClient) -> None:
    filled.new_item(by=filled.colleague)

    assert len(ask(filled, "fields=id,created_by")[1]) == 3
    assert len(ask(filled, "fields=id,team")[1]) == 2


@pytest.mark.parametrize("past", ["", "&revision=3"])
def test_a_search_that_takes_too_long_is_rejected_without_side_effects(
    filled: DatasetClient, settings: Any, past: str
) -> None:
    settings.SEARCH_TIMEOUT_SECONDS = 0.001
    for _ in range(20):
        filled.new_item(input="lorem ipsum " * 20_000)
    past = past and f"&revision={filled.head()}"

    response, _ = ask(filled, f"search=nothing+like+it{past}")

    error = assert_error(response, 400, "search_timeout")
    assert error["type"] == "invalid_request"
    assert "ref_trace_id" in error["detail"]
    assert ok(ask(filled, f"fields=id{past}")[0])["count"] == 22
    with connection.cursor() as cursor:
        for name, value in (("statement_timeout", "0"), ("plan_cache_mode", "auto")):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == (value,)


def test_other_database_errors_are_not_timeouts(filled: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.search.timeout.SET_TIMEOUT", "SELECT pg_terminate_backend(pg_backend_pid()), %(limit)s")

    response, _ = ask(filled, "search=x")

    assert assert_error(response, 503, "service_unavailable")
    monkeypatch.undo()
    connection.close()
    assert ok(ask(filled, "search=x")[0])["count"] == 2
