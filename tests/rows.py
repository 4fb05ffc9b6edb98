"""Creates datasets and items with the same functions as the API."""

from typing import Any
from uuid import UUID

from auth.models import Project
from items.models import DatasetHead, DatasetItem, ItemVersion
from items.rows import DatasetRow, ItemRow
from items.writes.datasets import create_dataset
from items.writes.items import create_item

AUTHOR = 1  # created_by_id has no foreign key


def dataset(project: Project, *, author: int = AUTHOR, **values: Any) -> DatasetRow:
    return create_dataset(project_id=project.id, user_id=author, values={"name": "Golden set"} | values)


def item(of: DatasetRow, *, author: int = AUTHOR, **values: Any) -> ItemRow:
    return create_item(project_id=of.team_id, user_id=author, values={"dataset_id": of.id} | values)


def head(of: DatasetRow) -> DatasetHead:
    return DatasetHead.objects.get(team_id=of.team_id, dataset_id=of.id)


def stored(of: DatasetRow, item_id: UUID | str) -> DatasetItem:
    found: DatasetItem = DatasetItem.objects.get(team_id=of.team_id, id=item_id)
    return found


def versions_of(of: DatasetRow, item_id: UUID | str) -> list[DatasetItem | ItemVersion]:
    """Return the superseded versions, then the current one."""
    superseded = ItemVersion.objects.filter(team_id=of.team_id, id=item_id).order_by("version")
    return [*superseded, stored(of, item_id)]
