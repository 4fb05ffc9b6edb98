"""Write new versions of many items with a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from database.columns import (
    BigintColumn,
    IntegerColumn,
    Kinds,
    TextColumn,
    TimeColumn,
    UUIDColumn,
    arrays_sql,
    columns_of,
)
from database.query import Row, execute
from database.sql import sql, sql_shape
from items.erasure.lookup import check_not_erased
from items.heads import LockedHead, NewRevision, RevisionCounts, advance_heads
from items.models import ChangeLogEntry
from items.queries import IS_LIVE_BY_ID
from items.writes.client_item_ids import client_item_ids_checked
from items.writes.ledger import END, INSERT_CHANGES, INSERT_VALIDITY, INSERT_VERSIONS, ITEM_COLUMNS

Operation = ChangeLogEntry.Operation

ARCHIVE_VERSIONS = sql(
    "archive_versions",
    "$insert_versions SELECT $columns FROM dataset_item WHERE team_id = %(project_id)s AND id = ANY(%(ids)s)",
    insert_versions=INSERT_VERSIONS,
    columns=ITEM_COLUMNS,
)
# An item keeps its client_item_id when it moves.
MOVE_SOURCES = sql(
    "move_item_sources",
    """
UPDATE item_source s SET dataset_id = c.dataset_id
  FROM unnest(%(ids)s::uuid[], %(dataset_ids)s::uuid[]) AS c (item_id, dataset_id)
 WHERE s.team_id = %(project_id)s AND s.item_id = c.item_id
""",
)
CLOSE_VALIDITY = sql(
    "close_validity",
    """
UPDATE item_validity v SET valid_to = c.revision
  FROM unnest(%(dataset_ids)s::uuid[], %(times)s::timestamptz[], %(ids)s::uuid[], %(versions)s::bigint[],
              %(revisions)s::bigint[]) AS c (dataset_id, created_at, item_id, version, revision)
 WHERE v.team_id = %(project_id)s AND v.dataset_id = c.dataset_id AND v.created_at = c.created_at
   AND v.item_id = c.item_id AND v.version = c.version
""",
)
# After the items: as they are now.
OPEN_UPDATED_VALIDITY = sql(
    "open_validity_of_updated_items",
    """
$insert_validity
SELECT team_id, dataset_id, created_at, id, version, revision, $end FROM dataset_item
 WHERE team_id = %(project_id)s AND id = ANY(%(ids)s) AND $is_live
""",
    insert_validity=INSERT_VALIDITY,
    end=END,
    is_live=IS_LIVE_BY_ID,
)
CHANGE_KINDS: Kinds = {
    "dataset_id": UUIDColumn,
    "revision": BigintColumn,
    "position": IntegerColumn,
    "operation": TextColumn,
    "item_id": UUIDColumn,
    "version": BigintColumn,
    "created_at": TimeColumn,
    "created_by_id": BigintColumn,
    "item_count": BigintColumn,
    **dict.fromkeys(("created", "updated", "archived", "restored"), IntegerColumn),
    "message": TextColumn,
}
LOG_UPDATES = sql(
    "log_updated_items",
    """
$insert_changes
SELECT h.team_id, n.* FROM unnest($arrays) AS n ($columns)
  JOIN dataset_head h ON h.team_id = %(project_id)s AND h.dataset_id = n.dataset_id
""",
    insert_changes=INSERT_CHANGES,
    arrays=arrays_sql(CHANGE_KINDS),
    columns=", ".join(CHANGE_KINDS),
)
# The columns of NewRevision.summary(), for all changes but the first.
NO_SUMMARY = (None, None, None, 0, 0, 0, 0, None)
COUNTER_BY_OPERATION = {
    Operation.UPDATED: "updated",
    Operation.MOVED_IN: "updated",
    Operation.MOVED_OUT: "updated",
    Operation.ARCHIVED: "archived",
    Operation.RESTORED: "restored",
}


class ItemUpdate(NamedTuple):
    """An item that gets a new version, and the dataset that it is in afterwards."""

    item_id: UUID
    created_at: datetime
    old_version: int
    old_dataset_id: UUID
    was_live: bool
    new_dataset_id: UUID
    is_live: bool

    def operations(self) -> Iterator[tuple[UUID, Operation, int]]:
        """Yield datasets with the operation in each and the change in its number of live items."""
        if self.old_dataset_id != self.new_dataset_id:
            yield self.old_dataset_id, Operation.MOVED_OUT, -self.was_live
            yield self.new_dataset_id, Operation.MOVED_IN, +self.is_live
        elif self.was_live == self.is_live:
            yield self.new_dataset_id, Operation.UPDATED, 0
        elif self.is_live:
            yield self.new_dataset_id, Operation.RESTORED, 1
        else:
            yield self.new_dataset_id, Operation.ARCHIVED, -1


def counts_by_dataset(updates: Iterable[ItemUpdate]) -> dict[UUID, RevisionCounts]:
    counted: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for update in updates:
        for dataset_id, operation, live_delta in update.operations():
            counted[dataset_id][COUNTER_BY_OPERATION[operation]] += 1
            counted[dataset_id]["live_delta"] += live_delta
    return {dataset_id: RevisionCounts(**values) for dataset_id, values in counted.items()}


class SetClause(NamedTuple):
    """The new values of updated items.

    expressions SQL by column, over the row `i` of an item and the row `c` of its update types array types of the
    columns of `c` in these expressions, besides its id and revision
    """

    expressions: Mapping[str, str]
    types: Mapping[str, str]
    parameters: dict[str, Any]

    def statement(self) -> str:
        arrays = "".join(f", %({name})s::{kind}[]" for name, kind in self.types.items())
        names = "".join(f", {name}" for name in self.types)
        sets = "".join(f", {column} = {expression}" for column, expression in self.expressions.items())
        return sql_shape(
            "update_items",
            """
UPDATE dataset_item i SET version = i.version + 1, revision = c.revision, updated_at = %(now)s$sets
  FROM unnest(%(ids)s::uuid[], %(revisions)s::bigint[]$arrays) AS c (item_id, revision$names)
 WHERE i.team_id = %(project_id)s AND i.id = c.item_id
""",
            sets=sets,
            arrays=arrays,
            names=names,
        )


def write_updates(
    project_id: int,
    user_id: int,
    updates: Sequence[ItemUpdate],
    set_clause: SetClause,
    revisions: Mapping[UUID, NewRevision],
    *,
    written: int = 0,
) -> None:
    """Write the new versions, under the locks of all heads; each item is updated once, from its current version.

    `written` counts the updates of the same revision by earlier calls, for a single dataset.
    """
    check_not_erased(project_id, [update.item_id for update in updates if not update.was_live])
    project = {"project_id": project_id}
    ids = [update.item_id for update in updates]
    execute(ARCHIVE_VERSIONS, project | {"ids": ids})
    close_validity([update for update in updates if update.was_live], revisions, project)
    new = {
        "ids": ids,
        "revisions": [revisions[update.new_dataset_id].revision for update in updates],
        "now": datetime.now(UTC),
    }
    execute(set_clause.statement(), project | new | set_clause.parameters)
    move_sources(project, [update for update in updates if update.old_dataset_id != update.new_dataset_id])
    execute(OPEN_UPDATED_VALIDITY, project | {"ids": ids})
    log_changes(project_id, change_rows(user_id, updates, revisions, written=written))


def move_sources(project: dict[str, Any], moved: Sequence[ItemUpdate]) -> None:
    if not moved:
        return
    targets = {
        "ids": [update.item_id for update in moved],
        "dataset_ids": [update.new_dataset_id for update in moved],
    }
    with client_item_ids_checked(is_needed=True):
        execute(MOVE_SOURCES, project | targets)


def write_revisions(
    project_id: int,
    user_id: int,
    updates: Sequence[ItemUpdate],
    set_clause: SetClause,
    heads: Mapping[UUID, LockedHead],
) -> dict[UUID, int]:
    """Write one or more updates as one revision in each dataset involved; return the revisions."""
    newest = max(update.created_at for update in updates)
    revisions = {
        dataset_id: NewRevision.next_after(heads[dataset_id], counts, not_before=newest)
        for dataset_id, counts in counts_by_dataset(updates).items()
    }
    write_updates(project_id, user_id, updates, set_clause, revisions)
    advance_heads(project_id, revisions.values())
    return {dataset_id: revision.revision for dataset_id, revision in revisions.items()}


def close_validity(
    updates: Sequence[ItemUpdate], revisions: Mapping[UUID, NewRevision], project: dict[str, Any]
) -> None:
    closed = {
        "dataset_ids": [update.old_dataset_id for update in updates],
        "times": [update.created_at for update in updates],
        "ids": [update.item_id for update in updates],
        "versions": [update.old_version for update in updates],
        "revisions": [revisions[update.old_dataset_id].revision for update in updates],
    }
    execute(CLOSE_VALIDITY, project | closed)


def log_changes(project_id: int, rows: Iterable[Row]) -> None:
    """Log at least one change. Rows have the columns of CHANGE_KINDS."""
    execute(LOG_UPDATES, {"project_id": project_id} | columns_of(CHANGE_KINDS, rows))


def change_rows(
    user_id: int,
    updates: Sequence[ItemUpdate],
    revisions: Mapping[UUID, NewRevision],
    *,
    written: int = 0,
) -> Iterator[Row]:
    """Yield changes to follow those that create items; the first one of a revision describes all of it."""
    positions = {dataset_id: revision.counts.created + written for dataset_id, revision in revisions.items()}
    for update in updates:
        for dataset_id, operation, _ in update.operations():
            revision, position = revisions[dataset_id], positions[dataset_id]
            positions[dataset_id] += 1
            summary = revision.summary(user_id) if position == 0 else NO_SUMMARY
            key = (dataset_id, revision.revision, position, operation, update.item_id, update.old_version + 1)
            yield *key, *summary
