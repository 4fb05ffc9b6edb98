"""Finds a dataset by its name or id."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw

from items.viewsets.datasets import DatasetViewSet
from mcp_api.failures import ToolFailure, invalid_argument
from mcp_api.project_api import Answer, ProjectApi
from rest.routers import lean_view

DATASETS = lean_view(DatasetViewSet.as_view({"get": "list", "post": "create"}))


def list_datasets(api: ProjectApi, **query: Any) -> Answer:
    return api.get(DATASETS, query | {"strict": "true"})


def find_dataset_id(api: ProjectApi, text: str) -> str:
    """Raises ToolFailure."""
    return read_id(find_dataset(api, text, fields="id"))


def find_dataset(api: ProjectApi, text: str, *, fields: str) -> dict[str, Raw]:
    """Return these fields of the dataset with this name or id. Raises ToolFailure."""
    by_id = list_datasets(api, id__in=text, limit=1, fields=fields) if is_uuid(text) else None
    found = read_rows(by_id) if by_id else []
    if not found and text:
        found = read_rows(list_datasets(api, name=text, limit=2, fields=fields))
    if len(found) > 1:
        raise invalid_argument("Several datasets have this name.", "dataset", code="ambiguous_dataset")
    if not found:
        detail = "No dataset has this name or id."
        raise ToolFailure({"type": "invalid_request", "code": "not_found", "detail": detail, "attr": "dataset"}, 404)
    return found[0]


def read_rows(page: Answer) -> list[dict[str, Raw]]:
    rows: list[dict[str, Raw]] = page.read("results", list[dict[str, Raw]])
    return rows


def read_id(row: dict[str, Raw]) -> str:
    return msgspec.json.decode(row["id"], type=str)


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
