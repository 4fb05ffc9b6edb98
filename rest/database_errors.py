"""Which failures of the database are nobody's fault but its own, and what a client is told of them.

They are known by PostgreSQL's codes: https://www.postgresql.org/docs/current/errcodes-appendix.html. Whatever is not
listed is a fault of ours, a 500.
"""

from typing import NamedTuple

import psycopg
from django.db import Error, InterfaceError, OperationalError


class Failure(NamedTuple):
    code: str
    detail: str
    wait: int  # seconds after which it makes sense to try again


UNAVAILABLE = Failure("service_unavailable", "The service is temporarily unavailable. Please try again.", 1)
CONTENTION = Failure("contention", "Another write was in the way, and nothing was written. Please try again.", 1)
OVERLOADED = Failure("database_overloaded", "The database has too much to do. Please try again later.", 2)
TOO_SLOW = Failure(
    "statement_timeout",
    "The database took too long, and nothing was written. Please ask for less at once, or try again later.",
    5,
)
STORAGE_FULL = Failure("storage_full", "The database has no room left, and nothing was written.", 10)
READ_ONLY = Failure("read_only", "The database takes no writes at present, and nothing was written.", 5)

# The longest beginning of a code decides.
FAILURES = {
    "08": UNAVAILABLE,  # the connection
    "25006": READ_ONLY,
    "25P03": UNAVAILABLE,  # idle in a transaction: this process was halted in its middle
    "40": CONTENTION,  # deadlock, serialization
    "40003": UNAVAILABLE,  # nobody knows whether it was written
    "53": OVERLOADED,  # memory, connections
    "53100": STORAGE_FULL,
    "55P03": CONTENTION,  # a lock
    "57": UNAVAILABLE,  # shutdown, crash of another backend, recovery
    "57014": TOO_SLOW,
    "58": UNAVAILABLE,  # input and output
    # Tables or the connection changed behind a prepared statement; the connection is given up, and the next will do.
    "26000": UNAVAILABLE,
    "0A000 cached plan": UNAVAILABLE,
}


def classify(error: BaseException) -> Failure | None:
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
