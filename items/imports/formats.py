"""Which formats a file may have, how its format is told, and the reader of each."""

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
PACKED_SUFFIXES = {".gz", ".gzip", ".zst", ".zstd"}


class ImportOptions(NamedTuple):
    """How a file is to be read."""

    format: str
    mapping: ColumnMapping = ColumnMapping()
    encoding: str = ""  # the request's Content-Encoding
    delimiter: str = ""
    has_text_cells: bool = False
    sheet: str = ""
    is_strict: bool = False  # ignored columns are refused
    match: MatchOptions = MatchOptions()


class ImportSource(Protocol):
    """A file of some format, opened: what it holds is known as far as its head tells."""

    plan: ColumnPlan
    usage: ColumnUsage
    # Where the row that was read last begins, as an editor counts; None where the format has no lines.
    line: int | None

    def rows(self) -> Iterator[Any]:
        """Rows as the format has them. Raises UnreadableFile where they cannot be read any further."""

    def item(self, row: Any) -> JSONObject:
        """Raises ValidationError for a row that is none."""

    def fraction_read(self) -> float | None:
        """How much of it has been read, from 0 to 1; None where the place in the file tells."""

    def check_complete(self, rows: int) -> None:
        """After so many rows. Raises ValidationError where the file as a whole cannot be meant."""


def detect_format(name: str | None, *, media_type: str = "", file_name: str = "") -> str:
    """The format that is named, else that of the media type or the file's name. Raises ValidationError."""
    if name:
        if name not in IMPORT_FORMATS:
            detail = f'"{name}" is not a valid choice: it is {join_or(IMPORT_FORMATS)}.'
            raise file_error(detail, attr="import_format", code="invalid_choice")
        return name
    detected = FORMAT_BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower()) or format_from_name(file_name)
    if detected is None:
        detail = f"Say which format the file has: {join_or(IMPORT_FORMATS)}."
        raise file_error(detail, attr="import_format", code="required")
    return detected


def format_from_name(file_name: str) -> str | None:
    path = PurePath(file_name.lower())
    if path.suffix in PACKED_SUFFIXES:
        path = path.with_suffix("")
    return FORMAT_BY_SUFFIX.get(path.suffix)


def open_source(file: IO[bytes], size: int, options: ImportOptions, stack: ExitStack) -> ImportSource:
    """Good until the stack is closed. Raises ValidationError for what is no such file."""
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
    # Loaded when first needed, as Parquet's library is: they take 20 and 40 MB of memory.
    from items.imports.xlsx_file import XLSXFile  # noqa: PLC0415

    return XLSXFile(file, options.mapping, limit, sheet=options.sheet, has_text_cells=options.has_text_cells)


def open_parquet(file: IO[bytes], limit: ExpansionLimit, options: ImportOptions) -> ImportSource:
    from items.imports.parquet_file import ParquetTable  # noqa: PLC0415

    return ParquetTable(file, options.mapping, limit)


TEXT_READERS = {"jsonl": open_jsonl, "json": open_json, "csv": open_csv}
BINARY_READERS = {"xlsx": open_xlsx, "parquet": open_parquet}


def peek(file: Any) -> bytes:
    """The first bytes, which stay to be read."""
    if not file.seekable():
        try:
            return bytes(file.peek(HEAD_BYTES)[:HEAD_BYTES])
        except UnreadableFile:
            return b""
    head: bytes = file.read(HEAD_BYTES)
    file.seek(0)
    return head
