"""The liveness and readiness endpoints, also with a failing database."""

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from datasets_api.observability.health import are_migrations_applied, readiness
from tests.api import Api
from tests.service.scrape import scrape, value
from tests.service_process import ServiceProcess
from tests.service_process import test_database_url as database_url

OK = (200, {"status": "ok"})
READY = (200, {"status": "ok", "writes": True})
DATABASE = "health"


def unavailable(detail: str) -> tuple[int, dict[str, str]]:
    return 503, {"status": "unavailable", "detail": detail}


@pytest.fixture
def forgotten_migrations() -> Iterator[None]:
    are_migrations_applied.cache_clear()
    readiness.clear()
    yield
    are_migrations_applied.cache_clear()
    readiness.clear()


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the server, for changing the service's database."""
    with django_db_blocker.unblock():
        url = database_url()
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {DATABASE}")
        yield administrator
        administrator.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.fixture(scope="module")
def running(server: psycopg.Connection[Any], django_db_blocker: Any) -> Iterator[ServiceProcess]:
    with django_db_blocker.unblock():
        url = re.sub(r"@/[^?]+", f"@/{DATABASE}", database_url())
        process = ServiceProcess(DATABASE_URL=url)
    yield process
    process.stop()


def alter(server: psycopg.Connection[Any], setting: str) -> None:
    """Change the database, and end the connections that still have the old settings."""
    server.execute(f"ALTER DATABASE {DATABASE} {setting}")
    server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [DATABASE])


def states(running: ServiceProcess, path: str) -> list[tuple[int, Any]]:
    """Return the states from enough requests to reach each worker and thread."""
    answers = [httpx.get(running.base + path) for _ in range(20)]
    return [(answer.status_code, answer.json()) for answer in answers]


def wait_until_settled(running: ServiceProcess, state: tuple[int, Any]) -> None:
    """Wait for the state: each thread with an ended connection fails one request, as a database error."""
    deadline = time.monotonic() + 10
    while (found := states(running, "/_readyz")) != [state] * len(found):
        assert {status for status, _ in found} <= {200, 503}
        assert time.monotonic() < deadline, "it did not settle"


@pytest.mark.parametrize(("path", "state"), [("/_livez", OK), ("/_readyz", READY)])
def test_it_works(service: ServiceProcess, live_database: None, path: str, state: tuple[int, Any]) -> None:
    answer = httpx.get(service.base + path)

    assert (answer.status_code, answer.json()) == state
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("setting", "undone", "state", "writable"),
    [
        (
            "SET default_transaction_read_only = on",
            "RESET default_transaction_read_only",
            (200, {"status": "ok", "writes": False, "detail": "The database is read-only."}),
            0,
        ),
        pytest.param(
            "ALLOW_CONNECTIONS false",
            "ALLOW_CONNECTIONS true",
            unavailable("The database is unreachable."),
            1,
            marks=pytest.mark.skipif(
                not settings.DATABASE_PREPARED_STATEMENTS,
                reason="a PgBouncer (TEST_PGBOUNCER) makes its clients wait; this runs without one",
            ),
        ),
    ],
)
def test_a_failing_database_is_reported_and_so_is_its_recovery(
    running: ServiceProcess,
    server: psycopg.Connection[Any],
    setting: str,
    undone: str,
    state: tuple[int, Any],
    writable: int,
) -> None:
    alter(server, setting)
    wait_until_settled(running, state)
    alive = states(running, "/_livez")
    during = value(scrape(running.base), "datasets_database_writable")
    alter(server, undone)
    wait_until_settled(running, READY)

    assert alive == [OK] * len(alive)
    assert during == writable
    assert value(scrape(running.base), "datasets_database_writable") == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("forgotten_migrations")
def test_missing_migrations() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'items'")
        answer = Api().get("/_readyz")
        readiness.clear()
        cursor.execute("DROP TABLE django_migrations")
        answer_of_new_database = Api().get("/_readyz")

    for each in (answer, answer_of_new_database):
        assert (each.status_code, each.json()) == unavailable("Migrations are missing: run manage.py migrate.")
