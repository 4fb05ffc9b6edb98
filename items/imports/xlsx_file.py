"""Excel workbooks (.xlsx): the rows of one sheet, streamed from the archive without running formulas.

openpyxl is not the fastest reader: python-calamine takes 1/20 of the time, but it allocates the whole rectangle of a
sheet, so two cells in far corners (5 kB) kill the process.

Text in a cell is read as in CSV: JSON if it can be parsed as such, otherwise a string. Numbers and booleans keep their
type; dates and times become RFC 3339 strings, in UTC because Excel has no time zones.
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
from items.imports.column_mapping import ColumnMapping, quote_columns, reject_duplicate_columns
from items.imports.column_names import name_columns
from items.imports.column_usage import ColumnUsage
from items.imports.errors import UnreadableFile, file_error, invalid_row
from items.imports.json_cells import CellParser
from items.imports.limits import ExpansionLimit
from items.imports.rows import NULL, build_item
from items.imports.xlsx_archive import DAMAGED, SAVE_AS_CSV, SHEET, check_archive
from rest.parsers import JSONObject

# Excel's own limits.
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
# The most XML between two rows: the library keeps the cells of a row in memory.
MAX_ROW_XML_BYTES = 4 * 1024 * 1024
END_OF_ROWS = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
FORMULA = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"

Cells = dict[int, dict[str, Any]]


class SheetXML:
    """The XML of a sheet up to the end of its rows. Limits the size of each row."""

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
    """Marks formulas without a stored result."""

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
        """Return a string, a number, a boolean or None. Raises ValidationError for a cell without a value."""
        cell = self.cells.get(column)
        if cell is None:
            return None
        if cell["data_type"] == "e":
            raise invalid_row(f"The cell contains the error {str(cell['value'])[:20]}.", column)
        if cell["data_type"] == "formula":
            raise invalid_row("The cell contains a formula without a result. Open and save the workbook.", column)
        value = cell["value"]
        is_date = formats is not None and formats.shows_date_alone(cell["style_id"])
        return time_text(value, is_date=is_date) if isinstance(value, date | time | timedelta) else value


class CellFormats:
    """The styles of a workbook that show a date without a time."""

    def __init__(self, workbook: Any) -> None:
        self.names = [self.name(workbook, style) for style in workbook._cell_styles]  # noqa: SLF001

    def name(self, workbook: Any, style: Any) -> str:
        number = style.numFmtId
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return str(BUILTIN_FORMATS.get(number, ""))
        formats = workbook._number_formats  # noqa: SLF001
        index = number - BUILTIN_FORMATS_MAX_SIZE
        return str(formats[index]) if index < len(formats) else ""

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
        """Follow the library's own steps, except for its unbounded look at all sheets."""
        warnings.filterwarnings("ignore", module="openpyxl")  # about unknown styles
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
        except Exception:  # the library raises many kinds of errors for other files
            raise file_error(DAMAGED) from None
        if not sheets:
            raise file_error("The workbook has no sheet with cells.")
        if name and name not in sheets:
            detail = f'There is no sheet "{name[:60]}". The workbook has {quote_columns(sheets)}.'
            raise file_error(detail, attr="sheet", code="does_not_exist")
        return self.sheet_rows(reader, sheets[name] if name else next(iter(sheets.values())))

    def sheet_rows(self, reader: ExcelReader, path: str) -> Iterator[Cells]:
        """Yield the cells of each row by column number, skipping rows without cells."""
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
            # The XML ends after the last row on purpose.
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
        """Return names by column number. Raises ValidationError."""
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
            raise invalid_row(f"Column {beyond[0]} has a value, but no name in the first row.")
        cells = {self.columns[number]: cell for number, cell in row.items()}
        parsed = XLSXRow(cells, self.text_columns, self.formats, self.cell_parser)
        return build_item(self.plan, parsed, self.cell_parser.numbers)

    def fraction_read(self) -> None:
        """Return None: the position in the archive says it, approximately."""

    def check_complete(self, rows: int) -> None:
        """Check nothing: the header was checked when the sheet was opened."""


def check_parts(manifest: Any) -> None:
    """Reject a part kept in memory under the name of a sheet, which may be long. Raises ValueError."""
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
