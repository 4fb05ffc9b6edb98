"""Return the items of a dataset to their state at a revision, as one new revision."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from rest_framework.exceptions import APIException

from database.backend.timeouts import statement_timeout
from database.query import execute, fetch_all, fetch_one
from database.sql import fragment, sql
from items.erasure.lookup import check_not_erased
from items.heads import LockedHead, NewRevision, RevisionCounts, advance_heads, lock_head
from items.history.as_of import get_version
from items.history.snapshots import Snapshot
from items.rows import CONTENT_COLUMNS, JSON_COLUMNS, DatasetRef
from items.validation.batch import locked_schemas, raise_on_violation
from items.writes.bulk_insert import NewItem
from items.writes.bulk_update import (
    ARCHIVE_VERSIONS,
    OPEN_UPDATED_VALIDITY,
    ItemUpdate,
    change_rows,
    close_validity,
    log_changes,
)

# Items per statement. Only ids and numbers are read, no content.
BATCH_ROWS = 5000


def differs_sql(column: str) -> str:
    """Compare JSON by its spelling, as writes do."""
    cast = "::text" if column in JSON_COLUMNS else ""
    return f"i.{column}{cast} IS DISTINCT FROM x.{column}{cast}"


# Each item of the dataset that has changed since is in the log once at its current version. `v` is the version that the
# revision listed; it is superseded, so its content is in item_version.
CHANGED_SINCE = fragment(
    """
SELECT c.revision, c.position, i.id, i.created_at, i.version, v.version AS source_version,
       i.deleted IS NOT TRUE AS was_live, v.item_id IS NOT NULL AS is_live
  FROM dataset_change c
  JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = c.item_id AND i.version = c.version
                     AND i.dataset_id = %(dataset_id)s
  LEFT JOIN item_validity v ON v.team_id = %(project_id)s AND v.dataset_id = %(dataset_id)s
        AND v.created_at = i.created_at AND v.item_id = i.id
        AND v.valid_from <= %(revision)s AND v.valid_to > %(revision)s
  LEFT JOIN item_version x ON x.team_id = %(project_id)s AND x.id = i.id AND x.version = v.version
 WHERE c.team_id = %(project_id)s AND c.dataset_id = %(dataset_id)s AND c.operation <> 'moved_out'
   AND c.revision > %(revision)s AND c.revision <= %(head_revision)s
   AND ((v.item_id IS NOT NULL) <> (i.deleted IS NOT TRUE) OR v.item_id IS NOT NULL AND ($differs))
""",
    differs=" OR ".join(differs_sql(column) for column in CONTENT_COLUMNS),
)
COUNT_CHANGES = sql(
    "count_items_to_roll_back",
    """
SELECT count(*) FILTER (WHERE is_live AND was_live), count(*) FILTER (WHERE NOT is_live),
       count(*) FILTER (WHERE is_live AND NOT was_live)
  FROM ($changed_since) changed
""",
    changed_since=CHANGED_SINCE,
)
CHANGES_BATCH = sql(
    "list_items_to_roll_back",
    """
$changed_since AND (c.revision, c.position) > (%(after_revision)s, %(after_position)s)
 ORDER BY c.revision, c.position LIMIT %(limit)s
""",
    changed_since=CHANGED_SINCE,
)
FIND_MOVED = sql(
    "find_item_moved_since",
    """
SELECT i.id, i.dataset_id
  FROM dataset_change c
  JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = c.item_id AND i.dataset_id <> %(dataset_id)s
  JOIN item_validity v ON v.team_id = %(project_id)s AND v.dataset_id = %(dataset_id)s
        AND v.created_at = i.created_at AND v.item_id = i.id
        AND v.valid_from <= %(revision)s AND v.valid_to > %(revision)s
 WHERE c.team_id = %(project_id)s AND c.dataset_id = %(dataset_id)s AND c.operation = 'moved_out'
   AND c.revision > %(revision)s AND c.revision <= %(head_revision)s LIMIT 1
""",
)
# A plan for any values, which PostgreSQL makes at the sixth batch, expects one change and one item: it reads the whole
# dataset for each item, so that 100,000 took over ten minutes.
PLAN_FOR_THE_VALUES = sql(
    "plan_rollback_for_the_values", "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"
)
# An archived item keeps its content.
ROLL_BACK_ITEMS = sql(
    "roll_back_items",
    """
UPDATE dataset_item i
   SET version = i.version + 1, revision = %(new_revision)s, updated_at = %(now)s,
       deleted = CASE WHEN c.source_version IS NULL THEN true ELSE x.deleted END, $contents
  FROM unnest(%(ids)s::uuid[], %(source_versions)s::bigint[]) AS c (item_id, source_version)
  LEFT JOIN item_version x ON x.team_id = %(project_id)s AND x.id = c.item_id AND x.version = c.source_version
 WHERE i.team_id = %(project_id)s AND i.id = c.item_id
""",
    contents=", ".join(
        f"{column} = CASE WHEN c.source_version IS NULL THEN i.{column} ELSE x.{column} END"
        for column in CONTENT_COLUMNS
    ),
)


class ItemsMoved(APIException):
    status_code = 409
    default_code = "items_moved"
    default_type = "invalid_request"

    def __init__(self, item_id: UUID, dataset_id: UUID) -> None:
        super().__init__(f"Item {item_id} has been moved to dataset {dataset_id}. Move such items back first.")


class RollbackItem(NamedTuple):
    """An item that differs; source_version is the one that the revision listed, or None."""

    log_revision: int
    log_position: int
    id: UUID
    created_at: datetime
    version: int
    source_version: int | None
    was_live: bool
    is_live: bool

    def update_in(self, dataset_id: UUID) -> ItemUpdate:
        return ItemUpdate(self.id, self.created_at, self.version, dataset_id, self.was_live, dataset_id, self.is_live)


class RollbackResult(NamedTuple):
    dataset_revision: int
    updated: int = 0
    archived: int = 0
    restored: int = 0


class Rollback:
    """One rollback, to run in one transaction. Only the dataset's other writers wait."""

    def __init__(self, *, project_id: int, user_id: int, dataset_id: UUID, snapshot: Snapshot) -> None:
        self.project_id, self.user_id, self.snapshot = project_id, user_id, snapshot
        self.head: LockedHead = lock_head(project_id, dataset_id)
        self.parameters: dict[str, Any] = DatasetRef(project_id, dataset_id).parameters | {
            "revision": snapshot.revision,
            "head_revision": self.head.revision,
        }

    def run(self) -> RollbackResult:
        """Roll back in batches of ids and numbers, which bounds memory. Makes no revision if nothing differs."""
        execute(PLAN_FOR_THE_VALUES, {})
        self.check_moves()
        row = fetch_one(COUNT_CHANGES, self.parameters)
        updated, archived, restored = row or (0, 0, 0)
        if not updated + archived + restored:
            return RollbackResult(self.head.revision)
        counts = RevisionCounts(0, updated, archived, restored, live_delta=restored - archived)
        revision = NewRevision.next_after(self.head, counts, not_before=self.head.changed_at)
        position = 0
        for batch in self.batches():
            self.check_batch(batch)
            self.write(batch, revision, position)
            position += len(batch)
        advance_heads(self.project_id, [revision])
        return RollbackResult(revision.revision, updated, archived, restored)

    def check_moves(self) -> None:
        if row := fetch_one(FIND_MOVED, self.parameters):
            raise ItemsMoved(*row)

    def batches(self) -> Iterator[list[RollbackItem]]:
        after = (self.snapshot.revision, 2**31 - 1)
        while True:
            keys = {"after_revision": after[0], "after_position": after[1], "limit": BATCH_ROWS}
            batch = [RollbackItem._make(row) for row in fetch_all(CHANGES_BATCH, self.parameters | keys)]
            if not batch:
                return
            after = batch[-1][:2]
            yield batch

    def check_batch(self, batch: Sequence[RollbackItem]) -> None:
        """Raises ItemErased, and SchemaMismatch for content that the current schemas reject."""
        check_not_erased(self.project_id, [item.id for item in batch if not item.was_live])
        schemas = locked_schemas(self.project_id, self.head.dataset_id, self.head.schema_version)
        if schemas.fields:
            for _ in raise_on_violation(schemas, self.contents(batch)):
                pass

    def contents(self, batch: Sequence[RollbackItem]) -> Iterator[NewItem]:
        """Yield one content at a time, as each may be large."""
        for item in batch:
            if item.source_version is not None:
                source = get_version(self.project_id, item.id, item.source_version)
                assert source is not None  # noqa: S101  versions are never removed
                yield NewItem(**{name: getattr(source.item, name) for name in NewItem._fields})

    def write(self, batch: Sequence[RollbackItem], revision: NewRevision, position: int) -> None:
        updates = [item.update_in(self.head.dataset_id) for item in batch]
        revisions = {self.head.dataset_id: revision}
        ids = {"project_id": self.project_id, "ids": [item.id for item in batch]}
        execute(ARCHIVE_VERSIONS, ids)
        close_validity([each for each in updates if each.was_live], revisions, {"project_id": self.project_id})
        new = {"new_revision": revision.revision, "now": datetime.now(UTC)}
        execute(ROLL_BACK_ITEMS, ids | new | {"source_versions": [item.source_version for item in batch]})
        execute(OPEN_UPDATED_VALIDITY, ids)
        log_changes(self.project_id, change_rows(self.user_id, updates, revisions, written=position))


def roll_back(*, project_id: int, user_id: int, dataset_id: UUID, snapshot: Snapshot) -> RollbackResult:
    """Roll back in one transaction.

    Raises DatasetNotFound, ItemsMoved, ItemErased and SchemaMismatch.
    """
    with statement_timeout(0):
        return Rollback(project_id=project_id, user_id=user_id, dataset_id=dataset_id, snapshot=snapshot).run()
