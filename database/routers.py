"""Routes this thread's statements to the primary, or to the replica for reads that may use it.

A read that needs a transaction has to open it on the same database: `transaction.atomic(using=current_route.alias)`.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.errors import QueryCanceled

REPLICA = "replica"
# A failed replica is not used for this time.
RETRY_SECONDS = 5.0

logger = logging.getLogger("database.routers")


class CurrentRoute(threading.local):
    alias = DEFAULT_DB_ALIAS


class ReplicaBreaker:
    """The circuit breaker of the replica in this process."""

    def __init__(self) -> None:
        self.open_until = 0.0

    def is_open(self) -> bool:
        return time.monotonic() < self.open_until


current_route = CurrentRoute()
replica_breaker = ReplicaBreaker()


@contextmanager
def prefer_replica() -> Iterator[None]:
    """Route statements to the replica; after its first failure, to the primary, which is never older."""
    current_route.alias = DEFAULT_DB_ALIAS if replica_breaker.is_open() else REPLICA
    try:
        yield
    finally:
        current_route.alias = DEFAULT_DB_ALIAS


@contextmanager
def use_primary() -> Iterator[None]:
    """Route statements to the primary even inside `prefer_replica`, for a read whose result is stored."""
    previous, current_route.alias = current_route.alias, DEFAULT_DB_ALIAS
    try:
        yield
    finally:
        current_route.alias = previous


def fall_back_to_primary(reason: Exception | str) -> bool:
    """Route this thread's statements to the primary, and open the breaker for other threads.

    Return False if the replica is not at fault: the primary was in use already, or the statement timed out.
    """
    if current_route.alias == DEFAULT_DB_ALIAS or (isinstance(reason, Exception) and is_statement_timeout(reason)):
        return False
    current_route.alias = DEFAULT_DB_ALIAS
    replica_breaker.open_until = time.monotonic() + RETRY_SECONDS
    connections[REPLICA].close()
    logger.warning("The replica cannot be used; reads go to the primary: %s", str(reason).strip())
    return True


def is_statement_timeout(error: BaseException | None) -> bool:
    """Return whether the statement's own timeout caused the error; the primary would only take as long again."""
    while error is not None and not isinstance(error, QueryCanceled):
        error = error.__cause__
    return error is not None


class ReplicaRouter:
    """Routes the ORM's statements; configured in the settings if there is a replica."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return current_route.alias

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS
