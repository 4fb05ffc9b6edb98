"""What each thread has asked of the database: counted in all statements, ours and the ORM's."""

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

# 0 stands for never.
SLOW_SECONDS = settings.SLOW_QUERY_SECONDS or math.inf
# Of a statement's text.
MAX_LOGGED = 2000


class QueryStats(threading.local):
    """Of this thread, since it was last set to nothing."""

    statements = 0
    seconds = 0.0
    rows = 0

    def clear(self) -> None:
        self.statements, self.seconds, self.rows = 0, 0.0, 0

    def add(self, statement: object, seconds: float, rows: int) -> None:
        self.statements += 1
        self.seconds += seconds
        if rows > 0:
            self.rows += rows
        if seconds >= SLOW_SECONDS:
            report_slow(statement, seconds)


query_stats = QueryStats()
tracked: WeakSet[BaseDatabaseWrapper] = WeakSet()
tracked_lock = threading.Lock()


def report_slow(statement: object, seconds: float) -> None:
    """The text has placeholders: values are not logged. Psycopg's composed statements may have them in their midst."""
    text = " ".join(statement.split())[:MAX_LOGGED] if isinstance(statement, str) else "a composed statement"
    logger.warning("Slow statement", extra={"duration": round(seconds, 6), "statement": text})


def track_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """For Django's signal `connection_created`: the ORM's statements of this thread are counted too."""
    if count_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(count_statement)
    with tracked_lock:
        tracked.add(connection)


def count_statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    start = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        query_stats.add(sql, time.perf_counter() - start, context["cursor"].rowcount)


def open_connections() -> int:
    """Of all threads of this process."""
    with tracked_lock:
        return sum(each.connection is not None for each in tracked)
