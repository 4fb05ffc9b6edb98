"""Waits for a server: ended when they have lasted too long, and never touched after their end."""

import gc
import math
import os
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from database.silence import Wait, watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as made:
        pid = made.info.backend_pid
        yield made
    # A server that is cut off from its client in the midst of a statement would finish that first.
    with psycopg.connect(**connection.get_connection_params()) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_wait_beyond_its_end_loses_the_connection(other: psycopg.Connection) -> None:
    wait = Wait(other.pgconn)
    wait.begin(60)

    wait.look(time.monotonic())
    assert other.execute("SELECT 1").fetchone() == (1,)
    wait.look(time.monotonic() + 61)

    assert wait.was_in_vain
    with pytest.raises(psycopg.OperationalError):
        other.execute("SELECT 1")


@pytest.mark.parametrize("seconds", [0, 60])
def test_a_wait_that_has_ended_is_left_alone(other: psycopg.Connection, seconds: float) -> None:
    wait = Wait(other.pgconn)
    wait.begin(seconds)
    wait.end()

    wait.look(math.inf)

    assert not wait.was_in_vain
    assert other.execute("SELECT 1").fetchone() == (1,)


def test_a_wait_without_a_limit_is_left_alone(other: psycopg.Connection) -> None:
    wait = Wait(other.pgconn)
    wait.begin(math.inf)

    wait.look(time.monotonic() + 10**9)

    assert not wait.was_in_vain


def test_a_connection_that_is_closed_meanwhile_is_no_failure() -> None:
    with psycopg.connect(**connection.get_connection_params()) as made:
        wait = Wait(made.pgconn)
    wait.begin(0)

    wait.look(math.inf)

    assert wait.was_in_vain


def test_a_connection_that_is_gone_is_forgotten() -> None:
    with psycopg.connect(**connection.get_connection_params()) as made:
        number = id(wait := Wait(made.pgconn))
    watch.look()
    assert number in map(id, watch.waits)

    del wait
    gc.collect()

    assert number not in map(id, watch.waits)


def test_the_watch_survives_a_look_that_fails(other: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = threading.Event()

    def fail(_: Wait, now: float) -> None:
        failed.set()
        raise RuntimeError

    wait = Wait(other.pgconn)
    monkeypatch.setattr(Wait, "look", fail)
    assert failed.wait(30)
    monkeypatch.undo()
    wait.begin(0)

    with pytest.raises(psycopg.OperationalError):
        other.execute("SELECT pg_sleep(60)")
    assert wait.was_in_vain


def test_a_forked_process_has_a_watch_of_its_own(other: psycopg.Connection) -> None:
    of_parent = Wait(other.pgconn)
    child = os.fork()
    if not child:
        is_right = False
        try:
            is_right = of_parent not in watch.waits and not watch.thread.is_alive()
            made = Wait(other.pgconn)
            is_right = is_right and made in watch.waits and watch.thread.is_alive()
        finally:
            os._exit(0 if is_right else 1)

    assert os.waitpid(child, 0)[1] == 0
    assert of_parent in watch.waits
