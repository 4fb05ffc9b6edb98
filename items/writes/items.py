"""Writes of items: the only way to change their tables. Each is one function and one transaction.

A single statement bumps the dataset's head, then writes the item, its history and its change. The head comes first: its
row lock serializes the writers of a dataset, so revisions have no gaps, appear in the order of their commits, and
counts are exact.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from uuid_utils.compat import uuid7

from database.query import Row, fetch_one, sqlstate
from items.erasure.lookup import check_not_erased
from items.models import ChangeLogEntry
from items.queries import DatasetNotFound, ItemWithAuthor, ProjectItems
from items.quotas import project_usage
from items.revision_message import revision_message
from items.rows import CONTENT_COLUMNS, SOURCE_COLUMNS, ItemRow
from items.validation.cache import get_schemas, validate_write
from items.validation.schemas import SchemaMismatch, touches_schemas
from items.writes.client_item_ids import client_item_ids_checked
from items.writes.statements import CREATE_ITEM, TOUCH_ITEM, UPDATE_ITEM

Operation = ChangeLogEntry.Operation
# Raised by the function update_item(): see the migrations.
REFUSED_WRITE = "SV001"
# Only what changes is sent.
UNCHANGED: dict[str, Any] = dict.fromkeys((*CONTENT_COLUMNS, "deleted"))
# Called with the current item; raises an error to reject the write.
Precondition = Callable[[ItemRow], None]


class WrittenRevision(NamedTuple):
    revision: int
    changed_at: datetime


class WriteResult(NamedTuple):
    current: ItemWithAuthor
    dataset_revision: int | None  # None: nothing was written
    changed_at: datetime | None = None  # of the new revision; None if there is none


class CreatedItem(NamedTuple):
    item: ItemRow
    changed_at: datetime  # of its revision


def is_live(row: ItemRow) -> bool:
    return row.deleted is not True


def create_item(*, project_id: int, user_id: int, values: Mapping[str, Any]) -> ItemRow:
    return create_item_with_source(project_id=project_id, user_id=user_id, values=values).item


def create_item_with_source(*, project_id: int, user_id: int, values: Mapping[str, Any]) -> CreatedItem:
    """Create an item with one statement if its schemas are cached. `values` may have the fields of ItemSource.

    Raises DatasetNotFound, SchemaMismatch, ClientItemIdTaken and QuotaExceeded.
    """
    created_at = datetime.now(UTC)
    new_item = ItemRow(
        team_id=project_id,
        id=uuid7(),
        dataset_id=values["dataset_id"],
        input=values.get("input"),
        output=values.get("output"),
        metadata=values.get("metadata"),
        ref_trace_id=values.get("ref_trace_id"),
        ref_timestamp=values.get("ref_timestamp"),
        ref_source_id=values.get("ref_source_id"),
        deleted=values.get("deleted", False),
        created_at=created_at,
        # v1 reads the clock twice, so its items seem updated just after their creation.
        updated_at=datetime.now(UTC),
        created_by_id=user_id,
        version=1,
        revision=0,
    )
    if usage := project_usage(project_id):
        usage.add_values((new_item.input, new_item.output, new_item.metadata))
    source = {name: values.get(name) for name in SOURCE_COLUMNS}
    has_source = any(value is not None for value in source.values())
    while True:
        schemas = validate_write(None, new_item)
        parameters = new_item.parameters | {
            "is_live": is_live(new_item),
            "schema_version": schemas.version,
            "message": revision_message.get(),
        }
        with client_item_ids_checked(is_needed=has_source):
            revision, changed_at = call(CREATE_ITEM, parameters | source)
        if revision is not None:
            return CreatedItem(new_item._replace(revision=revision), changed_at)
        if get_schemas(project_id, new_item.dataset_id) is None:
            raise DatasetNotFound


def update_item(
    *,
    items: ProjectItems,
    user_id: int,
    current: ItemWithAuthor,
    new_values: Mapping[str, Any],
    precondition: Precondition | None = None,
    touch: bool = True,
) -> WriteResult:
    """Write the fields that differ, as a new version. If none do, move updated_at, or with touch=False, write nothing.

    With touch=False, a null `deleted` equals false. The write succeeds only if the item is still at the version that
    was read and the dataset's schemas are those that were checked; otherwise it is tried again. It is one statement.

    Raises DatasetNotFound, SchemaMismatch, and whatever the precondition raises.
    """
    while True:
        old, author = current
        if precondition:
            precondition(old)
        changed = {name: value for name, value in new_values.items() if getattr(old, name) != value}
        new = old._replace(**changed, updated_at=datetime.now(UTC))
        if not touch and changed.keys() <= {"deleted"} and is_live(new) == is_live(old):
            return WriteResult(current, None)
        if not changed:
            if (revision := touch_item(new)) is not None:
                return WriteResult(ItemWithAuthor(new, author), revision)
        elif written := write_unless_erased(old, new, user_id, changed):
            new = new._replace(version=old.version + 1, revision=written.revision)
            return WriteResult(ItemWithAuthor(new, author), *written)
        reread = items.get_with_archived(old.id)
        assert reread is not None  # noqa: S101  items are never removed
        current = reread


def touch_item(new: ItemRow) -> int | None:
    row = fetch_one(TOUCH_ITEM, new.parameters)
    return row[0] if row else None


def write_unless_erased(old: ItemRow, new: ItemRow, user_id: int, changed: Mapping[str, Any]) -> WrittenRevision | None:
    """Write the item. Raises ItemErased: the statement skips erased items, and a query then finds the reason."""
    erasable = [] if is_live(old) else [old.id]
    try:
        written = write_item(old, new, user_id, changed)
    except SchemaMismatch:
        check_not_erased(old.team_id, erasable)
        raise
    if written is None:
        check_not_erased(old.team_id, erasable)
    return written


def write_item(old: ItemRow, new: ItemRow, user_id: int, changed: Mapping[str, Any]) -> WrittenRevision | None:
    """Return the new revision, or None if the item or the schemas have changed since they were read.

    Also returns None for an archived item that is erased.
    """
    schemas = validate_write(old, new)
    is_move = new.dataset_id != old.dataset_id
    parameters = UNCHANGED | {
        "project_id": old.team_id,
        "id": old.id,
        "version": old.version,
        "old_dataset_id": old.dataset_id,
        "dataset_id": new.dataset_id,
        "changed": list(changed),
        "created_at": old.created_at,
        "updated_at": new.updated_at,
        "user_id": user_id,
        "was_live": is_live(old),
        "is_live": is_live(new),
        "schema_version": schemas.version if touches_schemas(old, new) else None,
        "operation": operation_for(old, new),
        "message": revision_message.get(),
    }
    try:
        with client_item_ids_checked(is_needed=is_move), savepoint_if_needed():
            revision, changed_at = call(UPDATE_ITEM, {**parameters, **changed})
    except DatabaseError as error:
        if sqlstate(error) == REFUSED_WRITE:
            return None
        raise
    if revision is not None:
        return WrittenRevision(revision, changed_at)
    if get_schemas(new.team_id, new.dataset_id) is None:
        raise DatasetNotFound
    return None


def call(statement: str, parameters: Mapping[str, Any]) -> Row:
    """A function of the database returns one row, of nulls if it wrote nothing."""
    row = fetch_one(statement, parameters)
    assert row is not None  # noqa: S101
    return row


def savepoint_if_needed() -> AbstractContextManager[Any]:
    """Open a savepoint that keeps an outer transaction usable after an error."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def operation_for(old: ItemRow, new: ItemRow) -> str:
    if new.dataset_id != old.dataset_id:
        return Operation.MOVED_IN
    if is_live(new) == is_live(old):
        return Operation.UPDATED
    return Operation.RESTORED if is_live(new) else Operation.ARCHIVED
