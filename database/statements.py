"""Runs one SQL statement. The statements themselves stand with the tables that they read and write.

On Django's connection, with its errors and in its transactions, but not through its cursors: making one for each
statement costs more than running it. `CaptureQueriesContext` sees these statements too; `execute_wrapper` does not.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

Parameters = Mapping[str, Any] | Sequence[Any]
Row = tuple[Any, ...]
Cursor = psycopg.Cursor[Row]


def fetch_all(statement: str, parameters: Parameters) -> list[Row]:
    return executed(statement, parameters).fetchall()


def fetch_one(statement: str, parameters: Parameters) -> Row | None:
    return executed(statement, parameters).fetchone()


def execute(statement: str, parameters: Parameters) -> int:
    """Returns how many rows were written."""
    return executed(statement, parameters).rowcount


def executed(statement: str, parameters: Parameters) -> Cursor:
    """The thread's cursor, good until its next statement."""
    connection.ensure_connection()
    cursor = cursors.of(connection.connection)
    with connection.wrap_database_errors:
        if not connection.queries_logged:
            return cursor.execute(statement, parameters)
        start = time.monotonic()
        try:
            return cursor.execute(statement, parameters)
        finally:
            connection.queries_log.append({"sql": statement, "time": f"{time.monotonic() - start:.3f}"})


class ThreadCursors(threading.local):
    """Each thread has one connection, and here one cursor on it."""

    cursor: Cursor | None = None

    def of(self, raw: psycopg.Connection[Any]) -> Cursor:
        if self.cursor is None or self.cursor.connection is not raw:
            # Rows come in PostgreSQL's binary format: to read a time from its text costs ten times as much.
            self.cursor = psycopg.Cursor(raw)
            self.cursor.format = psycopg.pq.Format.BINARY
        return self.cursor


cursors = ThreadCursors()
