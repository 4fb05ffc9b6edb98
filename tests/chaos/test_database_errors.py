"""Database failures, as PostgreSQL raises them, and the responses to them."""

import logging

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from database.query import execute
from rest.database_errors import classify
from rest.errors import exception_handler
from tests.plans import needs_prepared
from tests.service_process import test_database_url as database_url

RAISE = "DO $$ BEGIN RAISE EXCEPTION '{}' USING ERRCODE = '{}'; END $$"

CODES = {
    "08006": "service_unavailable",  # connection failure
    "25006": "read_only",
    "25P03": "service_unavailable",  # idle in a transaction for too long
    "26000": "service_unavailable",  # a prepared statement is gone
    "40001": "contention",  # serialization failure
    "40003": "service_unavailable",  # completion unknown
    "40P01": "contention",  # deadlock
    "53000": "database_overloaded",
    "53100": "storage_full",
    "53200": "database_overloaded",  # out of memory
    "53300": "database_overloaded",  # too many connections
    "53400": "database_overloaded",  # a configured limit
    "55P03": "contention",  # lock timeout
    "57014": "statement_timeout",
    "57P01": "service_unavailable",  # administrator's shutdown
    "57P02": "service_unavailable",  # crash of another process
    "57P03": "service_unavailable",  # starting up
    "57P05": "service_unavailable",  # idle for too long
    "58000": "service_unavailable",
    "58030": "service_unavailable",  # input or output
}


def raised(code: str, message: str = "secret") -> DatabaseError:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        execute(RAISE.format(message, code), [])
    return caught.value


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "expected"), CODES.items())
def test_a_database_failure_is_a_503_with_retry_after(
    code: str, expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    error = raised(code)

    answer = exception_handler(error)

    assert answer.status_code == 503
    assert list(answer.data) == ["type", "code", "detail", "attr"]
    assert (answer.data["type"], answer.data["code"], answer.data["attr"]) == ("server_error", expected, None)
    assert "secret" not in answer.data["detail"]
    assert int(answer.headers["Retry-After"]) >= 1
    assert [(each.levelno, each.exc_info) for each in caplog.records] == [(logging.ERROR, None)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("XX000", "failure on connection marked as essential: 10.0.0.2:5432"),
        ("XX000", "could not commit transaction for shard 102008 on any active node"),
        ("XX000", "could not find valid entry for shard 102008"),
        ("XX000", "execution cannot recover from multiple connection failures. Last node failed 10.0.0.2:5432"),
        ("XX000", "relation with OID 16423 does not exist"),
        ("0A000", "complex joins are only supported when all distributed tables are co-located and joined on their"),
    ],
)
def test_a_failure_of_citus_is_a_503(code: str, message: str) -> None:
    error = raised(code, message)

    answer = exception_handler(error)

    assert (answer.status_code, answer.data["code"]) == (503, "service_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["XX000", "XX001", "42P01", "22012", "23505", "25P02", "0A000"])
def test_our_own_error_is_a_500(code: str) -> None:
    error = raised(code)

    assert classify(error) is None
    assert exception_handler(error).status_code == 500


@needs_prepared
@pytest.mark.django_db(transaction=True)
def test_an_outdated_plan_fails_only_one_request() -> None:
    execute("CREATE TABLE changing (id int)", [])
    try:
        for _ in range(3):
            execute("SELECT * FROM changing", [])
        with psycopg.connect(database_url(), autocommit=True) as another:
            another.execute("ALTER TABLE changing ADD COLUMN more int")
        with pytest.raises(DatabaseError) as caught:
            execute("SELECT * FROM changing", [])
        connection.close_if_unusable_or_obsolete()
        again = execute("SELECT * FROM changing", [])
    finally:
        execute("DROP TABLE changing", [])

    assert exception_handler(caught.value).status_code == 503
    assert again == 0
