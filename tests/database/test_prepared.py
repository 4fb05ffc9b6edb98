"""Prepared statements give the same results and errors as psycopg's cursor."""

import os
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)

from database import prepared
from database.prepared import compile_statement
from database.query import execute, fetch_all, fetch_one, stream

pytestmark = pytest.mark.django_db(transaction=True)

VALUES: list[tuple[str, Any]] = [
    ("int", 7),
    ("bigint", 2**62),
    ("bigint", -1),
    ("text", "Ünï\n'\"%s"),
    ("text", ""),
    ("json", '{"a" : 1e2}'),
    ("bool", True),
    ("uuid", UUID(int=7)),
    ("bytea", b"\0\xff"),
    ("timestamptz", datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)),
    ("interval", timedelta(seconds=1)),
    ("bigint[]", [1, 2**40]),
    ("text[]", ["a", "b"]),
    ("text", None),
]


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_values_match_those_of_a_cursor(kind: str, value: Any) -> None:
    statement = f"SELECT %(value)s::{kind}"

    with connection.cursor() as cursor:
        cursor.execute(statement, {"value": value})
        (expected,) = cursor.fetchone()

    assert fetch_one(statement, {"value": value}) == (expected,)


def test_placeholders_are_numbered_by_name_or_position() -> None:
    assert compile_statement("%(a)s %(b)s %(a)s 5 %% 2").sql == b"$1 $2 $1 5 % 2"
    assert compile_statement("%s %s").sql == b"$1 $2"


def test_integers_of_all_sizes_share_a_statement() -> None:
    connection.close()

    for number in (7, 70_000, 2**40):
        assert fetch_one("SELECT %(n)s::text, %(list)s::text", {"n": number, "list": [number]})

    kept = "SELECT parameter_types::text FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::text%%'"
    assert fetch_all(kept, {}) == [("{bigint,bigint[]}",)]


def test_rows_and_counts() -> None:
    execute("CREATE TEMPORARY TABLE numbers (n bigint)", {})

    assert execute("INSERT INTO numbers SELECT generate_series(1, %s)", [5]) == 5
    assert execute("DELETE FROM numbers WHERE n > %(n)s", {"n": 9}) == 0
    assert fetch_all("SELECT n FROM numbers WHERE n < %(n)s ORDER BY n", {"n": 3}) == [(1,), (2,)]
    assert fetch_one("SELECT n FROM numbers WHERE n > %(n)s", {"n": 9}) is None


def test_a_value_larger_than_the_socket_buffer() -> None:
    long = "x" * 20_000_000

    assert fetch_one("SELECT %(long)s::text, length(%(long)s)", {"long": long}) == (long, len(long))


def test_the_least_recently_used_statement_is_closed_beyond_the_maximum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MAX_PREPARED", 3)
    connection.close()

    for _ in range(2):
        assert [fetch_one(f"SELECT %s::int + {n}", [1]) for n in range(10)] == [(1 + n,) for n in range(10)]

    kept = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'prepared%%'"
    assert fetch_one(kept, {}) == (3,)


def test_the_connection_works_after_an_error() -> None:
    with pytest.raises(DataError, match="division by zero"):
        fetch_one("SELECT 1 / %(n)s::int", {"n": 0})
    with pytest.raises(DatabaseError, match="syntax error"):
        fetch_one("SELECT %(n)s FROM FROM", {"n": 0})

    assert fetch_one("SELECT 1 / %(n)s::int", {"n": 1}) == (1,)


def test_a_failed_commit_after_rows_is_an_error() -> None:
    execute("CREATE TEMPORARY TABLE late (n bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)", {})
    insert = "INSERT INTO late VALUES (%s) RETURNING n"

    assert fetch_one(insert, [1]) == (1,)
    with pytest.raises(IntegrityError):
        fetch_one(insert, [1])
    assert fetch_all("SELECT n FROM late", {}) == [(1,)]


def test_a_transaction_is_started_and_rolled_back() -> None:
    execute("CREATE TEMPORARY TABLE undone (n bigint)", {})

    with transaction.atomic():
        execute("INSERT INTO undone VALUES (%s)", [1])
        transaction.set_rollback(True)

    assert fetch_all("SELECT n FROM undone", {}) == []


def test_a_statement_during_another_one_is_rejected_and_loses_no_rows() -> None:
    assert fetch_one("SELECT 1", {}) == (1,)  # prepared
    rows = stream("SELECT generate_series(1, %s)", [3])

    assert next(rows) == (1,)
    with pytest.raises(ProgrammingError, match="still running"):
        fetch_one("SELECT 1", {})
    assert list(rows) == [(2,), (3,)]


def test_a_silent_server_is_an_error() -> None:
    connection.ensure_connection()
    raw = connection.connection
    raw.wait_timeout = 0.1

    begun = time.monotonic()
    with pytest.raises(OperationalError, match="stopped responding"):
        fetch_one("SELECT pg_sleep(%s)::text", [2])

    assert time.monotonic() - begun < 20
    assert raw.closed
    connection.close()
    assert fetch_one("SELECT 1", {}) == (1,)


def test_a_lost_connection_is_an_operational_error() -> None:
    (pid,) = fetch_one("SELECT pg_backend_pid()", {}) or (0,)
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    with pytest.raises(OperationalError):
        fetch_one("SELECT 1", {})

    connection.close()


def test_a_server_that_announces_its_shutdown_before_a_statement_is_lost() -> None:
    """When a backend crashes, the server ends all others with a warning.

    libpq reads it after it failed to send, does not consider it an error, and reports its own: without an SQLSTATE, and
    with a connection status that still looks good.
    """
    fetch_one("SELECT 1", {})  # prepared
    raw = connection.connection
    ours, theirs = socket.socketpair()
    fields = b"SWARNING\0VWARNING\0C57P02\0Mterminating connection because of crash of another server process\0\0"
    theirs.sendall(b"N" + (len(fields) + 4).to_bytes(4, "big") + fields)
    theirs.close()
    os.dup2(ours.fileno(), raw.pgconn.socket)
    ours.close()

    with pytest.raises(OperationalError, match="closed the connection"):
        fetch_one("SELECT 1", {})

    assert raw.closed
    connection.close()
    assert fetch_one("SELECT 1", {}) == (1,)
