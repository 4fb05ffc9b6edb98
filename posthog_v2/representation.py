"""Represent rows of v1's tables in the terms of the later API."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import orjson

from items.history.snapshots import Revision
from items.rows import DatasetRow, ItemRow
from items.sources import ItemDetails

EMPTY_OBJECT = "{}"
Users = Mapping[int, Any]


class DatasetState(NamedTuple):
    """A dataset, and the state of its items in its head."""

    row: DatasetRow
    revision: int
    updated_at: Any  # of the dataset or of its items, whichever is later

    @property
    def is_archived(self) -> bool:
        return self.row.deleted is True


# Ids of versions and revisions are derived, not stored: the same version always has the same id.


def version_id(item_id: UUID, version: int) -> UUID:
    return uuid5(item_id, str(version))


@lru_cache(maxsize=1000)  # the items of a page share few revisions
def revision_id(dataset_id: UUID, revision: int) -> UUID:
    return uuid5(dataset_id, str(revision))


def input_text(text: str | None) -> str:
    """Show an item without an input, which only v1 allows, with an empty object."""
    return EMPTY_OBJECT if text is None else text


def metadata_text(text: str | None) -> str:
    """Wrap other metadata than objects, which only v1 allows: clients reject a page that has any."""
    if text is None:
        return EMPTY_OBJECT
    return text if text.startswith("{") else f'{{"value":{text}}}'


def fragment(text: str | None) -> orjson.Fragment | None:
    return None if text is None else orjson.Fragment(text)


def user_of(users: Users, user_id: int | None) -> Any:
    return None if user_id is None else users.get(user_id)


def show_dataset(dataset: DatasetState, users: Users, access_level: str) -> dict[str, Any]:
    row, revision = dataset.row, dataset.revision or None
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description or "",
        "metadata": orjson.Fragment(metadata_text(row.metadata)),
        "tags": row.labels,
        "archived": dataset.is_archived,
        "current_revision": revision,
        "current_revision_id": revision_id(row.id, revision) if revision else None,
        "created_at": row.created_at,
        "updated_at": dataset.updated_at,
        "created_by": user_of(users, row.created_by_id),
        "team_id": row.team_id,
        "user_access_level": access_level,
    }


def show_item(item: ItemRow, details: ItemDetails, users: Users) -> dict[str, Any]:
    return {
        "id": item.id,
        "dataset": item.dataset_id,
        "client_item_id": details.client_item_id,
        "version": item.version,
        "version_id": version_id(item.id, item.version),
        "dataset_revision": item.revision,
        "dataset_revision_id": revision_id(item.dataset_id, item.revision),
        "archived": item.deleted is True,
        "input": orjson.Fragment(input_text(item.input)),
        "expected_output": fragment(item.output),
        "source_output": fragment(details.source_output),
        "metadata": orjson.Fragment(metadata_text(item.metadata)),
        "source_trace_id": item.ref_trace_id or None,
        "source_event_id": item.ref_source_id or None,
        "source_timestamp": item.ref_timestamp,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "created_by": user_of(users, item.created_by_id),
        "version_created_at": details.version_created_at,
        "version_created_by": user_of(users, details.version_created_by_id),
        "team_id": item.team_id,
    }


def show_revision(project_id: int, dataset_id: Any, revision: Revision, users: Users) -> dict[str, Any]:
    return {
        "id": revision_id(dataset_id, revision.revision),
        "dataset_id": dataset_id,
        "revision": revision.revision,
        "created_at": revision.created_at,
        "created_by": user_of(users, revision.created_by_id),
        "team_id": project_id,
    }


def item_user_ids(items: Iterable[tuple[ItemRow, ItemDetails]]) -> set[int]:
    ids = {user_id for item, details in items for user_id in (item.created_by_id, details.version_created_by_id)}
    return {user_id for user_id in ids if user_id is not None}
