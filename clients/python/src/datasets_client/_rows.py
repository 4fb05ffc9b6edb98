"""Rows from what users have: dicts, items, data frames, Hugging Face datasets, files."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Literal, Protocol, runtime_checkable

from datasets_client._errors import InvalidRow
from datasets_client._json_text import RawJSON, split_array, split_object

Cells = Literal["json", "text"]
Row = Mapping[str, Any]
GZIP_MAGIC = b"\x1f\x8b"
FRAME_ROWS = 1000
FORMATS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv", ".parquet": "parquet",
}  # fmt: skip
# A cell of a CSV file may be as long as a row may be.
csv.field_size_limit(20 * 1024 * 1024)


class Cell(str):
    """A cell of a CSV file: JSON where it is read as JSON, otherwise a text. The field that it goes to decides."""

    __slots__ = ()


class TextCell(str):
    """A cell that stays the text that it is."""

    __slots__ = ()


@runtime_checkable
class HasRaw(Protocol):
    """An item of this package."""

    @property
    def raw(self) -> Mapping[str, str]: ...


def read_rows(source: Any, cells: Cells = "json", file_format: str | None = None) -> Iterator[Row]:
    """Yield rows; raises InvalidRow, TypeError, and OSError for files."""
    if isinstance(source, (str, Path)):
        return read_file(Path(source), cells, file_format)
    if is_frame(source):
        return frame_rows(source)
    if isinstance(source, Mapping):
        raise TypeError("Rows are an iterable of dicts, not one dict. For a dataset of several splits, name one.")
    return map(as_row, source)


def as_row(row: Any) -> Row:
    if isinstance(row, HasRaw):
        return {name: RawJSON(text) for name, text in row.raw.items()}
    if isinstance(row, Mapping):
        return row
    raise InvalidRow(f"A row is a dict, not {type(row).__name__}.")


def is_frame(source: Any) -> bool:
    return hasattr(source, "iloc") and hasattr(source, "columns")


def frame_rows(frame: Any) -> Iterator[Row]:
    """Yield the rows of a data frame; missing values (NaN, NaT, NA) become null."""
    for start in range(0, len(frame), FRAME_ROWS):
        part = frame.iloc[start : start + FRAME_ROWS]
        for row in part.astype(object).where(part.notna(), None).to_dict("records"):
            yield {str(name): value for name, value in row.items()}


def read_file(path: Path, cells: Cells, file_format: str | None = None) -> Iterator[Row]:
    """Yield the rows of a file; its name says what it is, unless file_format does."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    kind = file_format or FORMATS.get(suffixes[-1] if suffixes else "")
    if kind is None or kind not in FORMATS.values():
        raise InvalidRow(f"{path.name}: name a file .jsonl, .json, .csv, .tsv or .parquet (also with .gz).")
    if kind == "parquet":
        yield from parquet_rows(path)
        return
    with open_text(path) as file:
        try:
            yield from read_text(file, kind, cells)
        except UnicodeDecodeError as error:
            raise InvalidRow(f"{path.name} is not UTF-8: {error.reason} at byte {error.start}.") from None
        except (gzip.BadGzipFile, EOFError) as error:
            raise InvalidRow(f"{path.name} is not a complete gzip file: {error}.") from None


def read_text(file: IO[str], kind: str, cells: Cells) -> Iterator[Row]:
    """Yield the rows of an open text file."""
    if kind == "jsonl":
        return jsonl_rows(file)
    if kind == "json":
        return json_rows(file.read())
    return csv_rows(file, "\t" if kind == "tsv" else ",", cells)


def open_text(path: Path) -> IO[str]:
    with path.open("rb") as file:
        is_packed = file.read(2) == GZIP_MAGIC
    raw: Any = gzip.open(path, "rb") if is_packed else path.open("rb")  # noqa: SIM115  the wrapper closes it
    return io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def jsonl_rows(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield raw_row(line, f"line {number}")


def json_rows(text: str) -> Iterator[Row]:
    try:
        for number, element in enumerate(split_array(text), 1):
            yield raw_row(element, f"element {number}")
    except json.JSONDecodeError as error:
        raise InvalidRow(f"The file is not a JSON array of objects: {error}.") from None


def raw_row(text: str, place: str) -> Row:
    try:
        return {name: RawJSON(value) for name, value in split_object(text).items()}
    except (ValueError, StopIteration) as error:
        reason = str(error) or "the JSON ends too early"
        raise InvalidRow(f"{place} is not a JSON object: {reason}") from None


def csv_rows(file: IO[str], delimiter: str, cells: Cells) -> Iterator[Row]:
    """Yield the rows of a CSV file with a head; every row has as many cells as the head."""
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    kind = Cell if cells == "json" else TextCell
    try:
        head = [name.strip() for name in next(reader, [])]
        if len(set(head)) != len(head):
            raise InvalidRow("The head of the CSV file names a column twice.")
        for row in reader:
            if len(row) == len(head):
                yield dict(zip(head, map(kind, row), strict=True))
            elif row:
                raise InvalidRow(f"line {reader.line_num} has {len(row)} cells, and the head {len(head)}.")
    except csv.Error as error:
        raise InvalidRow(f"line {reader.line_num}: {error}.") from None


def parquet_rows(path: Path) -> Iterator[Row]:
    try:
        from pyarrow import parquet  # noqa: PLC0415  an extra
    except ImportError:
        raise InvalidRow("Parquet files need pyarrow: pip install pyarrow.") from None
    file = parquet.ParquetFile(path)
    json_columns = [field.name for field in file.schema_arrow if str(field.type).startswith("extension<arrow.json")]
    for batch in file.iter_batches(batch_size=FRAME_ROWS):
        for row in batch.to_pylist():
            for name in json_columns:
                row[name] = None if row[name] is None else RawJSON(row[name])
            yield row
