"""Which database does this thread's next statement go to? The primary, unless a read was sent to the replica.

A read that needs a transaction opens it there too: `transaction.atomic(using=current_route.alias)`.
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
# A replica that has failed is left alone for so long.
RETRY_SECONDS = 5.0

logger = logging.getLogger("database.routers")


class CurrentRoute(threading.local):
    alias = DEFAULT_DB_ALIAS


class ReplicaBreaker:
    """Of the replica, as this process knows it."""

    def __init__(self) -> None:
        self.open_until = 0.0

    def is_open(self) -> bool:
        return time.monotonic() < self.open_until


current_route = CurrentRoute()
replica_breaker = ReplicaBreaker()


@contextmanager
def prefer_replica() -> Iterator[None]:
    """Statements go to the replica; after its first failure to the primary, which is never older."""
    current_route.alias = DEFAULT_DB_ALIAS if replica_breaker.is_open() else REPLICA
    try:
        yield
    finally:
        current_route.alias = DEFAULT_DB_ALIAS


@contextmanager
def use_primary() -> Iterator[None]:
    """Statements go to the primary, also where a read was sent to the replica: for a read that keeps what it finds."""
    previous, current_route.alias = current_route.alias, DEFAULT_DB_ALIAS
    try:
        yield
    finally:
        current_route.alias = previous


def fall_back_to_primary(reason: Exception | str) -> bool:
    """Sends this thread's statements to the primary, and soon those of the others.

    False if it is not the replica's fault: they went to the primary already, or took longer than they may.
    """
    if current_route.alias == DEFAULT_DB_ALIAS or (isinstance(reason, Exception) and is_statement_timeout(reason)):
        return False
    current_route.alias = DEFAULT_DB_ALIAS
    replica_breaker.open_until = time.monotonic() + RETRY_SECONDS
    connections[REPLICA].close()
    logger.warning("The replica cannot be used; reads go to the primary: %s", str(reason).strip())
    return True


def is_statement_timeout(error: BaseException | None) -> bool:
    """Whether the statement's own time limit is at the bottom of it; the primary would only spend as much again."""
    while error is not None and not isinstance(error, QueryCanceled):
        error = error.__cause__
    return error is not None


class ReplicaRouter:
    """For Django's own statements; a setting names it where there is a replica."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return current_route.alias

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS
