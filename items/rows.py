"""Rows as statements return them: JSON as text."""

from collections.abc import Container, Iterable
from typing import Any, NamedTuple
from uuid import UUID

JSON_COLUMNS = ("input", "output", "metadata")
REF_COLUMNS = ("ref_trace_id", "ref_timestamp", "ref_source_id")
# What an item holds, in the order of the wire.
CONTENT_COLUMNS = (*JSON_COLUMNS, *REF_COLUMNS)


def placeholder(column: str) -> str:
    """The column's parameter in a statement that writes it."""
    return f"%({column})s::json" if column in JSON_COLUMNS else f"%({column})s"


def assignments_sql(columns: Iterable[str], changed: Container[str]) -> str:
    """In the order of the columns, so that few statements are prepared."""
    return ", ".join(f"{column} = {placeholder(column)}" for column in columns if column in changed)


class ItemRow(NamedTuple):
    team_id: int
    id: UUID
    dataset_id: UUID
    input: str | None
    output: str | None
    metadata: str | None
    ref_trace_id: str | None
    ref_timestamp: Any
    ref_source_id: str | None
    deleted: bool | None
    created_at: Any
    updated_at: Any
    created_by_id: int | None
    version: int
    revision: int


def item_columns(row: str) -> str:
    """ItemRow's columns of what a statement calls by this name."""
    return ", ".join(f"{row}.{name}" for name in ItemRow._fields)


class DatasetRow(NamedTuple):
    team_id: int
    id: UUID
    name: str
    description: str | None
    metadata: str | None
    created_at: Any
    updated_at: Any
    deleted: bool | None
    created_by_id: int | None
    version: int
