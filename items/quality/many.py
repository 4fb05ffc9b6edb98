"""Whether many items of one write fit, under the lock of their dataset's head."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from database.statements import stream
from items.quality.in_force import known, schemas_of
from items.quality.present_items import MAX_MISFITS, ItemMisfit, ItemsMismatch
from items.quality.schemas import FIELDS, NONE, Misfits, SchemaMismatch, Schemas, batches, first

ROW = object()
Read = TypeVar("Read")

# As they are now; their content is read where a schema may have a say in it alone.
CONTENTS = """
SELECT id, dataset_id, input::text, output::text, metadata::text, deleted FROM dataset_item
 WHERE team_id = %(team)s AND id = ANY(%(ids)s)
"""


class ItemContent(NamedTuple):
    id: UUID
    dataset_id: UUID
    input: str | None
    output: str | None
    metadata: str | None
    deleted: bool | None


class RowMismatch(SchemaMismatch):
    """Raised for a row, counted from 0, of those that were to be created."""

    def __init__(self, index: int, misfits: Misfits) -> None:
        super().__init__(first(misfits))
        self.index = index


def locked_schemas(project_id: int, dataset_id: UUID, version: int) -> Schemas:
    """Those of the version that the locked head names; without a statement where this process knows it."""
    schemas = known.get((project_id, dataset_id), NONE)
    return schemas if schemas.version == version else schemas_of(project_id, dataset_id) or NONE


def values_of(row: Any) -> Mapping[str, Any]:
    """An error stands in place of a row that cannot be read."""
    return row if isinstance(row, dict) else {}


def judged(
    schemas: Schemas, rows: Iterable[Read], texts_of: Callable[[Read], Mapping[str, Any]] = values_of
) -> Iterator[tuple[Read, Misfits]]:
    """Each row with what would not fit if it were a new item."""
    if not schemas.fields:
        yield from ((row, {}) for row in rows)
        return
    for batch in batches({ROW: row, **texts_of(row)} for row in rows):
        misfits = schemas.misfits(batch)
        for index, each in enumerate(batch):
            yield each[ROW], misfits.get(index, {})


def refuse_misfits(schemas: Schemas, rows: Iterable[Any]) -> Iterator[Any]:
    """Passes on rows of new items, which are named tuples. Raises RowMismatch."""
    for index, (row, misfits) in enumerate(judged(schemas, rows, lambda row: row._asdict())):
        if misfits:
            raise RowMismatch(index, misfits)
        yield row


def refuse_changes(
    project_id: int, ids: Collection[UUID], changes: Mapping[str, Any], schemas: Mapping[UUID, Schemas]
) -> None:
    """Of items that are to have the same values; `schemas` are those of all datasets in question.

    As for a single write, what changes is checked, and the whole of what arrives or comes back. Raises ItemsMismatch.
    """
    if changes.keys().isdisjoint(ItemContent._fields) or not any(each.fields for each in schemas.values()):
        return
    found: list[ItemMisfit] = []
    rows = stream(CONTENTS, {"team": project_id, "ids": list(ids)})
    for batch in batches(targets(rows, changes)):
        # All rows are read, as a statement that is left before its end undoes its transaction.
        if len(found) < MAX_MISFITS:
            found += misfits_of_batch(batch, schemas)
    if found:
        raise ItemsMismatch("changes", found[:MAX_MISFITS])


def targets(rows: Iterable[tuple[Any, ...]], changes: Mapping[str, Any]) -> Iterator[dict[Any, Any]]:
    """What the items are to be, each with what it was."""
    for row in rows:
        was = ItemContent._make(row)
        item = was._replace(**{name: changes[name] for name in ItemContent._fields if name in changes})
        yield {**{name: getattr(item, name) for name in FIELDS}, ROW: (was, item)}


def misfits_of_batch(batch: Sequence[dict[Any, Any]], schemas: Mapping[UUID, Schemas]) -> Iterator[ItemMisfit]:
    """In as many goes as there are sets of schemas and of fields to be checked."""
    alike: dict[tuple[UUID, tuple[str, ...]], list[dict[Any, Any]]] = {}
    for row in batch:
        was, item = row[ROW]
        checked = tuple(schemas[item.dataset_id].fields_to_check(was, item))
        alike.setdefault((item.dataset_id, checked), []).append(row)
    for (dataset_id, fields), rows in alike.items():
        for index, misfits in sorted(schemas[dataset_id].misfits(rows, fields).items()):
            yield ItemMisfit(rows[index][ROW][0].id, *first(misfits))
