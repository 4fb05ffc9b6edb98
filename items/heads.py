"""The heads of datasets: a write locks them before it reads anything else, and bulk writes advance them once."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from operator import add
from typing import Any, NamedTuple, Self
from uuid import UUID

from database.query import execute, fetch_all
from database.sql import sql
from items.queries import DatasetNotFound
from items.revision_message import revision_message

MICROSECOND = timedelta(microseconds=1)
# Joins the row of a CTE `head`, only for its keys: PostgreSQL shows the row as it was before the bump.
HEAD_ROW = "dataset_head h ON h.team_id = %(project_id)s AND h.dataset_id = head.dataset_id"

# In id order, so that two moves in opposite directions wait for each other instead of deadlocking. A writer that waited
# here then reads what the other one wrote.
LOCK_HEADS = sql(
    "lock_heads",
    """
SELECT dataset_id, revision, item_count, changed_at, schema_version FROM dataset_head
 WHERE team_id = %(project_id)s AND dataset_id = ANY(%(dataset_ids)s) ORDER BY dataset_id FOR UPDATE
""",
)
ADVANCE_HEADS = sql(
    "advance_heads",
    """
UPDATE dataset_head h SET revision = n.revision, item_count = n.item_count, changed_at = n.changed_at
  FROM unnest(%(dataset_ids)s::uuid[], %(revisions)s::bigint[], %(counts)s::bigint[], %(times)s::timestamptz[])
       AS n (dataset_id, revision, item_count, changed_at)
 WHERE h.team_id = %(project_id)s AND h.dataset_id = n.dataset_id
""",
)


class LockedHead(NamedTuple):
    dataset_id: UUID
    revision: int
    item_count: int
    changed_at: datetime
    schema_version: int


class RevisionCounts(NamedTuple):
    """The numbers of items that a revision created, updated, archived and restored, and the change in live items."""

    created: int = 0
    updated: int = 0
    archived: int = 0
    restored: int = 0
    live_delta: int = 0

    def add(self, other: "RevisionCounts") -> "RevisionCounts":
        return RevisionCounts(*map(add, self, other))


class NewRevision(NamedTuple):
    dataset_id: UUID
    revision: int
    item_count: int
    changed_at: datetime
    counts: RevisionCounts

    @classmethod
    def next_after(cls, head: LockedHead, counts: RevisionCounts, *, not_before: datetime) -> Self:
        """Times rise strictly within a dataset, and no revision is older than an item that it lists."""
        changed_at = max(datetime.now(UTC), not_before, next_time(head))
        return cls(head.dataset_id, head.revision + 1, head.item_count + counts.live_delta, changed_at, counts)

    def summary(self, user_id: int) -> tuple[Any, ...]:
        """Return the columns, from created_at on, that describe the whole revision in its first change."""
        return self.changed_at, user_id, self.item_count, *self.counts[:-1], revision_message.get()


def next_time(head: LockedHead) -> datetime:
    """Return the earliest time of the dataset's next revision, later than all of its items."""
    return head.changed_at + MICROSECOND


def lock_heads(project_id: int, dataset_ids: Iterable[UUID]) -> dict[UUID, LockedHead]:
    """Lock the heads of those datasets that exist, until the end of the transaction."""
    rows = fetch_all(LOCK_HEADS, {"project_id": project_id, "dataset_ids": list(dataset_ids)})
    return {row[0]: LockedHead._make(row) for row in rows}


def lock_head(project_id: int, dataset_id: UUID) -> LockedHead:
    """Raises DatasetNotFound."""
    heads = lock_heads(project_id, [dataset_id])
    if not heads:
        raise DatasetNotFound
    return heads[dataset_id]


def advance_heads(project_id: int, revisions: Collection[NewRevision]) -> None:
    parameters = {
        "project_id": project_id,
        "dataset_ids": [each.dataset_id for each in revisions],
        "revisions": [each.revision for each in revisions],
        "counts": [each.item_count for each in revisions],
        "times": [each.changed_at for each in revisions],
    }
    execute(ADVANCE_HEADS, parameters)
