"""Rows as statements return them: JSON as text."""

from typing import Any, NamedTuple
from uuid import UUID

JSON_COLUMNS = ("input", "output", "metadata")
REF_COLUMNS = ("ref_trace_id", "ref_timestamp", "ref_source_id")
# What an item holds, in the order of the wire.
CONTENT_COLUMNS = (*JSON_COLUMNS, *REF_COLUMNS)


def placeholder(column: str) -> str:
    """The column's parameter in a statement that writes it."""
    return f"%({column})s::json" if column in JSON_COLUMNS else f"%({column})s"


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
