"""PostgreSQL shows the names of statements, and they work with everything that runs statements."""

import shutil
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from database.backend.connection import BoundedConnection
from database.query import fetch_all, fetch_one, stream
from database.sql import sql, sql_shape
from datasets_api.postgres.binaries import bin_dir
from datasets_api.postgres.embedded import EmbeddedPostgres
from tests.plans import needs_prepared
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

NAMED = sql("echo_of_test", "SELECT %(value)s::text")
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT /* echo_of_test */ %%'"


@needs_prepared
def test_a_named_statement_is_prepared_once() -> None:
    connection.close()

    for value in ("a", "b", "c"):
        assert fetch_one(NAMED, {"value": value}) == (value,)

    assert fetch_all(PREPARED, {}) == [(1,)]


def test_a_named_statement_is_streamed() -> None:
    statement = sql_shape("stream_of_test", "SELECT n FROM generate_series(1, 2) n")

    assert list(stream(statement, {})) == [(1,), (2,)]


def test_the_activity_of_the_server_shows_the_name() -> None:
    sleep = sql_shape("sleep_of_test", "SELECT pg_sleep(%(seconds)s)")
    started = threading.Thread(target=run_in_thread, args=(sleep, {"seconds": 1.0}))
    started.start()
    try:
        activity = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT /* sleep_of_test */%%'"
        wait_for(lambda: fetch_one(activity, {}) == (1,), 10)
    finally:
        started.join()


def run_in_thread(statement: str, parameters: dict[str, Any]) -> None:
    """Run a statement in another thread, on its own connection."""
    try:
        fetch_one(statement, parameters)
    finally:
        connection.close()


def test_the_watchdog_ends_a_named_statement() -> None:
    """A statement that runs longer than the timeout stands in for a silent server."""
    connection.ensure_connection()
    raw: BoundedConnection = connection.connection
    raw.wait_timeout = 0.2
    start = time.monotonic()

    with pytest.raises(OperationalError):
        fetch_one(sql_shape("slow_test_statement", "SELECT pg_sleep(%(seconds)s)"), {"seconds": 4.0})

    assert time.monotonic() - start < 3.9
    connection.close()


@pytest.mark.skipif(
    not any(Path(bin_dir()).parent.rglob("pg_stat_statements.control")),
    reason="this PostgreSQL comes without pg_stat_statements",
)
def test_pg_stat_statements_shows_the_name(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path / "data", settings={"shared_preload_libraries": "pg_stat_statements"})
    with postgres.serve(), psycopg.connect(postgres.url, autocommit=True) as raw:
        raw.execute("CREATE EXTENSION pg_stat_statements")
        for value in ("a", "b"):
            raw.execute(NAMED, {"value": value})
        found = raw.execute("SELECT query, calls FROM pg_stat_statements WHERE query LIKE '%echo_of_test%'").fetchall()

    assert [(query[:27], calls) for query, calls in found] == [("SELECT /* echo_of_test */ $", 2)]
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
