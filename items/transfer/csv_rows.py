"""CSV (RFC 4180): commas, quotes doubled inside quotes, line ends of either kind; the first row names the columns.

A cell for input, output, metadata or a place below is JSON if it can be read as such, and a string otherwise. An empty
cell is null; but quotes with nothing in them are an empty text where a column holds ids, as exports write it.
"""

import csv
import re
from collections.abc import Collection, Iterator
from typing import IO, Any

from django.conf import settings

from items.transfer.cell_texts import CellReader
from items.transfer.lines import lines_of, row_too_long
from items.transfer.mapping import Mapping, refuse_repeated
from items.transfer.refusals import ReadingEnds, file_refused, row_refused
from items.transfer.row_items import NULL, item_of
from rest.parsers import JSONObject

# The library's own bound is 128 KiB, and there is one for the whole process. Rows are bounded by RowText.
csv.field_size_limit(settings.BODY_LIMIT_BYTES)
OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
# The library does not say whether a cell had quotes: told from the row's bytes, which it has found to be CSV.
CELL = re.compile(rb'("[^"]*(?:""[^"]*)*"|[^,]*)(?:,|$)')
OF_IDS = {"ref_trace_id", "ref_source_id"}


class CSVRow:
    def __init__(self, cells: dict[str, str], empty_texts: Collection[str], reader: CellReader) -> None:
        self.cells = cells
        self.empty_texts = empty_texts
        self.reader = reader

    def json_text(self, column: str) -> str:
        cell = self.cells[column]
        return self.reader.json_or_string(cell) if cell else NULL

    def plain(self, column: str) -> Any:
        cell = self.cells[column]
        return cell if cell or column in self.empty_texts else None


class RowText:
    """The lines of a file for csv.reader, which asks for as many as a row has."""

    def __init__(self, file: IO[bytes]) -> None:
        self.lines = lines_of(file)
        self.start_row()

    def start_row(self) -> None:
        self.row: list[bytes] = []
        self.length = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.row.append(line)
            self.length += len(line)
            if self.length > settings.BODY_LIMIT_BYTES:
                raise row_too_long()
            try:
                yield line.decode()
            except UnicodeDecodeError as error:
                raise ReadingEnds(f"The file is not UTF-8: {error}.") from None


class CSVFile:
    def __init__(self, file: IO[bytes], mapping: Mapping) -> None:
        self.text = RowText(file)
        self.reader = csv.reader(self.text, strict=True)
        self.columns = self.head()
        self.check_delimiter(mapping)
        self.plan = mapping.plan_of_head(self.columns)
        self.of_ids = [column for field, column in self.plan.columns.items() if field in OF_IDS]
        self.cell_reader = CellReader()

    def head(self) -> list[str]:
        """Raises ValidationError, since without it nothing can be read."""
        try:
            names = [name.strip() for name in next(self.rows(), [])]
        except ReadingEnds as error:
            raise file_refused(error.detail) from None
        if not names:
            raise file_refused("The file is empty; its first row must name the columns.")
        refuse_repeated(names)
        return names

    def check_delimiter(self, mapping: Mapping) -> None:
        if len(self.columns) > 1 or self.columns[0] in {*mapping.own, *mapping.targets}:
            return
        for delimiter, name in OTHER_DELIMITERS.items():
            if delimiter in self.columns[0]:
                detail = f'The cells of the first row are separated by {name}, not commas: "{self.columns[0][:60]}".'
                raise file_refused(detail)

    def rows(self) -> Iterator[list[str]]:
        """Blank lines are no rows; they count as part of the next one."""
        self.text.start_row()
        try:
            for cells in self.reader:
                if cells:
                    yield cells
                    self.text.start_row()
        except csv.Error as error:
            raise ReadingEnds(f"The row is no CSV: {error}.") from error

    def item(self, cells: list[str]) -> JSONObject:
        if len(cells) != len(self.columns):
            raise row_refused(f"The row has {len(cells)} cells, but there are {len(self.columns)} columns.")
        self.cell_reader.forget()
        named = dict(zip(self.columns, cells, strict=True))
        return item_of(self.plan, CSVRow(named, self.empty_texts(named), self.cell_reader), self.cell_reader.seen)

    def empty_texts(self, cells: dict[str, str]) -> Collection[str]:
        """The columns of ids that hold an empty text in the row that was read last."""
        if all(cells[column] for column in self.of_ids):
            return ()
        row = b"".join(self.text.row).strip(b"\r\n")
        if b',"",' not in b",%b," % row:
            return ()
        spelt = dict(zip(self.columns, CELL.findall(row), strict=False))
        return [column for column in self.of_ids if spelt[column] == b'""']

    def share(self) -> None:
        """The place in the file tells."""

    def finish(self, rows: int) -> None:
        """The head has told everything."""
