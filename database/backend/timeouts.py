"""Statement timeouts: STATEMENT_TIMEOUT_SECONDS in server processes, none in management commands."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection, transaction

from database.backend.connection import BoundedConnection
from database.query import execute
from database.sql import sql

# PostgreSQL itself cancels a statement at its timeout, and ends idle transactions. If it has not done so after this
# additional time, the connection is closed.
GRACE_SECONDS = 5
SET_TIMEOUTS = sql(
    "set_timeouts",
    """
SELECT set_config('statement_timeout', %(limit)s, false),
       set_config('idle_in_transaction_session_timeout', %(idle)s, false)
""",
)
SET_LOCAL_TIMEOUTS = sql(
    "set_local_timeouts",
    """
SELECT set_config('statement_timeout', %(limit)s, true), set_config('idle_in_transaction_session_timeout', '0', true)
""",
)


class TimeoutSettings:
    # 0 for no limit; None in management commands.
    seconds: int | None = None


timeout_settings = TimeoutSettings()


def enable_timeouts() -> None:
    """Enable statement timeouts in a server process, before its first request."""
    timeout_settings.seconds = settings.STATEMENT_TIMEOUT_SECONDS


def apply_timeouts(connection: BoundedConnection, *, keeps_session: bool) -> None:
    """Set the timeouts of a new connection."""
    if not timeout_settings.seconds:
        return
    connection.wait_timeout = max(timeout_settings.seconds, settings.SEARCH_TIMEOUT_SECONDS) + GRACE_SECONDS
    if keeps_session:
        durations = {"limit": f"{timeout_settings.seconds}s", "idle": f"{2 * timeout_settings.seconds}s"}
        psycopg.Cursor(connection).execute(SET_TIMEOUTS, durations, prepare=False)


@contextmanager
def statement_timeout(seconds: int) -> Iterator[None]:
    """Run a transaction with another statement timeout; 0 for none, for long statements such as a copy."""
    with transaction.atomic():
        if not timeout_settings.seconds:
            yield
            return
        execute(SET_LOCAL_TIMEOUTS, {"limit": f"{seconds}s"})
        raw = connection.connection
        wait_timeout, raw.wait_timeout = raw.wait_timeout, seconds + GRACE_SECONDS if seconds else math.inf
        try:
            yield
        finally:
            raw.wait_timeout = wait_timeout
