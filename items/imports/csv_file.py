"""CSV (RFC 4180): quotes are doubled inside quotes, line ends are of any kind, and the first row names the columns.

A cell for input, output, metadata or a path below is JSON if it can be parsed as such, otherwise a string. An empty
cell is null, but quotes with nothing between them are an empty string in columns of ids, as exports write it.
"""

import csv
import re
from collections.abc import Collection, Iterator
from typing import IO, Any

from django.conf import settings

from items.imports.column_mapping import ColumnMapping, reject_duplicate_columns
from items.imports.column_names import name_columns
from items.imports.column_usage import ColumnUsage
from items.imports.errors import UnreadableFile, file_error, invalid_row
from items.imports.json_cells import CellParser
from items.imports.kind_check import NOT_UTF8
from items.imports.lines import read_lines, row_too_long_error
from items.imports.rows import NULL, build_item
from rest.parsers import JSONObject

# The csv module's own limit is 128 KiB, for the whole process. RowLines limits rows.
csv.field_size_limit(settings.BODY_LIMIT_BYTES)
COMMA, TAB = ",", "\t"
OTHER_DELIMITERS = {";": "semicolons", "|": "bars"}
ID_FIELDS = {"ref_trace_id", "ref_source_id"}
MAX_COLUMNS = 16_384


def cell_pattern(delimiter: str) -> re.Pattern[bytes]:
    """Match a raw cell: the csv module does not report whether a cell was quoted.

    Matches only the bytes of a row that the module has accepted.
    """
    separator = re.escape(delimiter.encode())
    return re.compile(rb'("[^"]*(?:""[^"]*)*"|(?:(?!%b).)*)(?:%b|$)' % (separator, separator), re.DOTALL)


class CSVRow:
    def __init__(
        self, cells: dict[str, str], empty_texts: Collection[str], text_columns: Collection[str], parser: CellParser
    ) -> None:
        self.cells = cells
        self.empty_texts = empty_texts
        self.text_columns = text_columns
        self.parser = parser

    def json_text(self, column: str) -> str:
        cell = self.cells[column]
        if not cell:
            return NULL
        return self.parser.string(cell) if column in self.text_columns else self.parser.json_or_string(cell)

    def plain(self, column: str) -> Any:
        cell = self.cells[column]
        return cell if cell or column in self.empty_texts else None


class RowLines:
    """The lines of a file for csv.reader, which takes as many as a row needs."""

    def __init__(self, file: IO[bytes]) -> None:
        self.lines = read_lines(file, splits_at_cr=True)
        self.line = 0
        self.start_row()

    def start_row(self) -> None:
        self.row: list[bytes] = []
        self.length = 0
        self.first_line = self.line + 1

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.line += 1
            self.row.append(line)
            self.length += len(line)
            if self.length > settings.BODY_LIMIT_BYTES:
                raise row_too_long_error()
            try:
                yield line.decode()
            except UnicodeDecodeError:
                raise UnreadableFile(NOT_UTF8) from None


class CSVFile:
    def __init__(
        self, file: IO[bytes], mapping: ColumnMapping, *, delimiter: str = "", has_text_cells: bool = False
    ) -> None:
        self.text = RowLines(file)
        head = self.read_head(delimiter or COMMA)
        self.delimiter = delimiter or self.find_delimiter(head, mapping)
        if self.delimiter != COMMA and not delimiter:
            head = next(csv.reader(["".join(line.decode() for line in self.text.row)], delimiter=self.delimiter))
        self.columns = self.name_columns(head)
        self.text.start_row()
        self.reader = csv.reader(self.text, strict=True, delimiter=self.delimiter)
        self.cell_pattern = cell_pattern(self.delimiter)
        self.plan = mapping.plan_header(self.columns)
        self.usage = ColumnUsage()
        self.usage.add(self.plan)
        self.text_columns = self.plan.json_columns if has_text_cells else self.plan.text_columns
        self.id_columns = [column for field, column in self.plan.columns.items() if field in ID_FIELDS]
        self.cell_parser = CellParser()
        self.line: int | None = None

    def read_head(self, delimiter: str) -> list[str]:
        """Raises ValidationError, since nothing can be read without the header."""
        reader = csv.reader(self.text, strict=True, delimiter=delimiter)
        try:
            head = next((cells for cells in self.rows_of(reader)), [])
        except UnreadableFile as error:
            raise file_error(error.detail) from None
        if not head:
            raise file_error("The file is empty; its first row must name the columns.")
        return head

    def name_columns(self, head: list[str]) -> list[str]:
        if len(head) > MAX_COLUMNS:
            raise file_error(f"The file has {len(head):,} columns; the limit is {MAX_COLUMNS:,}.")
        names = name_columns(name.strip() for name in head)
        reject_duplicate_columns(names)
        return names

    def find_delimiter(self, head: list[str], mapping: ColumnMapping) -> str:
        """Detect tabs; for other separators, raise a ValidationError that says what to do."""
        only = head[0].strip()
        if len(head) > 1 or only in {*mapping.same_name, *mapping.targets}:
            return COMMA
        if TAB in only:
            return TAB
        for delimiter, name in OTHER_DELIMITERS.items():
            if delimiter in only:
                detail = (
                    f'The cells of the first row are separated by {name}, not commas: "{only[:60]}". '
                    f"Add delimiter={delimiter}."
                )
                raise file_error(detail)
        return COMMA

    def rows(self) -> Iterator[list[str]]:
        return self.rows_of(self.reader)

    def rows_of(self, reader: Any) -> Iterator[list[str]]:
        """Skip blank lines, counting them as part of the next row."""
        try:
            for cells in reader:
                self.line = self.text.first_line
                if cells:
                    yield cells
                    self.text.start_row()
                self.text.first_line = self.text.line + 1
        except csv.Error as error:
            self.line = self.text.first_line
            raise UnreadableFile(self.describe(error)) from error
        except UnreadableFile:
            self.line = self.text.first_line
            raise

    def describe(self, error: csv.Error) -> str:
        """Explain the error; the csv module's messages are about its own API."""
        if "unexpected end" in str(error):
            return f"A quoted cell begins on line {self.text.first_line} or later and is never closed."
        return "The row is not valid CSV: inside quotes, a quote must be doubled, and a closing quote ends the cell."

    def item(self, cells: list[str]) -> JSONObject:
        if len(cells) != len(self.columns):
            raise invalid_row(f"The row has {len(cells)} cells, but there are {len(self.columns)} columns.")
        self.cell_parser.reset()
        named = dict(zip(self.columns, cells, strict=True))
        row = CSVRow(named, self.empty_texts(named), self.text_columns, self.cell_parser)
        return build_item(self.plan, row, self.cell_parser.numbers)

    def empty_texts(self, cells: dict[str, str]) -> Collection[str]:
        """Return the id columns with an empty quoted cell in the last row."""
        if all(cells[column] for column in self.id_columns):
            return ()
        row = b"".join(self.text.row).strip(b"\r\n")
        if b'""' not in row:
            return ()
        raw_cells = dict(zip(self.columns, self.cell_pattern.findall(row), strict=False))
        return [column for column in self.id_columns if raw_cells[column] == b'""']

    def fraction_read(self) -> None:
        """Return None: the position in the file says it."""

    def check_complete(self, rows: int) -> None:
        """Check nothing: the header was checked when the file was opened."""
