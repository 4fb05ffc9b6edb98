"""The file formats of imports: how a format is detected, and its reader."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import PurePath
from typing import IO, Any, NamedTuple, Protocol

from items.imports.column_mapping import ColumnMapping, ColumnPlan, join_or
from items.imports.column_usage import ColumnUsage
from items.imports.csv_file import CSVFile
from items.imports.decompression import decompress, make_seekable
from items.imports.errors import UnreadableFile, file_error
from items.imports.file_kinds import HEAD_BYTES, has_cr_line_ends
from items.imports.json_file import JSONArrayFile
from items.imports.jsonl_file import JSONLFile
from items.imports.kind_check import check_kind
from items.imports.limits import ExpansionLimit
from items.imports.matching import MatchOptions
from rest.parsers import JSONObject

IMPORT_FORMATS = ("jsonl", "json", "csv", "xlsx", "parquet")
FORMAT_BY_MEDIA_TYPE = {
    "application/jsonl": "jsonl",
    "application/jsonlines": "jsonl",
    "application/x-jsonlines": "jsonl",
    "application/x-ndjson": "jsonl",
    "application/ndjson": "jsonl",
    "text/csv": "csv",
    "application/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/vnd.apache.parquet": "parquet",
    "application/x-parquet": "parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
FORMAT_BY_SUFFIX = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx",
    ".xlsm": "xlsx", ".parquet": "parquet",
}  # fmt: skip
COMPRESSED_SUFFIXES = {".gz", ".gzip", ".zst", ".zstd"}


class ImportOptions(NamedTuple):
    """Options for reading a file."""

    format: str
    mapping: ColumnMapping = ColumnMapping()
    encoding: str = ""  # the request's Content-Encoding
    delimiter: str = ""
    has_text_cells: bool = False
    sheet: str = ""
    is_strict: bool = False  # ignored columns are an error
    match: MatchOptions = MatchOptions()


class ImportSource(Protocol):
    """An opened file of some format, whose header has been read."""

    plan: ColumnPlan
    usage: ColumnUsage
    # The line on which the last row began, from 1; None if the format has no lines.
    line: int | None

    def rows(self) -> Iterator[Any]:
        """Yield rows in the format's own type. Raises UnreadableFile where reading must end."""

    def item(self, row: Any) -> JSONObject:
        """Convert a row. Raises ValidationError."""

    def fraction_read(self) -> float | None:
        """Return how much has been read, from 0 to 1, or None if the position in the file says it."""

    def check_complete(self, rows: int) -> None:
        """Check the file as a whole after its last row. Raises ValidationError."""


def detect_format(name: str | None, *, media_type: str = "", file_name: str = "") -> str:
    """Return the named format, otherwise that of the media type or of the file's name.

    Raises ValidationError.
    """
    if name:
        if name not in IMPORT_FORMATS:
            detail = f'"{name}" is not a valid choice. Use {join_or(IMPORT_FORMATS)}.'
            raise file_error(detail, attr="import_format", code="invalid_choice")
        return name
    detected = FORMAT_BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower()) or format_from_name(file_name)
    if detected is None:
        detail = f"The format of the file is unknown. Use {join_or(IMPORT_FORMATS)}."
        raise file_error(detail, attr="import_format", code="required")
    return detected


def format_from_name(file_name: str) -> str | None:
    path = PurePath(file_name.lower())
    if path.suffix in COMPRESSED_SUFFIXES:
        path = path.with_suffix("")
    return FORMAT_BY_SUFFIX.get(path.suffix)


def open_source(file: IO[bytes], size: int, options: ImportOptions, stack: ExitStack) -> ImportSource:
    """Open the file until the stack is closed. Raises ValidationError if it is not of the format."""
    file, kind = decompress(file, size, encoding=options.encoding)
    if kind is not None:
        check_kind(kind, options.format)
    if options.format in TEXT_READERS:
        return TEXT_READERS[options.format](file, options)
    try:
        return BINARY_READERS[options.format](make_seekable(file, stack), ExpansionLimit(size), options)
    except UnreadableFile as error:
        raise file_error(error.detail) from None


def open_jsonl(file: Any, options: ImportOptions) -> ImportSource:
    return JSONLFile(file, options.mapping, splits_at_cr=has_cr_line_ends(peek(file)))


def open_json(file: Any, options: ImportOptions) -> ImportSource:
    return JSONArrayFile(file, options.mapping)


def open_csv(file: Any, options: ImportOptions) -> ImportSource:
    return CSVFile(file, options.mapping, delimiter=options.delimiter, has_text_cells=options.has_text_cells)


def open_xlsx(file: IO[bytes], limit: ExpansionLimit, options: ImportOptions) -> ImportSource:
    # Imported on first use, like the library for Parquet: they take 20 and 40 MB of memory.
    from items.imports.xlsx_file import XLSXFile  # noqa: PLC0415

    return XLSXFile(file, options.mapping, limit, sheet=options.sheet, has_text_cells=options.has_text_cells)


def open_parquet(file: IO[bytes], limit: ExpansionLimit, options: ImportOptions) -> ImportSource:
    from items.imports.parquet_file import ParquetTable  # noqa: PLC0415

    return ParquetTable(file, options.mapping, limit)


TEXT_READERS = {"jsonl": open_jsonl, "json": open_json, "csv": open_csv}
BINARY_READERS = {"xlsx": open_xlsx, "parquet": open_parquet}


def peek(file: Any) -> bytes:
    """Return the first bytes without consuming them."""
    if not file.seekable():
        try:
            return bytes(file.peek(HEAD_BYTES)[:HEAD_BYTES])
        except UnreadableFile:
            return b""
    head: bytes = file.read(HEAD_BYTES)
    file.seek(0)
    return head
