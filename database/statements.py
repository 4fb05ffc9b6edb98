"""Runs one SQL statement, or one COPY. The statements themselves stand with the tables that they read and write.

On Django's connection, with its errors and in its transactions, but not through its cursors: making one for each
statement costs more than running it. `CaptureQueriesContext` sees these statements too; `execute_wrapper` does not.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from database.route import leave_replica, route
from database.usage import usage

Parameters = Mapping[str, Any] | Sequence[Any]
Row = tuple[Any, ...]
Cursor = psycopg.Cursor[Row]


def fetch_all(statement: str, parameters: Parameters) -> list[Row]:
    return executed(statement, parameters).fetchall()


def fetch_one(statement: str, parameters: Parameters) -> Row | None:
    return executed(statement, parameters).fetchone()


def stream(statement: str, parameters: Parameters) -> Iterator[Row]:
    """The rows one by one, of which no more than one is held. Nothing else may be run before the last.

    It counts as running until then, with what is done between its rows: so long it holds its snapshot.
    """
    alias, start, count = route.alias, time.perf_counter(), 0
    cursor = cursor_on(alias)
    with connections[alias].wrap_database_errors:
        try:
            for row in cursor.stream(statement, parameters):
                count += 1
                yield row
        finally:
            record(connections[alias], statement, start, count)


def execute(statement: str, parameters: Parameters) -> int:
    """Returns how many rows were written."""
    return executed(statement, parameters).rowcount


def executed(statement: str, parameters: Parameters) -> Cursor:
    """The thread's cursor, good until its next statement. What fails on the replica is run on the primary."""
    try:
        return executed_on(route.alias, statement, parameters)
    except (OperationalError, InterfaceError) as error:
        # A transaction is begun anew as a whole, by whoever began it.
        if connections[route.alias].in_atomic_block or not leave_replica(error):
            raise
        return executed_on(route.alias, statement, parameters)


def executed_on(alias: str, statement: str, parameters: Parameters) -> Cursor:
    connection = connections[alias]
    cursor = cursor_on(alias)
    with connection.wrap_database_errors:
        start = time.perf_counter()
        try:
            return cursor.execute(statement, parameters)
        finally:
            record(connection, statement, start, cursor.rowcount)


def copy_rows(statement: str, types: Sequence[str], rows: Iterable[Row]) -> None:
    """Streams rows into a COPY … FROM STDIN (FORMAT BINARY), each column sent as the PostgreSQL type named for it.

    If `rows` raises, so does this, and the transaction can only be rolled back. The connection is busy meanwhile: what
    makes the rows must not use it.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    cursor = cursor_on(DEFAULT_DB_ALIAS)
    start = time.perf_counter()
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
    record(connection, statement, start, cursor.rowcount)


def cursor_on(alias: str) -> Cursor:
    connection = connections[alias]
    connection.ensure_connection()
    return cursors.of(alias, connection.connection)


def record(connection: BaseDatabaseWrapper, statement: str, start: float, rows: int) -> None:
    seconds = time.perf_counter() - start
    usage.add(statement, seconds, rows)
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": f"{seconds:.3f}"})


class ThreadCursors(threading.local):
    """Each thread has one connection to a database, and here one cursor on it."""

    def __init__(self) -> None:
        self.cursors: dict[str, Cursor] = {}

    def of(self, alias: str, raw: psycopg.Connection[Any]) -> Cursor:
        cursor = self.cursors.get(alias)
        if cursor is None or cursor.connection is not raw:
            # Rows come in PostgreSQL's binary format: to read a time from its text costs ten times as much.
            cursor = self.cursors[alias] = psycopg.Cursor(raw)
            cursor.format = psycopg.pq.Format.BINARY
        return cursor


cursors = ThreadCursors()
