"""Check the items of one write against the schemas, under the lock of the dataset's head."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from database.query import stream
from database.sql import sql
from items.validation.cache import cached_schemas, get_schemas
from items.validation.existing_items import MAX_VIOLATIONS, ExistingItemsInvalid, ItemViolation
from items.validation.schemas import (
    FIELDS,
    NO_SCHEMAS,
    SchemaMismatch,
    Schemas,
    Violations,
    first_violation,
    split_batches,
)

# The key of the row itself, beside those of its texts.
ROW = object()
RowT = TypeVar("RowT")

# The items as they are before the update.
ITEM_CONTENTS = sql(
    "read_item_contents",
    """
SELECT id, dataset_id, input::text, output::text, metadata::text, deleted FROM dataset_item
 WHERE team_id = %(project_id)s AND id = ANY(%(ids)s)
""",
)


class ItemContent(NamedTuple):
    id: UUID
    dataset_id: UUID
    input: str | None
    output: str | None
    metadata: str | None
    deleted: bool | None


class RowMismatch(SchemaMismatch):
    """A new row does not fit the schemas; `index` counts from 0."""

    def __init__(self, index: int, violations: Violations) -> None:
        super().__init__(first_violation(violations))
        self.index = index


def locked_schemas(project_id: int, dataset_id: UUID, version: int) -> Schemas:
    """Return the schemas of the version that the locked head names; no statement if they are cached."""
    schemas = cached_schemas.get((project_id, dataset_id), NO_SCHEMAS)
    return schemas if schemas.version == version else get_schemas(project_id, dataset_id) or NO_SCHEMAS


def row_values(row: Any) -> Mapping[str, Any]:
    """Return the values of a row, or none for an error in place of an unreadable row."""
    return row if isinstance(row, dict) else {}


def validate_rows(
    schemas: Schemas, rows: Iterable[RowT], get_texts: Callable[[RowT], Mapping[str, Any]] = row_values
) -> Iterator[tuple[RowT, Violations]]:
    """Yield each row with its violations as a new item."""
    if not schemas.fields:
        yield from ((row, {}) for row in rows)
        return
    for batch in split_batches({ROW: row, **get_texts(row)} for row in rows):
        violations = schemas.violations(batch)
        for index, each in enumerate(batch):
            yield each[ROW], violations.get(index, {})


def raise_on_violation(schemas: Schemas, rows: Iterable[Any]) -> Iterator[Any]:
    """Pass on rows of new items, which are named tuples. Raises RowMismatch."""
    for index, (row, violations) in enumerate(validate_rows(schemas, rows, lambda row: row._asdict())):
        if violations:
            raise RowMismatch(index, violations)
        yield row


def validate_updates(
    project_id: int, ids: Collection[UUID], changes: Mapping[str, Any], schemas: Mapping[UUID, Schemas]
) -> None:
    """Check items that all get the same new values; `schemas` has those of every dataset involved.

    As for a single write, this checks the fields that change, and all fields of items that move in or are restored.
    Raises ExistingItemsInvalid.
    """
    if changes.keys().isdisjoint(ItemContent._fields) or not any(each.fields for each in schemas.values()):
        return
    collected: list[ItemViolation] = []
    rows = stream(ITEM_CONTENTS, {"project_id": project_id, "ids": list(ids)})
    for batch in split_batches(updated_rows(rows, changes)):
        # Read all rows: leaving a statement before its end aborts its transaction.
        if len(collected) < MAX_VIOLATIONS:
            collected += update_violations(batch, schemas)
    if collected:
        raise ExistingItemsInvalid("changes", collected[:MAX_VIOLATIONS])


def updated_rows(rows: Iterable[tuple[Any, ...]], changes: Mapping[str, Any]) -> Iterator[dict[Any, Any]]:
    """Yield the new texts of the items, each with its old and new item."""
    for row in rows:
        old_item = ItemContent._make(row)
        item = old_item._replace(**{name: changes[name] for name in ItemContent._fields if name in changes})
        yield {**{name: getattr(item, name) for name in FIELDS}, ROW: (old_item, item)}


def update_violations(batch: Sequence[dict[Any, Any]], schemas: Mapping[UUID, Schemas]) -> Iterator[ItemViolation]:
    """Check rows in groups that share a set of schemas and the fields to check."""
    groups: dict[tuple[UUID, tuple[str, ...]], list[dict[Any, Any]]] = {}
    for row in batch:
        old_item, item = row[ROW]
        checked = tuple(schemas[item.dataset_id].fields_to_check(old_item, item))
        groups.setdefault((item.dataset_id, checked), []).append(row)
    for (dataset_id, fields), rows in groups.items():
        for index, violations in sorted(schemas[dataset_id].violations(rows, fields).items()):
            yield ItemViolation(rows[index][ROW][0].id, *first_violation(violations))
