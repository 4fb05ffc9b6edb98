"""Makes the same changes to many items, which are named by their ids or by a filter."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from rest_framework.serializers import ValidationError

from database.bounded.limits import statements_within
from database.statements import fetch_all
from items.bulk.heads import LockedHead, lock_heads
from items.bulk.outcomes import MAX_ITEMS, Outcome, Status, too_many_items
from items.bulk.updating import Assignments, Change, write_revisions
from items.finding.conditions import Conditions
from items.finding.time_limit import found_in_time
from items.models import JSON_COLUMNS, placeholder
from items.quality.many import locked_schemas, refuse_changes
from items.reads import NEWEST_FIRST, UnknownDataset

Changes = Mapping[str, Any]

DATASETS_OF = "SELECT DISTINCT dataset_id FROM dataset_item WHERE team_id = %(team)s AND id = ANY(%(ids)s)"


class Selection(NamedTuple):
    """Which items: those of `ids`, deleted or not, or those of a dataset that a condition finds."""

    ids: Sequence[UUID] = ()
    dataset_id: UUID | None = None
    conditions: Conditions = Conditions()

    def where(self) -> str:
        if self.dataset_id is None:
            return "i.id = ANY(%(ids)s)"
        return f"i.dataset_id = %(dataset)s AND {self.conditions.sql}"

    def parameters(self) -> dict[str, Any]:
        return self.conditions.parameters | {"ids": list(self.ids), "dataset": self.dataset_id}


class FoundItem(NamedTuple):
    id: UUID
    dataset_id: UUID
    version: int
    created_at: Any
    deleted: bool | None
    differs: bool


def find_statement(selection: Selection, changes: Changes) -> str:
    """Whether an item would differ is told by the database: large values are not fetched."""
    differences = " OR ".join(differs(column) for column in changes) or "false"
    return f"""
SELECT i.id, i.dataset_id, i.version, i.created_at, i.deleted, {differences}
  FROM dataset_item i WHERE i.team_id = %(team)s AND {selection.where()}
 ORDER BY {NEWEST_FIRST} LIMIT %(limit)s
"""  # noqa: S608


def differs(column: str) -> str:
    """Beside a filter's parameters, whose names may be the same."""
    if column in JSON_COLUMNS:
        return f"i.{column}::text IS DISTINCT FROM %(new_{column})s::text"
    return f"i.{column} IS DISTINCT FROM %(new_{column})s"


class MovedMeanwhile(Exception):
    """An item has come into a dataset whose head is not locked."""


class Patch(NamedTuple):
    project_id: int
    user_id: int
    selection: Selection
    changes: Changes  # by column, as checked


def patch_items(patch: Patch) -> Outcome:
    """One transaction, and one revision in each dataset that is touched; none where nothing differs.

    Raises UnknownDataset with the member of the request that names it, ValidationError for an unknown id and for too
    many items, and SearchTimeout.
    """
    while True:
        try:
            with statements_within(0):
                return attempt(patch)
        except MovedMeanwhile:
            continue


def attempt(patch: Patch) -> Outcome:
    heads = lock(patch)
    found = find(patch)
    if any(item.dataset_id not in heads for item in found):
        raise MovedMeanwhile
    changed = [item for item in found if item.differs]
    schemas = {each: locked_schemas(patch.project_id, each, head.schema_version) for each, head in heads.items()}
    refuse_changes(patch.project_id, [item.id for item in changed], patch.changes, schemas)
    outcome = Outcome(revisions={each: head.revision for each, head in heads.items()})
    if changed:
        changes = [change_of(item, patch.changes) for item in changed]
        assignments = assignments_of(patch.changes)
        outcome.revisions |= write_revisions(patch.project_id, patch.user_id, changes, assignments, heads)
    add_results(outcome, patch.selection.ids or [item.id for item in found], {item.id for item in changed})
    return outcome


def lock(patch: Patch) -> dict[UUID, LockedHead]:
    """The heads of the datasets that the items are in, and of the one where they go."""
    selection, target = patch.selection, patch.changes.get("dataset_id")
    wanted = {selection.dataset_id} if selection.dataset_id else datasets_of(patch)
    heads = lock_heads(patch.project_id, wanted | ({target} if target else set()))
    if selection.dataset_id and selection.dataset_id not in heads:
        raise UnknownDataset("filter")
    if target and target not in heads:
        raise UnknownDataset("changes")
    return heads


def datasets_of(patch: Patch) -> set[UUID]:
    return {row[0] for row in fetch_all(DATASETS_OF, {"team": patch.project_id, "ids": list(patch.selection.ids)})}


def find(patch: Patch) -> list[FoundItem]:
    """In the order of the ids, else newest first. Raises ValidationError and SearchTimeout."""
    selection = patch.selection
    new = {f"new_{column}": value for column, value in patch.changes.items()}
    parameters = selection.parameters() | new | {"team": patch.project_id, "limit": MAX_ITEMS + 1}
    statement = find_statement(selection, patch.changes)
    # What a filter finds is looked for as long as a list may be.
    rows = found_in_time(statement, parameters) if selection.dataset_id else fetch_all(statement, parameters)
    if len(rows) > MAX_ITEMS:
        raise too_many_items("filter")
    found = {row[0]: FoundItem._make(row) for row in rows}
    for index, item_id in enumerate(selection.ids):
        if item_id not in found:
            raise ValidationError({f"ids.{index}": [f"Item {item_id} does not exist."]}, code="does_not_exist")
    return [found[item_id] for item_id in dict.fromkeys(selection.ids or found)]


def change_of(item: FoundItem, changes: Changes) -> Change:
    return Change(
        item_id=item.id,
        created_at=item.created_at,
        was_at=item.version,
        was_in=item.dataset_id,
        was_visible=item.deleted is not True,
        is_in=changes.get("dataset_id", item.dataset_id),
        is_visible=changes.get("deleted", item.deleted) is not True,
    )


def assignments_of(changes: Changes) -> Assignments:
    expressions = {column: placeholder(column).replace("%(", "%(new_") for column in changes}
    return Assignments(expressions, {}, {f"new_{column}": value for column, value in changes.items()})


def add_results(outcome: Outcome, ids: Iterable[UUID], changed: set[UUID]) -> None:
    """An id that is named again has been changed by then."""
    for item_id in ids:
        outcome.add(Status.UPDATED if item_id in changed else Status.UNCHANGED, item_id)
        changed.discard(item_id)
