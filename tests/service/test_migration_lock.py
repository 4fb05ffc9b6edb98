"""Only one process at a time holds the migration lock; the others wait, for any time."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from database.advisory_lock import LOCK_ID, migration_lock
from tests.service_process import test_database_url as database_url
from tests.waiting import wait_for

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
TAKE = "SELECT pg_try_advisory_xact_lock(%s)"
LIMIT = 0.05

pytestmark = pytest.mark.django_db


def migrate() -> None:
    call_command("migrate", verbosity=0)
    connections.close_all()  # of this thread


def test_a_migration_waits_for_the_lock() -> None:
    with (
        ThreadPoolExecutor(1) as pool,
        psycopg.connect(database_url(), autocommit=True) as watcher,
        psycopg.connect(database_url()) as other,
    ):
        assert other.execute(TAKE, [LOCK_ID]).fetchone() == (True,)
        migrating = pool.submit(migrate)
        wait_for(lambda: watcher.execute(WAITING).fetchone() == (1,))
        is_waiting = not migrating.done()
        other.rollback()
        migrating.result()

    assert is_waiting


@pytest.mark.skipif(
    not settings.DATABASE_PREPARED_STATEMENTS,
    reason="a PgBouncer (TEST_PGBOUNCER) accepts no connection options; this runs without one",
)
def test_the_lock_outlasts_the_server_limit_for_idle_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    options: dict[str, Any] = connection.settings_dict["OPTIONS"]
    monkeypatch.setitem(options, "options", f"-c idle_in_transaction_session_timeout={LIMIT * 1000:.0f}")

    with psycopg.connect(database_url(), autocommit=True) as other:
        with migration_lock():
            other.execute("SELECT pg_sleep(%s)", [4 * LIMIT])
            during = other.execute(TAKE, [LOCK_ID]).fetchone()
        # The server notices the end of the holder's connection with a delay.
        wait_for(lambda: other.execute(TAKE, [LOCK_ID]).fetchone() == (True,))

    assert during == (False,)
