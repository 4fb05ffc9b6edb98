"""Represent rows of v1's tables in the terms of the later API."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha1
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from orjson import Fragment

from database.query import Row
from items.history.snapshots import Revision
from items.rows import DatasetRow, ItemRow
from items.sources import ItemDetails
from posthog_v2.serializers import ItemSerializer

EMPTY_OBJECT = "{}"
# Of the rows of items that are shown.
ITEM_COLUMNS = (*ItemRow._fields, *ItemDetails._fields)
# RFC 4122: the two highest bits of this digit are 10.
VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
users_of_item = itemgetter(*map(ITEM_COLUMNS.index, ("created_by_id", "version_created_by_id")))
NULL_ITEM = dict.fromkeys(ItemSerializer().fields)
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


# A hit costs a thirtieth of a miss. Datasets are read again and again, and the items of a page may share a revision.
@lru_cache(maxsize=5000)
def derive_id(owner_id: UUID | str, number: int) -> str:
    """Return uuid5(owner_id, str(number)) as text, at half the cost."""
    name = bytes.fromhex(str(owner_id).replace("-", "")) + b"%d" % number
    digits = sha1(name, usedforsecurity=False).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{VARIANT[digits[16]]}{digits[17:20]}-{digits[20:32]}"


def input_text(text: str | None) -> str:
    """Show an item without an input, which only v1 allows, with an empty object."""
    return EMPTY_OBJECT if text is None else text


def metadata_text(text: str | None) -> str:
    """Wrap other metadata than objects, which only v1 allows: clients reject a page that has any."""
    if text is None:
        return EMPTY_OBJECT
    return text if text.startswith("{") else f'{{"value":{text}}}'


def user_of(users: Users, user_id: int | None) -> Any:
    return None if user_id is None else users.get(user_id)


def show_dataset(dataset: DatasetState, users: Users, access_level: str) -> dict[str, Any]:
    row, revision = dataset.row, dataset.revision or None
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description or "",
        "metadata": Fragment(metadata_text(row.metadata)),
        "tags": row.labels,
        "archived": dataset.is_archived,
        "current_revision": revision,
        "current_revision_id": derive_id(row.id, revision) if revision else None,
        "created_at": row.created_at,
        "updated_at": dataset.updated_at,
        "created_by": user_of(users, row.created_by_id),
        "team_id": row.team_id,
        "user_access_level": access_level,
    }


def show_item(row: Row, users: Users) -> dict[str, Any]:
    """Represent a row with the columns of ItemRow and ItemDetails."""
    (
        team_id, item_id, dataset_id, input_, output, metadata, trace_id, timestamp, event_id, deleted,
        created_at, updated_at, created_by_id, version, revision,
        client_item_id, source_output, version_created_at, version_created_by_id,
    ) = row  # fmt: skip
    # A copy keeps the members' order, and costs less than a new dict: Python builds one of so many members in parts.
    shown = NULL_ITEM.copy()
    shown["id"] = item_id
    shown["dataset"] = dataset_id
    shown["client_item_id"] = client_item_id
    shown["version"] = version
    shown["version_id"] = derive_id(item_id, version)
    shown["dataset_revision"] = revision
    shown["dataset_revision_id"] = derive_id(dataset_id, revision)
    shown["archived"] = deleted is True
    shown["input"] = Fragment(EMPTY_OBJECT if input_ is None else input_)
    if output is not None:
        shown["expected_output"] = Fragment(output)
    if source_output is not None:
        shown["source_output"] = Fragment(source_output)
    shown["metadata"] = Fragment(metadata if metadata and metadata[0] == "{" else metadata_text(metadata))
    shown["source_trace_id"] = trace_id or None
    shown["source_event_id"] = event_id or None
    shown["source_timestamp"] = timestamp
    shown["created_at"] = created_at
    shown["updated_at"] = updated_at
    shown["created_by"] = users.get(created_by_id)
    shown["version_created_at"] = version_created_at
    shown["version_created_by"] = users.get(version_created_by_id)
    shown["team_id"] = team_id
    return shown


def show_revision(project_id: int, dataset_id: Any, revision: Revision, users: Users) -> dict[str, Any]:
    return {
        "id": derive_id(dataset_id, revision.revision),
        "dataset_id": dataset_id,
        "revision": revision.revision,
        "created_at": revision.created_at,
        "created_by": user_of(users, revision.created_by_id),
        "team_id": project_id,
    }


def item_user_ids(rows: Iterable[Row]) -> set[int]:
    return set(chain.from_iterable(map(users_of_item, rows))) - {None}
