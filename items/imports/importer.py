"""Import a whole file into a dataset, all or nothing: first read and check all rows, then store them.

Reading takes no lock and no transaction; checked rows wait on disk. What is stored is what was checked, even if the
file changes meanwhile, and the dataset's other writers wait only while finished rows are copied.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import IO, Any, NamedTuple, Self
from uuid import UUID

import orjson
from rest_framework.exceptions import APIException, ValidationError

from database.backend.timeouts import statement_timeout
from items.bulk.item_parser import parse_id
from items.imports.column_mapping import FIELDS, JSON_FIELDS
from items.imports.errors import UnreadableFile, file_error, invalid_row
from items.imports.formats import ImportOptions, ImportSource, open_source
from items.imports.limits import ExpansionLimit
from items.imports.matching import KeyIndex
from items.imports.outcomes import STATUSES, Outcomes
from items.imports.progress import ClientDisconnected, Progress, ProgressCallback, ignore_progress, never
from items.imports.rows import validate_row
from items.imports.staging import StagedRow, StagedRows
from items.validation.batch import RowMismatch
from items.validation.schemas import BATCH_CHARACTERS, BATCH_ROWS, NO_SCHEMAS, SchemaMismatch, Schemas, first_violation
from items.validation_budget import validation_budget
from items.writes.bulk_insert import Created, NewItem, create_items
from rest.errors import exception_handler
from rest.parsers import JSONObject

# Reading stops after this many errors, enough for one round of corrections.
MAX_ERRORS = 100
PREVIEW_ROWS = 10
# The preview has fewer rows if they are long, but at least one.
PREVIEW_CHARACTERS = 1024 * 1024
# The time between two reports of progress.
PROGRESS_SECONDS = 1.0

RowError = dict[str, Any]


class ImportRejected(APIException):
    """Nothing was stored. The envelope has the first error, and `errors` lists all that were found."""

    status_code = 400
    default_type = "validation_error"

    def __init__(self, errors: list[RowError], status: int = 400) -> None:
        error = errors[0]
        self.status_code = status
        super().__init__(f"Row {error['row']}: {error['detail']}", code=error["code"])
        self.members = {"attr": error["attr"], "errors": errors}


class ImportRequest(NamedTuple):
    """A file to import, and its options."""

    file: IO[bytes]
    options: ImportOptions
    schemas: Schemas = NO_SCHEMAS  # of the dataset, before the file is read
    is_abandoned: Callable[[], bool] = never  # whether the client has disconnected


class ImportReader:
    """Reads a file within a `with` block: stages its rows and collects its errors.

    Raises ValidationError if the file is not of its format.
    """

    def __init__(self, request: ImportRequest, on_progress: ProgressCallback = ignore_progress) -> None:
        self.request = request
        self.file = request.file
        self.size = file_size(request.file)
        self.on_progress = on_progress
        with ExitStack() as stack:
            self.staged = stack.enter_context(StagedRows(ExpansionLimit(self.size)))
            self.match_on = request.options.match.match_on
            if self.match_on:
                self.keys = stack.enter_context(KeyIndex())
            self.source: ImportSource = open_source(request.file, self.size, request.options, stack)
            self.stack = stack.pop_all()
        self.schemas = request.schemas
        # Checking many rows at once costs much less than one by one.
        self.pending: list[tuple[int, StagedRow]] = []
        self.pending_characters = 0
        self.rows = self.stored = self.preview_characters = 0
        self.errors: list[RowError] = []
        self.refusal_status = 400
        self.preview: list[NewItem] = []
        self.reported_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def read(self) -> None:
        """Read the whole file. Raises ValidationError if it is unusable as a whole, and ClientDisconnected."""
        with validation_budget():
            self.read_rows()
        if not self.errors:
            self.source.check_complete(self.rows)
            self.check_key()
        if self.request.options.is_strict:
            self.source.usage.reject_ignored()

    def read_rows(self) -> None:
        try:
            for row in self.source.rows():
                self.rows += 1
                self.read_row(row)
                if len(self.errors) == MAX_ERRORS:
                    return
                self.report()
            self.flush()
        except UnreadableFile as error:
            self.flush()
            self.rows += 1
            self.add_error(invalid_row(error.detail))

    def read_row(self, row: Any) -> None:
        try:
            item = self.source.item(row)
        except APIException as error:
            self.flush()
            self.add_error(error)
            return
        try:
            self.add(self.make_row(item))
        except ValidationError as error:
            self.flush()
            self.add_error(error, columns=self.source.plan.columns)

    def make_row(self, item: JSONObject) -> StagedRow:
        """Validate a row. Raises ValidationError."""
        row = StagedRow(validate_row(item), self.source.line)
        if not self.match_on:
            return row
        item_id = parse_id(item.get("id") or None)
        row = row._replace(
            item_id=str(item_id) if item_id else None, given=tuple(name for name in FIELDS if name in item)
        )
        key = row.item_id if self.match_on == "id" else row.item.ref_source_id
        if key:
            self.keys.add(key, self.rows)
        elif self.request.options.match.is_mirror and self.match_on != "id":
            raise ValidationError({self.match_on: ["mirror=true requires a key in every row."]}, code="required")
        return row

    def check_key(self) -> None:
        """Raises ValidationError if no column has the keys to match rows by."""
        if self.rows and self.match_on and self.match_on not in self.source.usage.filled:
            raise file_error(f"The file has no column {self.match_on}.", attr="match_on", code="required")

    def add(self, row: StagedRow) -> None:
        """Queue a row for its check; rows to match are checked later, when their changes are known."""
        if not self.schemas.fields or self.match_on:
            self.stage(row)
            return
        self.pending.append((self.rows, row))
        self.pending_characters += row.characters
        if len(self.pending) >= BATCH_ROWS or self.pending_characters >= BATCH_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Check the queued rows, keeping errors in the order of rows."""
        violations = self.schemas.violations([row.item._asdict() for _, row in self.pending])
        for index, (number, row) in enumerate(self.pending):
            if index in violations:
                self.add_row_error(SchemaMismatch(first_violation(violations[index])), number, row.line)
            else:
                self.stage(row)
        self.pending, self.pending_characters = [], 0

    def stage(self, row: StagedRow) -> None:
        if not self.errors:
            self.staged.stage(row)
        if len(self.preview) < PREVIEW_ROWS and self.preview_characters < PREVIEW_CHARACTERS:
            self.preview.append(row.item)
            self.preview_characters += row.characters

    def add_error(self, error: APIException, columns: dict[str, str] | None = None) -> None:
        """Record an error of the last row."""
        self.add_row_error(error, self.rows, self.source.line, columns)

    def add_row_error(
        self, error: APIException, row: int, line: int | None, columns: dict[str, str] | None = None
    ) -> None:
        """Record an error; its attr names the column that the field was read from."""
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(row_error(error, row, line, columns or {}))

    def items(self) -> Iterator[NewItem]:
        """Yield the staged items to store."""
        for row in self.staged.staged():
            yield row.item
            self.stored += 1
            self.report()

    def summary(self, outcomes: Outcomes, *, revision: int, is_dry_run: bool) -> dict[str, Any]:
        """Return the body of the response."""
        return {
            "dry_run": is_dry_run,
            "rows": self.rows,
            **{status: outcomes.counts[status] for status in STATUSES},
            "errors": self.errors,
            "examples": outcomes.examples() if is_dry_run else [],
            "preview": [preview_item(item) for item in self.preview] if is_dry_run else [],
            "dataset_revision": revision,
            **self.source.usage.summary(),
        }

    def report(self) -> None:
        """Report progress, at most once per interval; called for each row. Raises ClientDisconnected."""
        if self.request.is_abandoned():
            raise ClientDisconnected
        if time.monotonic() - self.reported_at >= PROGRESS_SECONDS:
            self.report_now()

    def report_now(self) -> None:
        self.reported_at = time.monotonic()
        fraction = self.source.fraction_read()
        position = self.file.tell() if fraction is None else int(self.size * fraction)
        self.on_progress(Progress(position, self.size, self.rows, self.stored))


def row_error(error: APIException, row: int, line: int | None, columns: dict[str, str]) -> RowError:
    envelope = exception_handler(error).data
    attr = columns.get(envelope["attr"], envelope["attr"])
    return {"row": row, "line": line, "attr": attr, "code": envelope["code"], "detail": envelope["detail"]}


def store_items(reader: ImportReader, *, project_id: int, user_id: int, dataset_id: UUID) -> Created:
    """Store all rows in one revision; none for a file without rows.

    Raises DatasetNotFound, ClientDisconnected, and ImportRejected for schemas that were replaced while the file was
    read.
    """
    ids: dict[str, Any] = {"project_id": project_id, "user_id": user_id, "dataset_id": dataset_id}
    with statement_timeout(0):
        try:
            created = create_items(**ids, rows=reader.items(), checked_schema_version=reader.schemas.version)
        except RowMismatch as error:
            line = reader.staged.line_of(error.index)
            raise ImportRejected([row_error(error, error.index + 1, line, {})]) from error
        # Report before the commit: a client that disconnects now finds nothing stored.
        reader.report()
        reader.report_now()
        return created


def file_size(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def preview_item(item: NewItem) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in FIELDS}
    texts = {name: orjson.Fragment(values[name]) for name in JSON_FIELDS if values[name] is not None}
    return values | texts
