"""Whether the process lives and whether it can serve, as a load balancer asks."""

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
    readiness.forget()
    yield
    are_migrations_applied.cache_clear()
    readiness.forget()


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection beside the service, which has a database that can be taken from it."""
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
    """Changes the database, and ends the connections that know it as it was."""
    server.execute(f"ALTER DATABASE {DATABASE} {setting}")
    server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [DATABASE])


def states(running: ServiceProcess, path: str) -> list[tuple[int, Any]]:
    """Of enough requests that each worker and each thread has had its turn."""
    answers = [httpx.get(running.base + path) for _ in range(20)]
    return [(answer.status_code, answer.json()) for answer in answers]


def wait_until_settled(running: ServiceProcess, state: tuple[int, Any]) -> None:
    """A connection that was ended costs each thread one request, and is told apart from an error of ours."""
    deadline = time.monotonic() + 10
    while (found := states(running, "/_readyz")) != [state] * len(found):
        assert {status for status, _ in found} <= {200, 503}
        assert time.monotonic() < deadline, "it did not settle"


@pytest.mark.parametrize(("path", "state"), [("/_livez", OK), ("/_readyz", READY)])
def test_all_is_well(service: ServiceProcess, live_database: None, path: str, state: tuple[int, Any]) -> None:
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
            unavailable("The database cannot be reached."),
            1,
            marks=pytest.mark.skipif(
                not settings.DATABASE_PREPARED_STATEMENTS,
                reason="a PgBouncer (TEST_PGBOUNCER) lets its clients wait; without it, as in CI, this runs",
            ),
        ),
    ],
)
def test_a_database_that_fails_and_comes_back(
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
        readiness.forget()
        cursor.execute("DROP TABLE django_migrations")
        answer_of_new_database = Api().get("/_readyz")

    for each in (answer, answer_of_new_database):
        assert (each.status_code, each.json()) == unavailable("Migrations are missing: run manage.py migrate.")
