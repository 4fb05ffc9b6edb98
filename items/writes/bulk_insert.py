"""Create any number of items of one dataset in one revision, in constant memory."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import uuid_utils
from django.db import transaction

from database.batch_pipeline import BatchPipeline
from database.columns import (
    BooleanColumn,
    JSONColumn,
    Kinds,
    TextColumn,
    TimeColumn,
    UUIDColumn,
    arrays_sql,
    columns_of,
)
from database.query import execute
from database.sql import sql
from items.heads import MICROSECOND, LockedHead, NewRevision, RevisionCounts, advance_heads, lock_head, next_time
from items.queries import IS_LIVE_BY_ID
from items.quotas import project_usage
from items.revision_message import revision_message
from items.rows import JSON_COLUMNS, DatasetRef
from items.validation.batch import locked_schemas, raise_on_violation
from items.writes.batches import in_batches
from items.writes.ledger import END, INSERT_CHANGES, INSERT_ITEMS, INSERT_VALIDITY

COLUMN_BY_FIELD: Kinds = {
    **dict.fromkeys(JSON_COLUMNS, JSONColumn),
    "ref_trace_id": TextColumn,
    "ref_timestamp": TimeColumn,
    "ref_source_id": TextColumn,
    "deleted": BooleanColumn,
}
CREATED_AT = "%(time)s::timestamptz + number * interval '1 microsecond'"
INSERT_NEW_ITEMS = sql(
    "insert_new_items",
    """
$insert_items
SELECT h.team_id, n.id, h.dataset_id, $fields, $created_at, $created_at, %(user_id)s::bigint, 1, h.revision + 1
  FROM dataset_head h CROSS JOIN unnest(%(ids)s::uuid[], $arrays) WITH ORDINALITY AS n (id, $fields, number)
 WHERE h.team_id = %(project_id)s AND h.dataset_id = %(dataset_id)s
""",
    insert_items=INSERT_ITEMS,
    fields=", ".join(COLUMN_BY_FIELD),
    arrays=arrays_sql(COLUMN_BY_FIELD),
    created_at=CREATED_AT,
)
# A statement sorts so many rows at once.
MAX_HISTORY_ROWS = 50_000
# The inserted rows: no other transaction writes this revision, and this one creates nothing else.
INSERTED_ROWS = """
    team_id = %(project_id)s AND id BETWEEN %(first)s AND %(last)s
    AND dataset_id = %(dataset_id)s AND revision = %(revision)s AND version = 1
"""
OPEN_VALIDITY = sql(
    "open_validity_of_new_items",
    """
$insert_validity
SELECT team_id, dataset_id, created_at, id, 1, revision, $end FROM dataset_item
 WHERE $inserted_rows AND $is_live
""",
    insert_validity=INSERT_VALIDITY,
    end=END,
    inserted_rows=INSERTED_ROWS,
    is_live=IS_LIVE_BY_ID,
)
LOG_CHANGES = sql(
    "log_new_items",
    """
$insert_changes
SELECT team_id, dataset_id, revision, position, 'created', id, 1,
       CASE WHEN position = 0 THEN %(changed_at)s::timestamptz END,
       CASE WHEN position = 0 THEN %(user_id)s::bigint END,
       CASE WHEN position = 0 THEN %(item_count)s::bigint END,
       CASE WHEN position = 0 THEN %(created)s::int ELSE 0 END,
       CASE WHEN position = 0 THEN %(updated)s::int ELSE 0 END,
       CASE WHEN position = 0 THEN %(archived)s::int ELSE 0 END,
       CASE WHEN position = 0 THEN %(restored)s::int ELSE 0 END,
       CASE WHEN position = 0 THEN %(message)s::text END
  FROM (SELECT team_id, dataset_id, revision, id, row_number() OVER (ORDER BY id) - 1 + %(start)s AS position
          FROM dataset_item WHERE $inserted_rows) inserted
""",
    insert_changes=INSERT_CHANGES,
    inserted_rows=INSERTED_ROWS,
)


class NewItem(NamedTuple):
    """The values of a new item: JSON as normalized text (see json_text.py), JSON null as None."""

    input: str | None = None
    output: str | None = None
    metadata: str | None = None
    ref_trace_id: str | None = None
    ref_timestamp: datetime | None = None
    ref_source_id: str | None = None
    deleted: bool | None = False


class Created(NamedTuple):
    dataset_revision: int  # the current one if there were no rows and nothing was written
    rows: int


ItemToInsert = tuple[uuid_utils.UUID, NewItem]


def create_items(
    *, project_id: int, user_id: int, dataset_id: UUID, rows: Iterable[NewItem], checked_schema_version: int = 0
) -> Created:
    """Store the rows as items of the dataset, in their order, as one revision. Raises DatasetNotFound.

    Runs in one transaction: if `rows` raises, nothing is stored. Memory is constant: rows are sent in batches, so
    `rows` may be a generator of any length. The dataset's other writers wait from the first row until all are written.

    Ids and created_at rise from row to row, so lists and exports keep the order. Rows that do not fit the dataset's
    schemas raise RowMismatch, unless they have been checked against this version of the schemas.
    """
    with transaction.atomic():
        head = lock_head(project_id, dataset_id)
        if head.schema_version != checked_schema_version:
            rows = raise_on_violation(locked_schemas(project_id, dataset_id, head.schema_version), rows)
        inserted = insert_items(project_id, user_id, head, ((new_id(), row) for row in rows))
        if not inserted.count:
            return Created(head.revision, 0)
        revision = NewRevision.next_after(head, inserted.counts, not_before=inserted.last_time)
        inserted.write_history(revision)
        advance_heads(project_id, [revision])
        return Created(revision.revision, inserted.count)


class BulkInsert:
    """Inserts rows and keeps what their history needs."""

    def __init__(self, project_id: int, user_id: int, head: LockedHead) -> None:
        self.project_id, self.user_id, self.head = project_id, user_id, head
        # Of the last row: the first is a microsecond later.
        self.last_time = max(datetime.now(UTC), next_time(head))
        self.count = self.live_count = 0
        # The first and last id of rows whose history is written together, and the number of rows before them.
        self.ranges: list[tuple[UUID, UUID, int]] = []
        self.usage = project_usage(project_id)

    @property
    def counts(self) -> RevisionCounts:
        return RevisionCounts(created=self.count, live_delta=self.live_count)

    def insert(self, pipeline: BatchPipeline, batch: Sequence[ItemToInsert]) -> None:
        """Raises QuotaExceeded."""
        ids, items = zip(*batch, strict=True)
        if self.usage:
            for item in items:
                self.usage.add_values((item.input, item.output, item.metadata))
        parameters = {"user_id": self.user_id, "time": self.last_time, "ids": UUIDColumn(ids)}
        dataset = DatasetRef(self.project_id, self.head.dataset_id).parameters
        pipeline.execute(INSERT_NEW_ITEMS, dataset | parameters | columns_of(COLUMN_BY_FIELD, items))
        self.extend_ranges(UUID(bytes=ids[0].bytes), UUID(bytes=ids[-1].bytes), len(batch))
        self.last_time += MICROSECOND * len(batch)
        self.count += len(batch)
        self.live_count += sum(item.deleted is not True for item in items)

    def extend_ranges(self, first: UUID, last: UUID, count: int) -> None:
        if self.ranges and self.count + count - self.ranges[-1][2] <= MAX_HISTORY_ROWS:
            first, _, start = self.ranges.pop()
            self.ranges.append((first, last, start))
        else:
            self.ranges.append((first, last, self.count))

    def write_history(self, revision: NewRevision) -> None:
        """Write the validity of the rows and their changes, from position 0, which describes the whole revision."""
        parameters = {
            "project_id": self.project_id,
            "user_id": self.user_id,
            **revision._asdict(),
            **revision.counts._asdict(),
            "message": revision_message.get(),
        }
        for first, last, start in self.ranges:
            range_parameters = {"first": first, "last": last, "start": start}
            execute(OPEN_VALIDITY, parameters | range_parameters)
            execute(LOG_CHANGES, parameters | range_parameters)


def new_id() -> uuid_utils.UUID:
    """Return a UUID of version 7, greater than all earlier ones in this process."""
    return uuid_utils.uuid7()


def characters_of(row: ItemToInsert) -> int:
    item = row[1]
    return len(item[0] or "") + len(item[1] or "") + len(item[2] or "")


def insert_items(project_id: int, user_id: int, head: LockedHead, rows: Iterable[ItemToInsert]) -> BulkInsert:
    """Write only the items, whose ids must rise; write_history() of the result records them.

    PostgreSQL writes a batch while `rows` makes the next one, and so must not run statements.
    """
    insert = BulkInsert(project_id, user_id, head)
    with BatchPipeline() as pipeline:
        for batch in in_batches(rows, characters_of):
            insert.insert(pipeline, batch)
    return insert
