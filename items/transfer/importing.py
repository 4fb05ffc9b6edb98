"""A whole file into a dataset, all or nothing: first all of it is read and checked, then all of it is stored.

Reading takes no lock and no transaction, and its rows wait on disk. What is stored is what was checked, whatever has
become of the file since; and the dataset's other writers wait only while rows that are ready are copied.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO, Any, NamedTuple, Self
from uuid import UUID

import orjson
from rest_framework.exceptions import APIException, ValidationError

from database.bounded.limits import statements_within
from items.bulk.creation import Created, NewItem, create_items
from items.quality.many import RowMismatch
from items.quality.schemas import BATCH_CHARACTERS, BATCH_LENGTH, NONE, SchemaMismatch, Schemas, first
from items.transfer.formats import Source, opened
from items.transfer.mapping import FIELDS, JSON_FIELDS, Mapping
from items.transfer.progress import Progress, Watch, nobody_watches
from items.transfer.refusals import ReadingEnds, row_refused
from items.transfer.row_checks import checked
from items.transfer.spool import Spool
from rest.errors import exception_handler

# Reading ends with this many errors: somebody who has mended them asks again.
MOST_ERRORS = 100
PREVIEW_ROWS = 10
# Fewer rows than that where these are long; the first is shown in any case.
PREVIEW_LENGTH = 1024 * 1024
# Between two reports of progress.
REPORT_SECONDS = 1.0

RowError = dict[str, Any]


class RowsRefused(APIException):
    """Nothing was stored. The envelope tells the first error, and `errors` all that were found."""

    status_code = 400
    default_type = "validation_error"

    def __init__(self, errors: list[RowError]) -> None:
        first = errors[0]
        super().__init__(f"Row {first['row']}: {first['detail']}", code=first["code"])
        self.members = {"attr": first["attr"], "errors": errors}


class Import(NamedTuple):
    """What is to be imported, and how."""

    file: IO[bytes]
    format: str
    mapping: Mapping
    encoding: str = ""
    schemas: Schemas = NONE  # of the dataset, as they are before the file is read


class Reading:
    """A file that is being read: its rows go to the spool, its errors are noted. Good as long as its `with` lasts.

    Raises ValidationError for what is no such file.
    """

    def __init__(self, wanted: Import, watch: Watch = nobody_watches) -> None:
        self.file = wanted.file
        self.size = size_of(wanted.file)
        self.watch = watch
        with ExitStack() as until:
            self.spool = until.enter_context(Spool())
            self.source: Source = opened(
                wanted.file, wanted.format, wanted.mapping, encoding=wanted.encoding, until=until
            )
            self.until = until.pop_all()
        self.schemas = wanted.schemas
        # Rows that have yet to be checked against the schemas, which costs much less for many, with their numbers.
        self.pending: list[tuple[int, NewItem]] = []
        self.pending_length = 0
        self.rows = self.stored = self.preview_length = 0
        self.errors: list[RowError] = []
        self.preview: list[NewItem] = []
        self.reported = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.until.close()

    def read(self) -> None:
        """Raises ValidationError where the file as a whole cannot be meant."""
        try:
            for row in self.source.rows():
                self.rows += 1
                self.check(row)
                if len(self.errors) == MOST_ERRORS:
                    return
                self.report()
            self.settle()
        except ReadingEnds as error:
            self.settle()
            self.rows += 1
            self.note(row_refused(error.detail))
        if not self.errors:
            self.source.finish(self.rows)

    def check(self, row: Any) -> None:
        try:
            item = self.source.item(row)
        except APIException as error:
            self.settle()
            self.note(error)
            return
        try:
            self.take(checked(item))
        except ValidationError as error:
            self.settle()
            self.note(error, columns=self.source.plan.columns)

    def take(self, item: NewItem) -> None:
        if not self.schemas.fields:
            self.keep(item)
            return
        self.pending.append((self.rows, item))
        self.pending_length += length_of(item)
        if len(self.pending) >= BATCH_LENGTH or self.pending_length >= BATCH_CHARACTERS:
            self.settle()

    def settle(self) -> None:
        """What is pending is kept or noted: errors stand in the order of the rows."""
        misfits = self.schemas.misfits([item._asdict() for _, item in self.pending])
        for index, (row, item) in enumerate(self.pending):
            if index in misfits:
                self.note(SchemaMismatch(first(misfits[index])), row=row)
            else:
                self.keep(item)
        self.pending, self.pending_length = [], 0

    def keep(self, item: NewItem) -> None:
        if not self.errors:
            self.spool.put(item)
        if len(self.preview) < PREVIEW_ROWS and self.preview_length < PREVIEW_LENGTH:
            self.preview.append(item)
            self.preview_length += length_of(item)

    def note(self, error: APIException, columns: dict[str, str] | None = None, row: int = 0) -> None:
        """As the answer lists it: by the column that the field was read from."""
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(row_error(error, row or self.rows, columns or {}))

    def items(self) -> Iterator[NewItem]:
        """To be stored."""
        for item in self.spool.items():
            yield item
            self.stored += 1
            self.report()

    def told(self, *, created: int, revision: int, is_dry: bool) -> dict[str, Any]:
        """What an answer says of it."""
        return {
            "dry_run": is_dry,
            "rows": self.rows,
            "created": created,
            "errors": self.errors,
            "preview": [as_stored(item) for item in self.preview] if is_dry else [],
            "dataset_revision": revision,
        }

    def report(self) -> None:
        if time.monotonic() - self.reported >= REPORT_SECONDS:
            self.report_now()

    def report_now(self) -> None:
        self.reported = time.monotonic()
        share = self.source.share()
        place = self.file.tell() if share is None else int(self.size * share)
        self.watch(Progress(place, self.size, self.rows, self.stored))


def row_error(error: APIException, row: int, columns: dict[str, str]) -> RowError:
    told = exception_handler(error).data
    attr = columns.get(told["attr"], told["attr"])
    return {"row": row, "attr": attr, "code": told["code"], "detail": told["detail"]}


def store(reading: Reading, *, project_id: int, user_id: int, dataset_id: UUID) -> Created:
    """One revision; none for a file without rows.

    Raises UnknownDataset, what the watch raises, and RowsRefused for schemas that were put while the file was read.
    """
    ids: dict[str, Any] = {"project_id": project_id, "user_id": user_id, "dataset_id": dataset_id}
    with statements_within(0):
        try:
            created = create_items(**ids, rows=reading.items(), checked_against=reading.schemas.version)
        except RowMismatch as error:
            raise RowsRefused([row_error(error, error.index + 1, {})]) from error
        # Before the commit: whoever gives up now finds nothing stored.
        reading.report_now()
        return created


def length_of(item: NewItem) -> int:
    """In characters of its texts."""
    return sum(len(value) for value in item if isinstance(value, str))


def size_of(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def as_stored(item: NewItem) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in FIELDS}
    texts = {name: orjson.Fragment(values[name]) for name in JSON_FIELDS if values[name] is not None}
    return values | texts
