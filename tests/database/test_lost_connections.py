"""Connections that were lost while idle are detected before a request uses them."""

import select
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from database.query import fetch_one
from database.thread_connections import close_unusable_connections

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def raw() -> Iterator[Any]:
    connection.ensure_connection()
    yield connection.connection
    connection.close()


def end_from_elsewhere() -> None:
    row = fetch_one("SELECT pg_backend_pid()", {})
    assert row
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", row)


def test_an_idle_connection_is_kept(raw: Any) -> None:
    for _ in range(3):
        close_unusable_connections()

    assert connection.connection is raw
    assert fetch_one("SELECT 1", {}) == (1,)


def test_a_connection_whose_server_is_gone_is_closed(raw: Any) -> None:
    end_from_elsewhere()

    close_unusable_connections()

    assert connection.connection is None
    assert fetch_one("SELECT 1", {}) == (1,)


def test_a_connection_that_was_closed_outside_django_is_closed(raw: Any) -> None:
    raw.close()

    close_unusable_connections()

    assert connection.connection is None


def test_a_connection_that_failed_is_closed(raw: Any) -> None:
    end_from_elsewhere()
    with pytest.raises(OperationalError):
        fetch_one("SELECT 1", {})

    close_unusable_connections()

    assert connection.connection is None


def test_a_notice_does_not_close_the_connection(raw: Any) -> None:
    """A server may send a notification or a changed setting at any time."""
    connection.cursor().execute("LISTEN farewells")
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("NOTIFY farewells")
    assert select.select([raw.pgconn.socket], [], [], 30)[0]

    close_unusable_connections()

    assert connection.connection is raw
    assert fetch_one("SELECT 1", {}) == (1,)
