"""The service behind a PgBouncer in transaction mode: v1's contract, the rules of writes, and clean sessions.

Most tests are imported, and run here against a service whose connections are shared between transactions.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from tests.contract.test_cases import test_case  # noqa: F401
from tests.programs import find_program
from tests.scaling.pgbouncer import POOL_SIZE, pgbouncer
from tests.service_process import ServiceProcess
from tests.service_process import test_database_url as database_url

# Settings that PgBouncer itself transfers with a connection.
HANDED_OVER = {"application_name", "client_encoding", "DateStyle", "standard_conforming_strings", "TimeZone"}
LEFT_BEHIND = {
    "settings": "SELECT name FROM pg_settings WHERE source = 'session' AND NOT name = ANY(%(handed_over)s)",
    "prepared statements": "SELECT name FROM pg_prepared_statements",
    "advisory locks": "SELECT objid::text FROM pg_locks WHERE locktype = 'advisory'",
    "channels": "SELECT pg_listening_channels()",
    "temporary tables": "SELECT relname FROM pg_class WHERE relpersistence = 't'",
    "cursors": "SELECT name FROM pg_cursors WHERE is_holdable",
}


@pytest.fixture(scope="module")
def pooled_url(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), pgbouncer(find_program("pgbouncer"), database_url()) as url:
        yield url


@pytest.fixture(scope="module")
def service(pooled_url: str) -> Iterator[ServiceProcess]:
    """Replaces the fixture of other tests, with more threads than the pooler has connections."""
    running = ServiceProcess(DATABASE_URL=pooled_url, DATABASE_PREPARED_STATEMENTS="false")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def throttled_service(pooled_url: str) -> Iterator[ServiceProcess]:
    limits = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_BURST": "3/minute"}
    running = ServiceProcess(DATABASE_URL=pooled_url, DATABASE_PREPARED_STATEMENTS="false", **limits)
    yield running
    running.stop()


def test_no_connection_keeps_session_state(service: ServiceProcess, pooled_url: str) -> None:
    with ExitStack() as stack:
        # This many concurrent transactions use all of the pooler's connections.
        held = [stack.enter_context(psycopg.connect(pooled_url, prepare_threshold=None)) for _ in range(POOL_SIZE)]
        pids = {one.execute("SELECT pg_backend_pid()").fetchone() for one in held}
        assert len(pids) == POOL_SIZE
        for each in held:
            for what, statement in LEFT_BEHIND.items():
                assert each.execute(statement, {"handed_over": list(HANDED_OVER)}).fetchall() == [], what
