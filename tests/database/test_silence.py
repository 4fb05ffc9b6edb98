"""Waits for a server: ended when they have lasted too long, and never touched after their end."""

import math
import os
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
        yield made


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


def test_a_forked_process_has_a_watch_of_its_own(other: psycopg.Connection) -> None:
    Wait(other.pgconn)
    child = os.fork()
    if not child:
        is_alive_at_first = watch.thread.is_alive()
        made = Wait(other.pgconn)
        os._exit(0 if not is_alive_at_first and watch.thread.is_alive() and made in watch.waits else 1)

    assert os.waitpid(child, 0)[1] == 0
