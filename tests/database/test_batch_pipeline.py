"""Statements run while the caller goes on; their errors end the block, and leave the connection usable."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DataError, OperationalError, ProgrammingError, connection, transaction

from database.batch_pipeline import BatchPipeline
from database.query import execute, fetch_all, fetch_one
from database.query_stats import thread_stats
from tests.plans import needs_prepared

pytestmark = pytest.mark.django_db(transaction=True)

LOCK = 20_260_105
INSERT = "INSERT INTO numbers SELECT n FROM unnest(%(numbers)s::bigint[]) n"
INSERT_LOCKED = "INSERT INTO numbers SELECT 1 FROM pg_advisory_xact_lock(%(key)s)"
INSERT_QUOTIENT = "INSERT INTO numbers SELECT 1 / %(divisor)s::bigint"
FAIL = {"divisor": 0}
EMPTY: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def numbers() -> Iterator[None]:
    """A table on a connection of its own."""
    connection.close()
    execute("CREATE TEMPORARY TABLE numbers (n bigint)", {})
    yield
    connection.close()


@pytest.fixture
def blocker() -> Iterator[psycopg.Connection[Any]]:
    """Another connection, which holds the lock."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield other


@contextmanager
def open_pipeline() -> Iterator[BatchPipeline]:
    with transaction.atomic():
        fetch_one("SELECT 1", {})  # the first statement starts the transaction, and is waited for
        with BatchPipeline() as pipeline:
            yield pipeline


def write_all(*writes: tuple[str, dict[str, Any]], then: Callable[[], Any] = lambda: None) -> None:
    with open_pipeline() as pipeline:
        for statement, parameters in writes:
            pipeline.execute(statement, parameters)
        then()


def stored() -> list[int]:
    return [row[0] for row in fetch_all("SELECT n FROM numbers ORDER BY n", {})]


@pytest.fixture(params=["prepared", "not prepared"])
def way(request: pytest.FixtureRequest) -> str:
    if request.param == "not prepared":
        connection.connection.prepared = None
    return str(request.param)


def test_statements_run_in_their_order(way: str) -> None:
    with open_pipeline() as pipeline:
        for number in range(5):
            pipeline.execute(INSERT, {"numbers": [number]})
        pipeline.execute("UPDATE numbers SET n = n * %(factor)s", {"factor": 10})

    assert stored() == [0, 10, 20, 30, 40]


def test_a_block_without_statements_does_nothing() -> None:
    with open_pipeline():
        pass

    assert stored() == []


@needs_prepared
def test_the_caller_goes_on_while_a_statement_runs(blocker: psycopg.Connection[Any]) -> None:
    with open_pipeline() as pipeline:
        pipeline.execute(INSERT_LOCKED, {"key": LOCK})
        # If the statement had been waited for, this would never be reached.
        blocker.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

    assert stored() == [1]


def test_more_values_than_the_socket_takes_at_once() -> None:
    many = list(range(1_000_000))

    with open_pipeline() as pipeline:
        for _ in range(2):
            pipeline.execute(INSERT, {"numbers": many})

    assert fetch_one("SELECT count(*) FROM numbers", {}) == (2_000_000,)


@pytest.mark.parametrize("is_last", [False, True])
def test_an_error_is_raised_by_the_next_statement_or_at_the_end(is_last: bool, way: str) -> None:
    writes = [(INSERT_QUOTIENT, FAIL), (INSERT, {"numbers": [1]})]

    with pytest.raises(DataError, match="division by zero"):
        write_all(*reversed(writes) if is_last else writes)

    assert stored() == []


@needs_prepared
@pytest.mark.parametrize(
    ("statement", "parameters"), [(INSERT_QUOTIENT, FAIL), (INSERT, {"numbers": list(range(100_000))})]
)
def test_an_error_of_the_block_undoes_statements_and_is_raised_rather_than_theirs(
    statement: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(KeyError):
        write_all((statement, parameters), then=lambda: EMPTY["missing"])

    assert stored() == []


@needs_prepared
def test_another_statement_in_the_block_is_rejected() -> None:
    with pytest.raises(ProgrammingError, match="still running"):
        write_all((INSERT, {"numbers": [1]}), then=lambda: fetch_one("SELECT 1", {}))

    assert stored() == []


@needs_prepared
def test_a_silent_server_is_an_error(blocker: psycopg.Connection[Any]) -> None:
    raw = connection.connection
    raw.wait_timeout = 0.1

    with pytest.raises(OperationalError):
        write_all((INSERT_LOCKED, {"key": LOCK}))

    assert raw.closed
    assert fetch_one("SELECT 1", {}) == (1,)


@needs_prepared
def test_a_lost_connection_is_an_error(blocker: psycopg.Connection[Any]) -> None:
    row = fetch_one("SELECT pg_backend_pid()", {})

    with pytest.raises(OperationalError):
        write_all(
            (INSERT_LOCKED, {"key": LOCK}),
            then=lambda: blocker.execute("SELECT pg_terminate_backend(%s, 5000)", row),
        )

    connection.close()
    assert fetch_one("SELECT 1", {}) == (1,)


def test_statements_and_their_rows_are_counted(way: str) -> None:
    with open_pipeline() as pipeline:
        thread_stats.own.clear()
        for count in (3, 4):
            pipeline.execute(INSERT, {"numbers": list(range(count))})
        assert thread_stats.own.statements - (way == "not prepared") == 1

    assert thread_stats.own.rows == 7
