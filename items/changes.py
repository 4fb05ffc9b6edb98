"""Writes of items: each one function and one transaction, the only door to their tables.

One statement does all of it: it bumps the dataset's head, then writes the item, its history and the change's record.
The head comes first: its row lock makes writers of one dataset take turns, so that revisions have no gaps and appear
in the order of their commits, and counts are exact.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import DataError, connection, transaction
from psycopg.errors import DivisionByZero
from uuid_utils.compat import uuid7

from database.statements import fetch_one
from items.bulk.heads import lock_heads
from items.change_statements import CREATE, TOUCH, update_statement
from items.models import DatasetChange, ItemRow
from items.quality.in_force import check_write, schemas_of
from items.quality.schemas import is_subject
from items.reads import FoundItem, ProjectItems, UnknownDataset

Operation = DatasetChange.Operation
# Called with the item as it is under the write; raises to refuse it.
Precondition = Callable[[ItemRow], None]


class Written(NamedTuple):
    found: FoundItem
    dataset_revision: int | None  # None: nothing was written


def is_visible(item: ItemRow) -> bool:
    return item.deleted is not True


def create_item(*, project_id: int, user_id: int, values: Mapping[str, Any]) -> ItemRow:
    """One statement, where this process knows the dataset's schemas. Raises UnknownDataset and SchemaMismatch."""
    created_at = datetime.now(UTC)
    item = ItemRow(
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
        # v1 read the clock twice, and so shows an item as touched a moment after its creation.
        updated_at=datetime.now(UTC),
        created_by_id=user_id,
        version=1,
        revision=0,
    )
    while True:
        schemas = check_write(None, item)
        parameters = item._asdict() | {"change": int(is_visible(item)), "schema_version": schemas.version}
        row = fetch_one(CREATE, parameters)
        if row is not None:
            return item._replace(revision=row[0])
        if schemas_of(project_id, item.dataset_id) is None:
            raise UnknownDataset


def update_item(
    *,
    items: ProjectItems,
    user_id: int,
    found: FoundItem,
    changes: Mapping[str, Any],
    precondition: Precondition | None = None,
    is_touched: bool = True,
) -> Written:
    """Writes the fields that differ, as a new version; where none does, only updated_at moves, and only if is_touched.

    Without is_touched, null is as live as false: that alone is no difference.

    The write holds only if the item is still at the version that was read, and the dataset at the schemas that it was
    checked against; else all is done again. One statement, but for a move to another dataset, which locks both heads
    first. Raises UnknownDataset, SchemaMismatch, and what the precondition raises.
    """
    while True:
        item, author = found
        if precondition:
            precondition(item)
        changed = {name: value for name, value in changes.items() if getattr(item, name) != value}
        target = item._replace(**changed, updated_at=datetime.now(UTC))
        if not is_touched and changed.keys() <= {"deleted"} and is_visible(target) == is_visible(item):
            return Written(found, None)
        revision = write_item(item, target, user_id, changed) if changed else touch_item(target)
        if revision is not None:
            if changed:
                target = target._replace(version=item.version + 1, revision=revision)
            return Written(FoundItem(target, author), revision)
        again = items.find_also_deleted(item.id)
        assert again is not None  # noqa: S101  items are never removed
        found = again


def touch_item(target: ItemRow) -> int | None:
    row = fetch_one(TOUCH, target._asdict())
    return row[0] if row else None


def write_item(item: ItemRow, target: ItemRow, user_id: int, changed: Mapping[str, Any]) -> int | None:
    """The dataset's new revision; None if somebody else wrote the item since it was read, or other schemas hold."""
    schemas = check_write(item, target)
    moves = target.dataset_id != item.dataset_id
    operation = operation_of(item, target)
    parameters = target._asdict() | {
        "was_in": item.dataset_id,
        "was_at": item.version,
        "arriving": int(is_visible(target)),
        "leaving": int(is_visible(item)),
        "change": is_visible(target) - is_visible(item),
        "user_id": user_id,
        "operation": operation,
        "schema_version": schemas.version if is_subject(item, target) else None,
        "updated": int(operation in {Operation.UPDATED, Operation.MOVED_IN}),
        "archived": int(operation == Operation.ARCHIVED),
        "restored": int(operation == Operation.RESTORED),
    }
    try:
        with undoable(moves=moves):
            row = None
            if not moves or lock_both_heads(item, target) == schemas.version:
                row = fetch_one(update_statement(changed, moves=moves), parameters)
    except DataError as error:
        if isinstance(error.__cause__, DivisionByZero):
            return None
        raise
    if row is None:
        schemas_of(target.team_id, target.dataset_id)
        return None
    return int(row[0])


def undoable(*, moves: bool) -> AbstractContextManager[Any]:
    """A transaction where one is needed: to lock first, or to keep an outer one from being undone as a whole."""
    return transaction.atomic() if moves or connection.in_atomic_block else nullcontext()


def lock_both_heads(item: ItemRow, target: ItemRow) -> int:
    """Returns the version of the schemas of the dataset into which the item moves."""
    heads = lock_heads(item.team_id, [item.dataset_id, target.dataset_id])
    if len(heads) < 2:
        raise UnknownDataset
    return heads[target.dataset_id].schema_version


def operation_of(item: ItemRow, target: ItemRow) -> str:
    if target.dataset_id != item.dataset_id:
        return Operation.MOVED_IN
    if is_visible(target) == is_visible(item):
        return Operation.UPDATED
    return Operation.RESTORED if is_visible(target) else Operation.ARCHIVED
