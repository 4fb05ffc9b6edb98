"""Which formats a file may have, and how its format is told."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import PurePath
from typing import IO, Any, Protocol

from items.transfer.csv_rows import CSVFile
from items.transfer.jsonl_rows import JSONLines
from items.transfer.mapping import Mapping, Plan, listed
from items.transfer.packing import unpacked, with_random_access
from items.transfer.refusals import ReadingEnds, file_refused
from rest.parsers import JSONObject

FORMATS = ("jsonl", "csv", "parquet")
MEDIA_TYPES = {
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
SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}


class Source(Protocol):
    """A file of some format, opened: what it holds is known as far as its head tells."""

    plan: Plan

    def rows(self) -> Iterator[Any]:
        """Rows as the format has them. Raises ReadingEnds where they cannot be read any further."""

    def item(self, row: Any) -> JSONObject:
        """Raises ValidationError for a row that is none."""

    def share(self) -> float | None:
        """How much of it has been read, from 0 to 1; None where the place in the file tells."""

    def finish(self, rows: int) -> None:
        """After so many rows. Raises ValidationError where the file as a whole cannot be meant."""


def format_of(name: str | None, *, media_type: str = "", file_name: str = "") -> str:
    """The format that is named, else that of the media type or the file's name. Raises ValidationError."""
    if name:
        if name not in FORMATS:
            detail = f'"{name}" is not a valid choice: it is {listed(FORMATS)}.'
            raise file_refused(detail, attr="import_format", code="invalid_choice")
        return name
    told = MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower()) or format_of_name(file_name)
    if told is None:
        detail = f"Say which format the file has: {listed(FORMATS)}."
        raise file_refused(detail, attr="import_format", code="required")
    return told


def format_of_name(file_name: str) -> str | None:
    return SUFFIXES.get(PurePath(file_name.lower().removesuffix(".gz")).suffix)


def opened(file: IO[bytes], name: str, mapping: Mapping, *, encoding: str, until: ExitStack) -> Source:
    """Good until the stack is closed. Raises ValidationError for what is no such file."""
    file = unpacked(file, encoding=encoding)
    if name == "jsonl":
        return JSONLines(file, mapping)
    if name == "csv":
        return CSVFile(file, mapping)
    # Loaded when first needed: it takes 40 MB of memory.
    from items.transfer.parquet_rows import ParquetTable  # noqa: PLC0415

    try:
        return ParquetTable(with_random_access(file, until), mapping)
    except ReadingEnds as error:
        raise file_refused(error.detail) from None
