"""JSON Lines: one object a line, whose top-level keys are the columns. Texts are kept as they are spelt."""

from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings

from items.transfer.lines import lines_of, row_too_long
from items.transfer.mapping import Mapping, Plan
from items.transfer.refusals import ReadingEnds
from items.transfer.row_items import item_of
from rest.intake import read_object
from rest.parsers import JSONObject


class JSONLRow:
    def __init__(self, line: JSONObject) -> None:
        self.line = line

    def json_text(self, column: str) -> str:
        return self.line.texts[column]

    def plain(self, column: str) -> Any:
        return self.line[column]


class JSONLines:
    def __init__(self, file: IO[bytes], mapping: Mapping) -> None:
        self.file = file
        self.mapping = mapping
        self.found: set[str] = set()
        self.columns: tuple[str, ...] = ()
        self.plan = Plan({}, {})
        self.wanted = {*mapping.own, *mapping.targets}

    def rows(self) -> Iterator[bytes]:
        """Blank lines are none; they count as part of the next row."""
        is_first, blank = True, 0
        for line in lines_of(self.file):
            if line.isspace():
                blank += len(line)
                if blank > settings.BODY_LIMIT_BYTES:
                    raise row_too_long()
                continue
            if is_first and line.lstrip()[:1] == b"[":
                raise ReadingEnds("The file begins with [. JSON Lines are one object a line, without an array.")
            is_first, blank = False, 0
            yield line

    def item(self, line: bytes) -> JSONObject:
        row = read_object(line)
        columns = tuple(row)
        if columns != self.columns:
            self.plan, self.columns = self.mapping.plan(columns), columns
            self.found |= self.wanted.intersection(columns)
        return item_of(self.plan, JSONLRow(row), row)

    def share(self) -> None:
        """The place in the file tells."""

    def finish(self, rows: int) -> None:
        """Lines may lack columns; that all of them do cannot be meant. Raises ValidationError."""
        if rows:
            self.mapping.check_read(self.found, shown=self.columns)
