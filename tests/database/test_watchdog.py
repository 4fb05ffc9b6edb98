"""Waits for a server are ended after their timeout, and never touched once they are over."""

import gc
import math
import os
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from database.watchdog import PendingStatement, watchdog

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as made:
        pid = made.info.backend_pid
        yield made
    # A server that loses its client during a statement would finish it first.
    with psycopg.connect(**connection.get_connection_params()) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_wait_beyond_its_timeout_loses_the_connection(other: psycopg.Connection) -> None:
    statement = PendingStatement(other.pgconn)
    statement.begin(60)

    statement.check(time.monotonic())
    assert other.execute("SELECT 1").fetchone() == (1,)
    statement.check(time.monotonic() + 61)

    assert statement.timed_out
    with pytest.raises(psycopg.OperationalError):
        other.execute("SELECT 1")


@pytest.mark.parametrize("seconds", [0, 60])
def test_a_wait_that_has_ended_is_left_alone(other: psycopg.Connection, seconds: float) -> None:
    statement = PendingStatement(other.pgconn)
    statement.begin(seconds)
    statement.end()

    statement.check(math.inf)

    assert not statement.timed_out
    assert other.execute("SELECT 1").fetchone() == (1,)


def test_a_wait_without_a_limit_is_left_alone(other: psycopg.Connection) -> None:
    statement = PendingStatement(other.pgconn)
    statement.begin(math.inf)

    statement.check(time.monotonic() + 10**9)

    assert not statement.timed_out


def test_a_connection_closed_during_the_check_is_no_error() -> None:
    with psycopg.connect(**connection.get_connection_params()) as made:
        statement = PendingStatement(made.pgconn)
    statement.begin(0)

    statement.check(math.inf)

    assert statement.timed_out


def test_a_closed_connection_is_freed() -> None:
    with psycopg.connect(**connection.get_connection_params()) as made:
        number = id(statement := PendingStatement(made.pgconn))
    watchdog.check()
    assert number in map(id, watchdog.statements)

    del statement
    gc.collect()

    assert number not in map(id, watchdog.statements)


def test_the_watchdog_survives_a_failed_check(other: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = threading.Event()

    def fail(_: PendingStatement, now: float) -> None:
        failed.set()
        raise RuntimeError

    statement = PendingStatement(other.pgconn)
    monkeypatch.setattr(PendingStatement, "check", fail)
    assert failed.wait(30)
    monkeypatch.undo()
    statement.begin(0)

    with pytest.raises(psycopg.OperationalError):
        other.execute("SELECT pg_sleep(60)")
    assert statement.timed_out


def test_a_forked_process_has_its_own_watchdog(other: psycopg.Connection) -> None:
    of_parent = PendingStatement(other.pgconn)
    child = os.fork()
    if not child:
        is_right = False
        try:
            is_right = of_parent not in watchdog.statements and not watchdog.thread.is_alive()
            made = PendingStatement(other.pgconn)
            is_right = is_right and made in watchdog.statements and watchdog.thread.is_alive()
        finally:
            os._exit(0 if is_right else 1)

    assert os.waitpid(child, 0)[1] == 0
    assert of_parent in watchdog.statements
