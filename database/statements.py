"""Runs one SQL statement. The statements themselves stand with the tables that they read and write."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

Parameters = Mapping[str, Any] | Sequence[Any]
Row = tuple[Any, ...]


def fetch_all(statement: str, parameters: Parameters) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def fetch_one(statement: str, parameters: Parameters) -> Row | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: Row | None = cursor.fetchone()
        return row


def execute(statement: str, parameters: Parameters) -> int:
    """Returns how many rows were written."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
