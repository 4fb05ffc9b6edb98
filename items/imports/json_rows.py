"""Rows that are JSON objects, whose top-level keys are the columns. JSON text is kept as spelled."""

import json
from typing import Any

from rest_framework.exceptions import ParseError

from items.imports.column_mapping import ColumnMapping, ColumnPlan
from items.imports.column_usage import ColumnUsage
from items.imports.kind_check import NOT_UTF8
from items.imports.rows import build_item
from rest.deserializer import read_object
from rest.parsers import JSONObject


class JSONRow:
    def __init__(self, row: JSONObject) -> None:
        self.row = row

    def json_text(self, column: str) -> str:
        return self.row.texts[column]

    def plain(self, column: str) -> Any:
        return self.row[column]


class JSONRows:
    """The common base of files of JSON objects."""

    def __init__(self, mapping: ColumnMapping) -> None:
        self.mapping = mapping
        self.seen_columns: set[str] = set()
        self.columns: tuple[str, ...] = ()
        self.plan = ColumnPlan({}, {})
        self.usage = ColumnUsage()
        self.line: int | None = None

    def item(self, text: bytes) -> JSONObject:
        row = parse_row(text)
        columns = tuple(row)
        if columns != self.columns:
            self.plan, self.columns = self.mapping.plan(columns), columns
            self.seen_columns |= self.plan.found
            self.usage.add(self.plan)
        return build_item(self.plan, JSONRow(row), row)

    def fraction_read(self) -> None:
        """Return None: the position in the file says it."""

    def check_complete(self, rows: int) -> None:
        """Single rows may lack columns; raise ValidationError if all of them do."""
        if rows:
            self.mapping.check_columns(self.seen_columns, header=self.columns)


def parse_row(text: bytes) -> JSONObject:
    """Raises ValidationError and ParseError with messages about the row."""
    try:
        return read_object(text)
    except ParseError as error:
        raise ParseError(describe(error.__cause__)) from None


def describe(error: BaseException | None) -> str:
    if isinstance(error, RecursionError):
        return "JSON nesting is too deep."
    if isinstance(error, UnicodeDecodeError):
        return NOT_UTF8
    if isinstance(error, json.JSONDecodeError):
        if not error.doc[error.pos :].strip():
            return "The row is not a complete JSON object: it ends too early."
        return f"The row is not valid JSON from character {error.pos + 1} on: {error.doc[error.pos :][:20]!r}."
    return "The row is not valid JSON."
