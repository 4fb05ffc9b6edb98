"""Runs one SQL statement on Django's connection, with its errors and in its transactions.

Django's cursors are not used: creating one costs more than running a small statement. `CaptureQueriesContext` sees
these statements, but `execute_wrapper` does not.
"""

import time
from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from database.prepared import Parameters, Result, Row
from database.query_stats import thread_stats
from database.routers import current_route, fall_back_to_primary
from database.thread_connections import thread_connections

__all__ = [
    "Parameters",
    "Result",
    "Row",
    "execute",
    "fetch_all",
    "fetch_one",
    "run",
    "run_on",
    "sqlstate",
    "stream",
]  # fmt: skip


def fetch_all(statement: str, parameters: Parameters) -> list[Row]:
    return run(statement, parameters).rows


def fetch_one(statement: str, parameters: Parameters) -> Row | None:
    rows = run(statement, parameters).rows
    return rows[0] if rows else None


def stream(statement: str, parameters: Parameters) -> Iterator[Row]:
    """Yield rows one by one, holding one at a time. The connection cannot run other statements until the last row.

    Its recorded duration includes the time between rows, during which it holds its database snapshot.
    """
    connection, start, count = get_connection(current_route.alias), time.perf_counter(), 0
    with connection.wrap_database_errors:
        try:
            for row in connection.connection.binary_cursor.stream(statement, parameters):
                count += 1
                yield row
        finally:
            record(connection, statement, start, count)


def execute(statement: str, parameters: Parameters) -> int:
    """Run a statement, and return the number of rows that it wrote."""
    return run(statement, parameters).count


def run(statement: str, parameters: Parameters) -> Result:
    """Run a statement on the current route; if the replica fails, run it on the primary."""
    try:
        return run_on(current_route.alias, statement, parameters)
    except (OperationalError, InterfaceError) as error:
        # A failed transaction has to be repeated as a whole, by its owner.
        if connections[current_route.alias].in_atomic_block or not fall_back_to_primary(error):
            raise
        return run_on(current_route.alias, statement, parameters)


def run_on(alias: str, statement: str, parameters: Parameters) -> Result:
    connection = get_connection(alias)
    start, count = time.perf_counter(), 0
    try:
        result: Result = connection.connection.run(statement, parameters)
        count = result.count
        return result
    except psycopg.Error:
        with connection.wrap_database_errors:
            raise
    finally:
        record(connection, statement, start, count)


def sqlstate(error: Exception) -> str | None:
    """Return the SQLSTATE of a Django error, or None if it does not come from the server."""
    return getattr(error.__cause__, "sqlstate", None)


def get_connection(alias: str) -> BaseDatabaseWrapper:
    """Return the thread's connection to that database, connected."""
    connection = thread_connections.by_alias[alias]
    if connection.connection is None:
        connection.ensure_connection()
    return connection


def record(connection: BaseDatabaseWrapper, statement: str, start: float, rows: int) -> None:
    seconds = time.perf_counter() - start
    thread_stats.own.add(statement, seconds, rows)
    if connection.force_debug_cursor:
        connection.queries_log.append({"sql": statement, "time": f"{seconds:.3f}"})
