"""Writes new versions of many items, in as many statements however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from database.statements import Row, copy_rows, execute
from items.bulk.heads import Effects, LockedHead, NewRevision, move_on
from items.models import DatasetChange, ItemRow
from items.models.history import STILL

Operation = DatasetChange.Operation

COLUMNS = ", ".join(ItemRow._fields)
SUPERSEDE = f"""
INSERT INTO item_version ({COLUMNS})
SELECT {COLUMNS} FROM dataset_item WHERE team_id = %(team)s AND id = ANY(%(ids)s)
"""  # noqa: S608
HIDE = """
UPDATE item_presence p SET until_revision = c.revision
  FROM unnest(%(datasets)s::uuid[], %(times)s::timestamptz[], %(ids)s::uuid[], %(versions)s::bigint[],
              %(revisions)s::bigint[]) AS c (dataset_id, created_at, item_id, version, revision)
 WHERE p.team_id = %(team)s AND p.dataset_id = c.dataset_id AND p.created_at = c.created_at AND p.item_id = c.item_id
   AND p.version = c.version
"""
SHOW = """
COPY item_presence (team_id, dataset_id, created_at, item_id, version, since_revision, until_revision)
FROM STDIN (FORMAT BINARY)
"""
SHOW_TYPES = ("int8", "uuid", "timestamptz", "uuid", "int8", "int8", "int8")
RECORD = """
COPY dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at, created_by_id,
                     item_count, created, updated, archived, restored)
FROM STDIN (FORMAT BINARY)
"""
RECORD_TYPES = (
    "int8", "uuid", "int8", "int4", "text", "uuid", "int8", "timestamptz", "int8", "int8", "int4", "int4", "int4",
    "int4",
)  # fmt: skip
# Of who made a revision, when, and how much: see NewRevision.summary.
NO_SUMMARY = (None, None, None, 0, 0, 0, 0)
EFFECT_OF = {
    Operation.UPDATED: "updated",
    Operation.MOVED_IN: "updated",
    Operation.MOVED_OUT: "updated",
    Operation.ARCHIVED: "archived",
    Operation.RESTORED: "restored",
}


class Change(NamedTuple):
    """An item that is to have a new version: what is known of it, and where it then is."""

    item_id: UUID
    created_at: datetime
    was_at: int
    was_in: UUID
    was_visible: bool
    is_in: UUID
    is_visible: bool

    def operations(self) -> Iterator[tuple[UUID, Operation, int]]:
        """In which dataset, which operation, and how many more items its list shows then."""
        if self.was_in != self.is_in:
            yield self.was_in, Operation.MOVED_OUT, -self.was_visible
            yield self.is_in, Operation.MOVED_IN, +self.is_visible
        elif self.was_visible == self.is_visible:
            yield self.is_in, Operation.UPDATED, 0
        elif self.is_visible:
            yield self.is_in, Operation.RESTORED, 1
        else:
            yield self.is_in, Operation.ARCHIVED, -1


def effects_of(changes: Iterable[Change]) -> dict[UUID, Effects]:
    """By dataset."""
    counted: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for change in changes:
        for dataset_id, operation, shown in change.operations():
            counted[dataset_id][EFFECT_OF[operation]] += 1
            counted[dataset_id]["shown"] += shown
    return {dataset_id: Effects(**counts) for dataset_id, counts in counted.items()}


class Assignments(NamedTuple):
    """What the changed items are set to: SQL expressions by column, over the row `i` of an item and the row `c` of a
    change; the columns of `c` that they name, beyond its id and revision, with their array types; and parameters."""

    expressions: Mapping[str, str]
    types: Mapping[str, str]
    parameters: dict[str, Any]

    def statement(self) -> str:
        arrays = "".join(f", %({name})s::{kind}[]" for name, kind in self.types.items())
        names = "".join(f", {name}" for name in self.types)
        sets = "".join(f", {column} = {expression}" for column, expression in self.expressions.items())
        return f"""
UPDATE dataset_item i SET version = i.version + 1, revision = c.revision, updated_at = %(now)s{sets}
  FROM unnest(%(ids)s::uuid[], %(revisions)s::bigint[]{arrays}) AS c (item_id, revision{names})
 WHERE i.team_id = %(team)s AND i.id = c.item_id
"""  # noqa: S608


def write_changes(
    project_id: int,
    user_id: int,
    changes: Sequence[Change],
    assignments: Assignments,
    revisions: Mapping[UUID, NewRevision],
) -> None:
    """Under the locks of all heads; `changes` are of the items as they are now, each once."""
    team = {"team": project_id}
    ids = [change.item_id for change in changes]
    execute(SUPERSEDE, team | {"ids": ids})
    hide([change for change in changes if change.was_visible], revisions, team)
    new = {"ids": ids, "revisions": [revisions[change.is_in].revision for change in changes], "now": datetime.now(UTC)}
    execute(assignments.statement(), team | new | assignments.parameters)
    copy_rows(SHOW, SHOW_TYPES, presences(project_id, changes, revisions))
    copy_rows(RECORD, RECORD_TYPES, records(project_id, user_id, changes, revisions))


def write_revisions(
    project_id: int,
    user_id: int,
    changes: Sequence[Change],
    assignments: Assignments,
    heads: Mapping[UUID, LockedHead],
) -> dict[UUID, int]:
    """Changes, at least one, as one revision of each dataset that they touch; returns these."""
    newest = max(change.created_at for change in changes)
    revisions = {
        dataset_id: NewRevision.after(heads[dataset_id], effects, not_before=newest)
        for dataset_id, effects in effects_of(changes).items()
    }
    write_changes(project_id, user_id, changes, assignments, revisions)
    move_on(project_id, revisions.values())
    return {dataset_id: revision.revision for dataset_id, revision in revisions.items()}


def hide(changes: Sequence[Change], revisions: Mapping[UUID, NewRevision], team: dict[str, Any]) -> None:
    ended = {
        "datasets": [change.was_in for change in changes],
        "times": [change.created_at for change in changes],
        "ids": [change.item_id for change in changes],
        "versions": [change.was_at for change in changes],
        "revisions": [revisions[change.was_in].revision for change in changes],
    }
    execute(HIDE, team | ended)


def presences(project_id: int, changes: Sequence[Change], revisions: Mapping[UUID, NewRevision]) -> Iterator[Row]:
    for change in changes:
        if change.is_visible:
            since = revisions[change.is_in].revision
            version = change.was_at + 1
            yield project_id, change.is_in, change.created_at, change.item_id, version, since, STILL


def records(
    project_id: int, user_id: int, changes: Sequence[Change], revisions: Mapping[UUID, NewRevision]
) -> Iterator[Row]:
    """Behind what the revision created; its first change also tells of the whole."""
    positions = {dataset_id: revision.effects.created for dataset_id, revision in revisions.items()}
    for change in changes:
        for dataset_id, operation, _ in change.operations():
            revision, position = revisions[dataset_id], positions[dataset_id]
            positions[dataset_id] += 1
            whole = revision.summary(user_id) if position == 0 else NO_SUMMARY
            named = (project_id, dataset_id, revision.revision, position, operation, change.item_id, change.was_at + 1)
            yield *named, *whole
