"""JSON Lines: one object a line, whose top-level keys are the columns. Texts are kept as they are spelled."""

from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings

from items.imports.column_mapping import ColumnMapping, ColumnPlan
from items.imports.errors import UnreadableFile
from items.imports.lines import read_lines, row_too_long_error
from items.imports.rows import build_item
from rest.deserializer import read_object
from rest.parsers import JSONObject


class JSONLRow:
    def __init__(self, line: JSONObject) -> None:
        self.line = line

    def json_text(self, column: str) -> str:
        return self.line.texts[column]

    def plain(self, column: str) -> Any:
        return self.line[column]


class JSONLFile:
    def __init__(self, file: IO[bytes], mapping: ColumnMapping) -> None:
        self.file = file
        self.mapping = mapping
        self.seen_columns: set[str] = set()
        self.columns: tuple[str, ...] = ()
        self.plan = ColumnPlan({}, {})
        self.readable_columns = {*mapping.same_name, *mapping.targets}

    def rows(self) -> Iterator[bytes]:
        """Blank lines are none; they count as part of the next row."""
        is_first, blank = True, 0
        for line in read_lines(self.file):
            if line.isspace():
                blank += len(line)
                if blank > settings.BODY_LIMIT_BYTES:
                    raise row_too_long_error()
                continue
            if is_first and line.lstrip()[:1] == b"[":
                raise UnreadableFile("The file begins with [. JSON Lines are one object a line, without an array.")
            is_first, blank = False, 0
            yield line

    def item(self, line: bytes) -> JSONObject:
        row = read_object(line)
        columns = tuple(row)
        if columns != self.columns:
            self.plan, self.columns = self.mapping.plan(columns), columns
            self.seen_columns |= self.readable_columns.intersection(columns)
        return build_item(self.plan, JSONLRow(row), row)

    def fraction_read(self) -> None:
        """The place in the file tells."""

    def check_complete(self, rows: int) -> None:
        """Lines may lack columns; that all of them do cannot be meant. Raises ValidationError."""
        if rows:
            self.mapping.check_columns(self.seen_columns, header=self.columns)
