"""CSV (RFC 4180): commas, quotes doubled inside quotes, line ends of either kind; the first row names the columns.

A cell for input, output, metadata or a place below is JSON if it can be read as such, and a string otherwise. An empty
cell is null; but quotes with nothing in them are an empty text where a column holds ids, as exports write it.
"""

import csv
import re
from collections.abc import Collection, Iterator
from typing import IO, Any

from django.conf import settings

from items.imports.cells import CellParser
from items.imports.column_mapping import ColumnMapping, reject_duplicate_columns
from items.imports.errors import UnreadableFile, file_error, invalid_row
from items.imports.lines import read_lines, row_too_long_error
from items.imports.rows import NULL, build_item
from rest.parsers import JSONObject

# The library's own bound is 128 KiB, and there is one for the whole process. Rows are bounded by RowText.
csv.field_size_limit(settings.BODY_LIMIT_BYTES)
OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
# The library does not say whether a cell had quotes: told from the row's bytes, which it has found to be CSV.
CELL_PATTERN = re.compile(rb'("[^"]*(?:""[^"]*)*"|[^,]*)(?:,|$)')
ID_FIELDS = {"ref_trace_id", "ref_source_id"}


class CSVRow:
    def __init__(self, cells: dict[str, str], empty_texts: Collection[str], reader: CellParser) -> None:
        self.cells = cells
        self.empty_texts = empty_texts
        self.reader = reader

    def json_text(self, column: str) -> str:
        cell = self.cells[column]
        return self.reader.json_or_string(cell) if cell else NULL

    def plain(self, column: str) -> Any:
        cell = self.cells[column]
        return cell if cell or column in self.empty_texts else None


class RowLines:
    """The lines of a file for csv.reader, which asks for as many as a row has."""

    def __init__(self, file: IO[bytes]) -> None:
        self.lines = read_lines(file)
        self.start_row()

    def start_row(self) -> None:
        self.row: list[bytes] = []
        self.length = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.row.append(line)
            self.length += len(line)
            if self.length > settings.BODY_LIMIT_BYTES:
                raise row_too_long_error()
            try:
                yield line.decode()
            except UnicodeDecodeError as error:
                raise UnreadableFile(f"The file is not UTF-8: {error}.") from None


class CSVFile:
    def __init__(self, file: IO[bytes], mapping: ColumnMapping) -> None:
        self.text = RowLines(file)
        self.reader = csv.reader(self.text, strict=True)
        self.columns = self.read_header()
        self.check_delimiter(mapping)
        self.plan = mapping.plan_header(self.columns)
        self.id_columns = [column for field, column in self.plan.columns.items() if field in ID_FIELDS]
        self.cell_parser = CellParser()

    def read_header(self) -> list[str]:
        """Raises ValidationError, since without it nothing can be read."""
        try:
            names = [name.strip() for name in next(self.rows(), [])]
        except UnreadableFile as error:
            raise file_error(error.detail) from None
        if not names:
            raise file_error("The file is empty; its first row must name the columns.")
        reject_duplicate_columns(names)
        return names

    def check_delimiter(self, mapping: ColumnMapping) -> None:
        if len(self.columns) > 1 or self.columns[0] in {*mapping.same_name, *mapping.targets}:
            return
        for delimiter, name in OTHER_DELIMITERS.items():
            if delimiter in self.columns[0]:
                detail = f'The cells of the first row are separated by {name}, not commas: "{self.columns[0][:60]}".'
                raise file_error(detail)

    def rows(self) -> Iterator[list[str]]:
        """Blank lines are no rows; they count as part of the next one."""
        self.text.start_row()
        try:
            for cells in self.reader:
                if cells:
                    yield cells
                    self.text.start_row()
        except csv.Error as error:
            raise UnreadableFile(f"The row is no CSV: {error}.") from error

    def item(self, cells: list[str]) -> JSONObject:
        if len(cells) != len(self.columns):
            raise invalid_row(f"The row has {len(cells)} cells, but there are {len(self.columns)} columns.")
        self.cell_parser.reset()
        named = dict(zip(self.columns, cells, strict=True))
        return build_item(self.plan, CSVRow(named, self.empty_texts(named), self.cell_parser), self.cell_parser.numbers)

    def empty_texts(self, cells: dict[str, str]) -> Collection[str]:
        """The columns of ids that hold an empty text in the row that was read last."""
        if all(cells[column] for column in self.id_columns):
            return ()
        row = b"".join(self.text.row).strip(b"\r\n")
        if b',"",' not in b",%b," % row:
            return ()
        raw_cells = dict(zip(self.columns, CELL_PATTERN.findall(row), strict=False))
        return [column for column in self.id_columns if raw_cells[column] == b'""']

    def fraction_read(self) -> None:
        """The place in the file tells."""

    def check_complete(self, rows: int) -> None:
        """The head has told everything."""
