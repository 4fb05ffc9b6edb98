"""Which formats a file may have, and how its format is told."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import PurePath
from typing import IO, Any, Protocol

from items.imports.column_mapping import ColumnMapping, ColumnPlan, join_or
from items.imports.csv_file import CSVFile
from items.imports.errors import UnreadableFile, file_error
from items.imports.gzip_file import decompress, make_seekable
from items.imports.jsonl_file import JSONLFile
from rest.parsers import JSONObject

IMPORT_FORMATS = ("jsonl", "csv", "parquet")
FORMAT_BY_MEDIA_TYPE = {
    "application/jsonl": "jsonl",
    "application/jsonlines": "jsonl",
    "application/x-jsonlines": "jsonl",
    "application/x-ndjson": "jsonl",
    "application/ndjson": "jsonl",
    "text/csv": "csv",
    "application/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
    "application/x-parquet": "parquet",
}
FORMAT_BY_SUFFIX = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}


class ImportSource(Protocol):
    """A file of some format, opened: what it holds is known as far as its head tells."""

    plan: ColumnPlan

    def rows(self) -> Iterator[Any]:
        """Rows as the format has them. Raises ReadingEnds where they cannot be read any further."""

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
    return FORMAT_BY_SUFFIX.get(PurePath(file_name.lower().removesuffix(".gz")).suffix)


def open_source(file: IO[bytes], name: str, mapping: ColumnMapping, *, encoding: str, stack: ExitStack) -> ImportSource:
    """Good until the stack is closed. Raises ValidationError for what is no such file."""
    file = decompress(file, encoding=encoding)
    if name == "jsonl":
        return JSONLFile(file, mapping)
    if name == "csv":
        return CSVFile(file, mapping)
    # Loaded when first needed: it takes 40 MB of memory.
    from items.imports.parquet_file import ParquetTable  # noqa: PLC0415

    try:
        return ParquetTable(make_seekable(file, stack), mapping)
    except UnreadableFile as error:
        raise file_error(error.detail) from None
