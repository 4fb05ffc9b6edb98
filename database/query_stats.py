"""Counts each thread's statements, their rows and their time, for our statements and the ORM's, and logs slow ones."""

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger("database.slow")

# 0 means never.
SLOW_SECONDS = settings.SLOW_QUERY_SECONDS or math.inf
# The number of characters of a statement's text.
MAX_LOGGED = 2000


class QueryStats:
    """The statistics of one thread since they were last cleared."""

    __slots__ = ("rows", "seconds", "statements")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.statements, self.seconds, self.rows = 0, 0.0, 0

    def add(self, statement: object, seconds: float, rows: int) -> None:
        self.statements += 1
        self.seconds += seconds
        if rows > 0:
            self.rows += rows
        if seconds >= SLOW_SECONDS:
            report_slow(statement, seconds)


class ThreadStats(threading.local):
    def __init__(self) -> None:
        self.own = QueryStats()


thread_stats = ThreadStats()
tracked: WeakSet[BaseDatabaseWrapper] = WeakSet()
tracked_lock = threading.Lock()


def report_slow(statement: object, seconds: float) -> None:
    """Log a statement's text, which has placeholders for values. psycopg's composed statements may contain values."""
    text = " ".join(statement.split())[:MAX_LOGGED] if isinstance(statement, str) else "a composed statement"
    logger.warning("Slow statement", extra={"duration": round(seconds, 6), "statement": text})


def track_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Count the ORM's statements on this connection; a receiver of Django's signal `connection_created`."""
    if count_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(count_statement)
    with tracked_lock:
        tracked.add(connection)


def count_statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    start = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        thread_stats.own.add(sql, time.perf_counter() - start, context["cursor"].rowcount)


def open_connections() -> int:
    """Return the number of open connections of all threads of this process."""
    with tracked_lock:
        return sum(each.connection is not None for each in tracked)
