"""Rows as statements return them, with JSON as text."""

from collections.abc import Container, Iterable
from typing import Any, NamedTuple
from uuid import UUID

JSON_COLUMNS = ("input", "output", "metadata")
ID_COLUMNS = ("id", "dataset_id")
TIME_COLUMNS = ("ref_timestamp", "created_at", "updated_at")
REF_COLUMNS = ("ref_trace_id", "ref_timestamp", "ref_source_id")
# The content of an item, in the order of the API.
CONTENT_COLUMNS = (*JSON_COLUMNS, *REF_COLUMNS)
# Fields that an item may have since its creation, outside of its row.
SOURCE_COLUMNS = ("client_item_id", "source_output")
# item_validity.valid_to of a version that is still listed.
OPEN_END = 2**63 - 1
# Parameters with other names than their columns, which use PostHog's word for a project.
PARAMETER_BY_COLUMN = {"team_id": "project_id"}
# Casts of parameters that are sent as text.
CAST_BY_COLUMN = dict.fromkeys((*JSON_COLUMNS, "source_output"), "::json") | {"labels": "::text[]"}


class DatasetRef(NamedTuple):
    """The ids of a dataset, which every statement about it names."""

    project_id: int
    dataset_id: UUID

    @property
    def parameters(self) -> dict[str, Any]:
        return {"project_id": self.project_id, "dataset_id": self.dataset_id}


def placeholder(column: str) -> str:
    """Return the parameter of the column in a statement that writes it."""
    name = PARAMETER_BY_COLUMN.get(column, column)
    cast = CAST_BY_COLUMN.get(column, "")
    return f"%({name})s{cast}"


def assignments_sql(columns: Iterable[str], changed: Container[str]) -> str:
    """Keep the order of the columns, so that few statements are prepared."""
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

    @property
    def parameters(self) -> dict[str, Any]:
        """The values by column, and the project's id by its own name."""
        return self._asdict() | {"project_id": self.team_id}


def item_columns(row: str) -> str:
    """Select the columns of ItemRow from the row `row`."""
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
    labels: list[str]

    @property
    def ref(self) -> DatasetRef:
        return DatasetRef(self.team_id, self.id)

    @property
    def parameters(self) -> dict[str, Any]:
        """The values by column, and the ids as DatasetRef names them."""
        return self._asdict() | self.ref.parameters
