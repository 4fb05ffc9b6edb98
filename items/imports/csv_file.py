"""CSV (RFC 4180): quotes doubled inside quotes, line ends of any kind; the first row names the columns.

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
from items.imports.column_names import name_columns
from items.imports.column_usage import ColumnUsage
from items.imports.errors import UnreadableFile, file_error, invalid_row
from items.imports.kind_check import NOT_UTF8
from items.imports.lines import read_lines, row_too_long_error
from items.imports.rows import NULL, build_item
from rest.parsers import JSONObject

# The library's own bound is 128 KiB, and there is one for the whole process. Rows are bounded by RowLines.
csv.field_size_limit(settings.BODY_LIMIT_BYTES)
COMMA, TAB = ",", "\t"
OTHER_DELIMITERS = {";": "semicolons", "|": "bars"}
ID_FIELDS = {"ref_trace_id", "ref_source_id"}
MAX_COLUMNS = 16_384


def cell_pattern(delimiter: str) -> re.Pattern[bytes]:
    """The library does not say whether a cell had quotes: told from the row's bytes, which it has found to be CSV."""
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
    """The lines of a file for csv.reader, which asks for as many as a row has."""

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
        """Raises ValidationError, since without it nothing can be read."""
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
            raise file_error(f"The file has {len(head):,} columns; {MAX_COLUMNS:,} are the limit.")
        names = name_columns(name.strip() for name in head)
        reject_duplicate_columns(names)
        return names

    def find_delimiter(self, head: list[str], mapping: ColumnMapping) -> str:
        """Tabs are read too; others are refused, with what to do."""
        only = head[0].strip()
        if len(head) > 1 or only in {*mapping.same_name, *mapping.targets}:
            return COMMA
        if TAB in only:
            return TAB
        for delimiter, name in OTHER_DELIMITERS.items():
            if delimiter in only:
                detail = (
                    f'The cells of the first row are separated by {name}, not commas: "{only[:60]}". '
                    f"Send delimiter={delimiter} along."
                )
                raise file_error(detail)
        return COMMA

    def rows(self) -> Iterator[list[str]]:
        return self.rows_of(self.reader)

    def rows_of(self, reader: Any) -> Iterator[list[str]]:
        """Blank lines are no rows; they count as part of the next one."""
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
        """In our own words: the library's are about its own calls."""
        if "unexpected end" in str(error):
            return f"A quoted cell begins on line {self.text.first_line} or later and is never closed."
        return "The row is not CSV: inside quotes a quote must be doubled, and a closing quote ends its cell."

    def item(self, cells: list[str]) -> JSONObject:
        if len(cells) != len(self.columns):
            raise invalid_row(f"The row has {len(cells)} cells, but there are {len(self.columns)} columns.")
        self.cell_parser.reset()
        named = dict(zip(self.columns, cells, strict=True))
        row = CSVRow(named, self.empty_texts(named), self.text_columns, self.cell_parser)
        return build_item(self.plan, row, self.cell_parser.numbers)

    def empty_texts(self, cells: dict[str, str]) -> Collection[str]:
        """The columns of ids that hold an empty text in the row that was read last."""
        if all(cells[column] for column in self.id_columns):
            return ()
        row = b"".join(self.text.row).strip(b"\r\n")
        if b'""' not in row:
            return ()
        raw_cells = dict(zip(self.columns, self.cell_pattern.findall(row), strict=False))
        return [column for column in self.id_columns if raw_cells[column] == b'""']

    def fraction_read(self) -> None:
        """The place in the file tells."""

    def check_complete(self, rows: int) -> None:
        """The head has told everything."""
