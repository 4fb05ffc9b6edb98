"""Excel workbooks (.xlsx): the rows of one sheet, read as they stream from the archive; no formula is run.

openpyxl and not a faster reader: python-calamine takes 1/20 of the time, but makes room for the whole rectangle of a
sheet, so that two cells in far corners (5 kB) end the process.

A text in a cell is taken as in CSV: JSON if it can be read as such, otherwise a string. Numbers and booleans are what
they are; dates and times are RFC 3339 texts, in UTC as Excel knows no zones.
"""

import re
import warnings
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import WorkSheetParser

from items.imports.arrow_values import NotRepresentable, plain_json
from items.imports.cells import CellParser
from items.imports.column_mapping import ColumnMapping, quote_columns, reject_duplicate_columns
from items.imports.column_names import name_columns
from items.imports.column_usage import ColumnUsage
from items.imports.errors import UnreadableFile, file_error, invalid_row
from items.imports.limits import ExpansionLimit
from items.imports.rows import NULL, build_item
from items.imports.xlsx_archive import DAMAGED, SAVE_AS_CSV, SHEET, check_archive
from rest.parsers import JSONObject

# Excel's own bounds.
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
# Of XML between two rows: the library holds a row's cells in memory.
MAX_ROW_XML_BYTES = 4 * 1024 * 1024
END_OF_ROWS = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
FORMULA = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"

Cells = dict[int, dict[str, Any]]


class SheetXML:
    """The XML of a sheet up to the end of its rows, of which no one may be too long."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.before = b""
        self.since_row = 0
        self.is_at_end = False

    def read(self, length: int = -1) -> bytes:
        if self.is_at_end:
            return b""
        block = self.source.read(length)
        self.since_row += len(block)
        if self.since_row > MAX_ROW_XML_BYTES:
            raise UnreadableFile(f"A row of the sheet has more than {MAX_ROW_XML_BYTES // 2**20} MiB. {SAVE_AS_CSV}")
        self.is_at_end = END_OF_ROWS.search(self.before + block) is not None
        self.before = block[-64:]
        return block


class SheetParser(WorkSheetParser):
    """Notes formulas whose result nobody has stored."""

    def parse_cell(self, element: Any) -> Any:
        cell = super().parse_cell(element)
        if cell["value"] is None and element.find(FORMULA) is not None:
            cell["data_type"] = "formula"
        return cell


class XLSXRow:
    def __init__(
        self,
        cells: dict[str, dict[str, Any]],
        text_columns: Collection[str],
        formats: "CellFormats",
        parser: CellParser,
    ) -> None:
        self.cells, self.text_columns, self.formats, self.parser = cells, text_columns, formats, parser

    def json_text(self, column: str) -> str:
        value = self.value(column, self.formats)
        if value is None or value == "":
            return NULL
        if isinstance(value, str) and column not in self.text_columns:
            return self.parser.json_or_string(value)
        text = value if isinstance(value, str) else self.number_text(value, column)
        return self.parser.string(text) if column in self.text_columns else text

    def plain(self, column: str) -> Any:
        value = self.value(column, None)
        if isinstance(value, str | None):
            return value or None
        return self.number_text(value, column)

    def number_text(self, value: Any, column: str) -> str:
        try:
            return plain_json(value)
        except NotRepresentable as error:
            raise invalid_row(str(error), column) from None

    def value(self, column: str, formats: "CellFormats | None") -> Any:
        """A text, a number, a boolean or None. Raises ValidationError for a cell that holds no value."""
        cell = self.cells.get(column)
        if cell is None:
            return None
        if cell["data_type"] == "e":
            raise invalid_row(f"The cell holds the error {str(cell['value'])[:20]}.", column)
        if cell["data_type"] == "formula":
            raise invalid_row("The cell holds a formula without its result. Open the workbook and save it.", column)
        value = cell["value"]
        is_date = formats is not None and formats.shows_date_alone(cell["style_id"])
        return time_text(value, is_date=is_date) if isinstance(value, date | time | timedelta) else value


class CellFormats:
    """Which styles of a workbook show a date without a time."""

    def __init__(self, workbook: Any) -> None:
        self.names = [self.name(workbook, style) for style in workbook._cell_styles]  # noqa: SLF001

    def name(self, workbook: Any, style: Any) -> str:
        number = style.numFmtId
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return str(BUILTIN_FORMATS.get(number, ""))
        formats = workbook._number_formats  # noqa: SLF001
        place = number - BUILTIN_FORMATS_MAX_SIZE
        return str(formats[place]) if place < len(formats) else ""

    def shows_date_alone(self, style: int) -> bool:
        name = self.names[style] if style < len(self.names) else ""
        return bool(name) and not re.search("[hs]", re.sub(r'"[^"]*"|\[[^]]*\]', "", name), re.IGNORECASE)


class XLSXFile:
    def __init__(
        self,
        file: IO[bytes],
        mapping: ColumnMapping,
        limit: ExpansionLimit,
        *,
        sheet: str = "",
        has_text_cells: bool = False,
    ) -> None:
        check_archive(file, limit)
        self.limit = limit
        self.line: int | None = None
        self.parsed = self.open_sheet(file, sheet)
        self.columns = self.read_head()
        self.plan = mapping.plan_header(list(self.columns.values()))
        self.usage = ColumnUsage()
        self.usage.add(self.plan)
        self.text_columns = self.plan.json_columns if has_text_cells else self.plan.text_columns
        self.cell_parser = CellParser()

    def open_sheet(self, file: IO[bytes], name: str) -> Iterator[Cells]:
        """The library's own steps, but for its look at all sheets, which has no bounds."""
        warnings.filterwarnings("ignore", module="openpyxl")  # about styles that it does not know
        try:
            reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
            reader.read_manifest()
            check_parts(reader.package)
            reader.read_strings()
            reader.read_workbook()
            apply_stylesheet(reader.archive, reader.wb)
            self.formats = CellFormats(reader.wb)
            parts = {sheet.name: rel for sheet, rel in reader.parser.find_sheets()}
            sheets = {title: rel.target for title, rel in parts.items() if rel.target in reader.valid_files}
        except Exception:  # the library raises many kinds for what is no workbook
            raise file_error(DAMAGED) from None
        if not sheets:
            raise file_error("The workbook has no sheet with cells.")
        if name and name not in sheets:
            detail = f'There is no sheet "{name[:60]}". The workbook has {quote_columns(sheets)}.'
            raise file_error(detail, attr="sheet", code="does_not_exist")
        return self.sheet_rows(reader, sheets[name] if name else next(iter(sheets.values())))

    def sheet_rows(self, reader: ExcelReader, path: str) -> Iterator[Cells]:
        """The cells of each row by the number of their column; rows without cells are left out."""
        xml: SheetXML | None = None
        workbook: Any = reader.wb
        try:
            with reader.archive.open(path) as source:
                xml = SheetXML(source)
                for number, cells in SheetParser(
                    xml,
                    reader.shared_strings,
                    data_only=True,
                    epoch=workbook.epoch,
                    date_formats=workbook._date_formats,  # noqa: SLF001
                    timedelta_formats=workbook._timedelta_formats,  # noqa: SLF001
                ).parse():
                    yield from self.take_row(number, cells, xml)
        except UnreadableFile:
            raise
        except Exception as error:
            # The XML was left at the end of its rows.
            if not (isinstance(error, ParseError) and xml and xml.is_at_end):
                raise UnreadableFile(DAMAGED) from None

    def take_row(self, number: int, cells: list[dict[str, Any]], xml: SheetXML) -> Iterator[Cells]:
        self.line, xml.since_row = number, 0
        self.limit.add(64 * len(cells))
        if number > MAX_ROWS:
            raise UnreadableFile(f"A sheet has at most {MAX_ROWS:,} rows.")
        by_column = {cell["column"]: cell for cell in cells if not is_empty(cell)}
        if by_column:
            yield by_column

    def read_head(self) -> dict[int, str]:
        """The names by the number of their column. Raises ValidationError."""
        try:
            head = next(self.parsed, None)
        except UnreadableFile as error:
            raise file_error(error.detail) from None
        if head is None:
            raise file_error("The sheet is empty; its first row must name the columns.")
        if max(head) > MAX_COLUMNS:
            raise file_error(f"A sheet has at most {MAX_COLUMNS:,} columns.")
        numbers = range(1, max(head) + 1)
        texts = [str(head[number]["value"]).strip() if number in head else "" for number in numbers]
        names = name_columns(texts)
        reject_duplicate_columns(names)
        return dict(zip(numbers, names, strict=True))

    def rows(self) -> Iterator[Cells]:
        return self.parsed

    def item(self, row: Cells) -> JSONObject:
        self.cell_parser.reset()
        if beyond := [number for number in row if number not in self.columns]:
            raise invalid_row(f"A cell stands in column {beyond[0]}, for which the first row has no name.")
        cells = {self.columns[number]: cell for number, cell in row.items()}
        parsed = XLSXRow(cells, self.text_columns, self.formats, self.cell_parser)
        return build_item(self.plan, parsed, self.cell_parser.numbers)

    def fraction_read(self) -> None:
        """The place in the archive tells, more or less."""

    def check_complete(self, rows: int) -> None:
        """The head has told everything."""


def check_parts(manifest: Any) -> None:
    """No part that the library holds in memory may be under a name that is allowed to be long. Raises ValueError."""
    for part in manifest.Override:
        if SHEET.fullmatch(part.PartName) and "worksheet" not in part.ContentType:
            raise ValueError(part.PartName)


def is_empty(cell: dict[str, Any]) -> bool:
    return cell["value"] in (None, "") and cell["data_type"] != "formula"


def time_text(value: date | time | timedelta, *, is_date: bool) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if is_date and value.time() == time() else f"{value.isoformat()}Z"
    if isinstance(value, timedelta):
        minutes, seconds = divmod(value.total_seconds(), 60)
        return f"{int(minutes // 60):02d}:{int(minutes % 60):02d}:{seconds:02.0f}"
    return value.isoformat()
