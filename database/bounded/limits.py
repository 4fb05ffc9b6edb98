"""How long may a statement take? In a process that answers requests so long; at the console as long as it likes."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection, transaction

from database.bounded.connection import BoundedConnection
from database.statements import execute

# PostgreSQL ends a statement at its limit, and a transaction that nobody goes on with. That it does so itself is
# waited for so long, before its connection is given up.
GRACE_SECONDS = 5
SET_LIMITS = """
SELECT set_config('statement_timeout', %(limit)s, false),
       set_config('idle_in_transaction_session_timeout', %(idle)s, false)
"""
CHANGE_LIMITS = """
SELECT set_config('statement_timeout', %(limit)s, true), set_config('idle_in_transaction_session_timeout', '0', true)
"""


class Limits:
    # 0 is none; None at the console.
    seconds: int | None = None


limits = Limits()


def limit_statements() -> None:
    """Called where requests are answered, before the first."""
    limits.seconds = settings.STATEMENT_TIMEOUT_SECONDS


def limit(connection: BoundedConnection, *, keeps_session: bool) -> None:
    """A new connection."""
    if not limits.seconds:
        return
    connection.patience = max(limits.seconds, settings.SEARCH_TIMEOUT_SECONDS) + GRACE_SECONDS
    if keeps_session:
        durations = {"limit": f"{limits.seconds}s", "idle": f"{2 * limits.seconds}s"}
        psycopg.Cursor(connection).execute(SET_LIMITS, durations, prepare=False)


@contextmanager
def statements_within(seconds: int) -> Iterator[None]:
    """A transaction whose statements have another limit; 0 is none, for what is known to be long, such as a copy."""
    with transaction.atomic():
        if not limits.seconds:
            yield
            return
        execute(CHANGE_LIMITS, {"limit": f"{seconds}s"})
        raw = connection.connection
        patience, raw.patience = raw.patience, seconds + GRACE_SECONDS if seconds else math.inf
        try:
            yield
        finally:
            raw.patience = patience
