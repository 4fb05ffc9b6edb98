"""Database failures that clients see as a 503, by SQLSTATE; any other database error is a bug of ours, a 500.

The codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from typing import NamedTuple

import psycopg
from django.db import Error, InterfaceError, OperationalError


class Failure(NamedTuple):
    code: str
    detail: str
    wait: int  # seconds to wait before trying again


UNAVAILABLE = Failure("service_unavailable", "The service is temporarily unavailable. Please try again.", 1)
CONTENTION = Failure(
    "contention", "The request conflicted with another write; nothing was written. Please try again.", 1
)
OVERLOADED = Failure("database_overloaded", "The database is overloaded. Please try again later.", 2)
TOO_SLOW = Failure(
    "statement_timeout",
    "The database took too long; nothing was written. Please request less at once, or try again later.",
    5,
)
STORAGE_FULL = Failure("storage_full", "The database is out of disk space; nothing was written.", 10)
READ_ONLY = Failure("read_only", "The database is read-only at present; nothing was written.", 5)

# The longest matching prefix decides.
FAILURES = {
    "08": UNAVAILABLE,  # connection failure
    "25006": READ_ONLY,
    "25P03": UNAVAILABLE,  # idle in a transaction: this process was paused in the middle of one
    "40": CONTENTION,  # deadlock, serialization failure
    "40003": UNAVAILABLE,  # unknown whether the transaction was committed
    "53": OVERLOADED,  # out of memory or connections
    "53100": STORAGE_FULL,
    "55P03": CONTENTION,  # lock timeout
    "57": UNAVAILABLE,  # shutdown, crash of another backend, recovery
    "57014": TOO_SLOW,
    "58": UNAVAILABLE,  # I/O error
    # Tables or the connection changed behind a prepared statement. The connection is closed; a retry gets a new one.
    "26000": UNAVAILABLE,
    "0A000 cached plan": UNAVAILABLE,
    # Citus, while a worker is away or a shard moves; PostgreSQL's own internal errors remain bugs.
    "0A000 complex joins are only supported when all distributed tables are co-located": UNAVAILABLE,
    "XX000 failure on connection marked as essential": UNAVAILABLE,
    "XX000 could not commit transaction for shard": UNAVAILABLE,
    "XX000 could not find valid entry for shard": UNAVAILABLE,
    "XX000 execution cannot recover from multiple connection failures": UNAVAILABLE,
    "XX000 relation with OID": UNAVAILABLE,
}


def classify(error: BaseException) -> Failure | None:
    """Return the failure that the database reports, or None for any other error."""
    if not isinstance(error, Error | psycopg.Error):
        return None
    raw = error if isinstance(error, psycopg.Error) else error.__cause__
    state = getattr(raw, "sqlstate", None)
    if state is None:
        is_lost = isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError)
        return UNAVAILABLE if is_lost or isinstance(error, psycopg.InterfaceError) else None
    text = f"{state} {raw}"
    matches = (FAILURES[start] for start in sorted(FAILURES, key=len, reverse=True) if text.startswith(start))
    return next(matches, UNAVAILABLE if isinstance(error, OperationalError | psycopg.OperationalError) else None)
