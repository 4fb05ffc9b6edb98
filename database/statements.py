"""Runs one SQL statement. The statements themselves stand with the tables that they read and write."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg.pq import Format

Parameters = Mapping[str, Any] | Sequence[Any]
Row = tuple[Any, ...]


def fetch_all(statement: str, parameters: Parameters) -> list[Row]:
    with executed(statement, parameters) as cursor:
        return list(cursor.fetchall())


def fetch_one(statement: str, parameters: Parameters) -> Row | None:
    with executed(statement, parameters) as cursor:
        row: Row | None = cursor.fetchone()
        return row


def execute(statement: str, parameters: Parameters) -> int:
    """Returns how many rows were written."""
    with executed(statement, parameters) as cursor:
        return int(cursor.rowcount)


@contextmanager
def executed(statement: str, parameters: Parameters) -> Iterator[Any]:
    """Rows come in PostgreSQL's binary format: reading a time from its text costs ten times as much."""
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY
        cursor.execute(statement, parameters)
        yield cursor
