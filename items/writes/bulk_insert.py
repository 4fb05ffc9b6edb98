"""Create any number of items of one dataset in one revision, in constant memory."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from typing import NamedTuple
from uuid import UUID

import uuid_utils
from django.db import transaction

from database.query import Row, copy_rows, execute
from database.sql import sql
from items.heads import MICROSECOND, LockedHead, NewRevision, RevisionCounts, advance_heads, lock_head, next_time
from items.quotas import project_usage
from items.revision_message import revision_message
from items.rows import JSON_COLUMNS, ItemRow
from items.validation.batch import locked_schemas, raise_on_violation
from items.writes.ledger import END, INSERT_CHANGES, INSERT_VALIDITY, ITEM_COLUMNS

COPY_ITEMS = sql("copy_items", "COPY dataset_item ($columns) FROM STDIN (FORMAT BINARY)", columns=ITEM_COLUMNS)
# The wire type of each column. Text and bytes are sent as they are, without looking at the values.
COLUMNS_BY_TYPE = {
    "int8": {"team_id", "created_by_id", "version", "revision"},
    "bytea": {"id", "dataset_id"},
    "text": {*JSON_COLUMNS, "ref_trace_id", "ref_source_id"},
    "timestamptz": {"ref_timestamp", "created_at", "updated_at"},
    "bool": {"deleted"},
}
COLUMN_TYPES = [
    next(name for name, columns in COLUMNS_BY_TYPE.items() if column in columns) for column in ItemRow._fields
]

# PostgreSQL remembers each row until the end of its statement, to check its foreign keys then.
COPY_BATCH_ROWS = 50_000
# The rows of one COPY: no other transaction writes this revision, and this one creates nothing else.
COPIED_ROWS = """
    team_id = %(project_id)s AND id BETWEEN %(first)s AND %(last)s
    AND dataset_id = %(dataset_id)s AND revision = %(revision)s AND version = 1
"""
OPEN_VALIDITY = sql(
    "open_validity_of_copied_items",
    """
$insert_validity
SELECT team_id, dataset_id, created_at, id, 1, revision, $end FROM dataset_item
 WHERE $copied_rows AND deleted IS NOT TRUE
""",
    insert_validity=INSERT_VALIDITY,
    end=END,
    copied_rows=COPIED_ROWS,
)
LOG_CHANGES = sql(
    "log_copied_items",
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
          FROM dataset_item WHERE $copied_rows) copied
""",
    insert_changes=INSERT_CHANGES,
    copied_rows=COPIED_ROWS,
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


def create_items(
    *, project_id: int, user_id: int, dataset_id: UUID, rows: Iterable[NewItem], checked_schema_version: int = 0
) -> Created:
    """Store the rows as items of the dataset, in their order, as one revision. Raises DatasetNotFound.

    Runs in one transaction: if `rows` raises, nothing is stored. Memory is constant: rows are sent as they come, so
    `rows` may be a generator of any length, but it must not use the database meanwhile. The dataset's other writers
    wait from the first row until all are written.

    Ids and created_at rise from row to row, so lists and exports keep the order. Rows that do not fit the dataset's
    schemas raise RowMismatch, unless they have been checked against this version of the schemas.
    """
    with transaction.atomic():
        head = lock_head(project_id, dataset_id)
        if head.schema_version != checked_schema_version:
            rows = raise_on_violation(locked_schemas(project_id, dataset_id, head.schema_version), rows)
        copy_insert = copy_items(project_id, user_id, head, ((new_id(), row) for row in rows))
        if not copy_insert.count:
            return Created(head.revision, 0)
        revision = NewRevision.next_after(head, copy_insert.counts, not_before=copy_insert.last_time)
        copy_insert.write_history(revision)
        advance_heads(project_id, [revision])
        return Created(revision.revision, copy_insert.count)


class CopyBatch(NamedTuple):
    """The first and last id of one COPY's rows, and the number of rows of the COPYs before it."""

    first: bytes
    last: bytes
    start: int


class CopyInsert:
    """Copies rows into the table and keeps what their history needs."""

    def __init__(self, project_id: int, user_id: int, head: LockedHead) -> None:
        self.project_id, self.user_id, self.head = project_id, user_id, head
        self.last_time = max(datetime.now(UTC), next_time(head))
        self.last_id = b""
        self.count = self.live_count = 0
        self.batches: list[CopyBatch] = []
        self.usage = project_usage(project_id)

    @property
    def counts(self) -> RevisionCounts:
        return RevisionCounts(created=self.count, live_delta=self.live_count)

    def copy(self, rows: Iterator[tuple[bytes, NewItem]]) -> None:
        for row in rows:
            start = self.count
            copy_rows(COPY_ITEMS, COLUMN_TYPES, self.complete_rows(chain([row], islice(rows, COPY_BATCH_ROWS - 1))))
            self.batches.append(CopyBatch(row[0], self.last_id, start))

    def complete_rows(self, rows: Iterable[tuple[bytes, NewItem]]) -> Iterator[Row]:
        """Add the columns of ItemRow that the client does not send. Raises QuotaExceeded."""
        team, dataset, revision = self.project_id, self.head.dataset_id.bytes, self.head.revision + 1
        for item_id, item in rows:
            if self.usage:
                self.usage.add_values((item.input, item.output, item.metadata))
            self.last_id = item_id
            self.last_time = time = self.last_time + MICROSECOND
            self.count += 1
            self.live_count += item[-1] is not True
            yield (team, item_id, dataset, *item, time, time, self.user_id, 1, revision)

    def write_history(self, revision: NewRevision) -> None:
        """Write the validity of the rows and their changes, from position 0, which describes the whole revision."""
        parameters = {
            "project_id": self.project_id,
            "user_id": self.user_id,
            **revision._asdict(),
            **revision.counts._asdict(),
            "message": revision_message.get(),
        }
        for first, last, start in self.batches:
            batch = {"first": UUID(bytes=first), "last": UUID(bytes=last), "start": start}
            execute(OPEN_VALIDITY, parameters | batch)
            execute(LOG_CHANGES, parameters | batch)


def new_id() -> bytes:
    """Return a UUID of version 7, greater than all earlier ones in this process."""
    return uuid_utils.uuid7().bytes


def copy_items(project_id: int, user_id: int, head: LockedHead, rows: Iterable[tuple[bytes, NewItem]]) -> CopyInsert:
    """Write only the items, whose ids must rise; write_history() of the result records them."""
    copy_insert = CopyInsert(project_id, user_id, head)
    copy_insert.copy(iter(rows))
    return copy_insert
