"""Make the same changes to many items, selected by their ids or by a filter."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from rest_framework.serializers import ValidationError

from database.backend.timeouts import statement_timeout
from database.query import fetch_all
from database.sql import sql_shape
from items.bulk.limits import MAX_ITEMS, too_many_items
from items.bulk.results import BulkResult, ItemStatus
from items.heads import LockedHead, lock_heads
from items.models import DatasetItem
from items.queries import NEWEST_FIRST, DatasetNotFound
from items.rows import JSON_COLUMNS, placeholder
from items.search.conditions import Conditions
from items.search.timeout import fetch_within_timeout
from items.validation.batch import locked_schemas, validate_updates
from items.writes.bulk_update import ItemUpdate, SetClause, write_revisions

NewValues = Mapping[str, Any]


class Selection(NamedTuple):
    """Items to update: those of `ids`, archived or not, or those of a dataset that match conditions."""

    ids: Sequence[UUID] = ()
    dataset_id: UUID | None = None
    conditions: Conditions = Conditions()

    def where(self) -> str:
        if self.dataset_id is None:
            return "i.id = ANY(%(ids)s)"
        return f"i.dataset_id = %(dataset_id)s AND {self.conditions.sql}"

    def parameters(self) -> dict[str, Any]:
        return self.conditions.parameters | {"ids": list(self.ids), "dataset_id": self.dataset_id}


class SelectedItem(NamedTuple):
    id: UUID
    dataset_id: UUID
    version: int
    created_at: Any
    deleted: bool | None
    differs: bool


def selection_sql(selection: Selection, new_values: NewValues) -> str:
    """Let the database compare values, so that large ones are not fetched."""
    differences = " OR ".join(differs_sql(column) for column in new_values) or "false"
    return sql_shape(
        "select_items_to_update",
        """
SELECT i.id, i.dataset_id, i.version, i.created_at, i.deleted, $differences
  FROM dataset_item i WHERE i.team_id = %(project_id)s AND $where
 ORDER BY $newest_first LIMIT %(limit)s
""",
        differences=differences,
        where=selection.where(),
        newest_first=NEWEST_FIRST,
    )


def differs_sql(column: str) -> str:
    """Prefix the parameters, since a filter's parameters may have the same names."""
    if column in JSON_COLUMNS:
        return f"i.{column}::text IS DISTINCT FROM %(new_{column})s::text"
    return f"i.{column} IS DISTINCT FROM %(new_{column})s"


class ConcurrentMove(Exception):
    """An item has moved into a dataset whose head is not locked."""


class BulkUpdate(NamedTuple):
    project_id: int
    user_id: int
    selection: Selection
    new_values: NewValues  # by column, validated


def update_items(update: BulkUpdate) -> BulkResult:
    """Update the items in one transaction, with one revision in each dataset that changes.

    Raises DatasetNotFound with the member of the request that names the dataset, ValidationError for an unknown id or
    too many items, and SearchTimeout.
    """
    while True:
        try:
            with statement_timeout(0):
                return try_once(update)
        except ConcurrentMove:
            continue


def try_once(update: BulkUpdate) -> BulkResult:
    heads = lock_heads_for(update)
    selected = find_selected(update)
    if any(item.dataset_id not in heads for item in selected):
        raise ConcurrentMove
    changed = [item for item in selected if item.differs]
    schemas = {each: locked_schemas(update.project_id, each, head.schema_version) for each, head in heads.items()}
    validate_updates(update.project_id, [item.id for item in changed], update.new_values, schemas)
    result = BulkResult(revisions={each: head.revision for each, head in heads.items()})
    if changed:
        updates = [update_of(item, update.new_values) for item in changed]
        set_clause = set_clause_of(update.new_values)
        result.revisions |= write_revisions(update.project_id, update.user_id, updates, set_clause, heads)
    add_results(result, update.selection.ids or [item.id for item in selected], {item.id for item in changed})
    return result


def lock_heads_for(update: BulkUpdate) -> dict[UUID, LockedHead]:
    """Lock the heads of the datasets that the items are in, and of the one that they move to."""
    selection, target = update.selection, update.new_values.get("dataset_id")
    dataset_ids = {selection.dataset_id} if selection.dataset_id else dataset_ids_of(update)
    heads = lock_heads(update.project_id, dataset_ids | ({target} if target else set()))
    if selection.dataset_id and selection.dataset_id not in heads:
        raise DatasetNotFound("filter")
    if target and target not in heads:
        raise DatasetNotFound("changes")
    return heads


def dataset_ids_of(update: BulkUpdate) -> set[UUID]:
    selected = DatasetItem.objects.filter(team_id=update.project_id, id__in=update.selection.ids)
    return set(selected.values_list("dataset_id", flat=True).distinct())


def find_selected(update: BulkUpdate) -> list[SelectedItem]:
    """Return the items in the order of the ids, or newest first. Raises ValidationError and SearchTimeout."""
    selection = update.selection
    new = {f"new_{column}": value for column, value in update.new_values.items()}
    parameters = selection.parameters() | new | {"project_id": update.project_id, "limit": MAX_ITEMS + 1}
    statement = selection_sql(selection, update.new_values)
    # A filter has the same time limit as a list.
    rows = fetch_within_timeout(statement, parameters) if selection.dataset_id else fetch_all(statement, parameters)
    if len(rows) > MAX_ITEMS:
        raise too_many_items("filter")
    selected = {row[0]: SelectedItem._make(row) for row in rows}
    for index, item_id in enumerate(selection.ids):
        if item_id not in selected:
            raise ValidationError({f"ids.{index}": [f"Item {item_id} does not exist."]}, code="does_not_exist")
    return [selected[item_id] for item_id in dict.fromkeys(selection.ids or selected)]


def update_of(item: SelectedItem, new_values: NewValues) -> ItemUpdate:
    return ItemUpdate(
        item_id=item.id,
        created_at=item.created_at,
        old_version=item.version,
        old_dataset_id=item.dataset_id,
        was_live=item.deleted is not True,
        new_dataset_id=new_values.get("dataset_id", item.dataset_id),
        is_live=new_values.get("deleted", item.deleted) is not True,
    )


def set_clause_of(new_values: NewValues) -> SetClause:
    expressions = {column: placeholder(column).replace("%(", "%(new_") for column in new_values}
    return SetClause(expressions, {}, {f"new_{column}": value for column, value in new_values.items()})


def add_results(result: BulkResult, ids: Iterable[UUID], changed: set[UUID]) -> None:
    """Report a repeated id as unchanged, since its first mention has already changed it."""
    for item_id in ids:
        result.add(ItemStatus.UPDATED if item_id in changed else ItemStatus.UNCHANGED, item_id)
        changed.discard(item_id)
