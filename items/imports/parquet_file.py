"""Parquet: the top-level columns, read in small batches; arrow_values.py converts the types.

Text is never parsed; a column of Parquet's logical type JSON contains JSON, as exports write it.
"""

from collections.abc import Callable, Iterator
from typing import IO, Any

import pyarrow as pa
from django.conf import settings
from pyarrow.parquet import ParquetFile

from items.imports.arrow_values import Encoder, NotRepresentable, json_encoder_for, scalar_value
from items.imports.column_mapping import ColumnMapping, reject_duplicate_columns
from items.imports.column_names import name_columns
from items.imports.column_usage import ColumnUsage
from items.imports.errors import UnreadableFile, file_error, invalid_row
from items.imports.json_cells import WHITESPACE, CellParser
from items.imports.limits import ExpansionLimit
from items.imports.lines import row_too_long_error
from items.imports.parquet_bounds import check_footer, check_row_group
from items.imports.rows import NULL, build_item
from items.json_text import invalid_json
from rest.parsers import JSONObject

# Decompress pages one by one, not a whole row group at once.
BUFFER_BYTES = 1024 * 1024
# The approximate size of a batch, its bound, and its most rows.
BATCH_BYTES = 4 * 1024 * 1024
MAX_BATCH_BYTES = 64 * 1024 * 1024
MAX_ROWS = 1024
# Errors that pyarrow raises for files that it cannot read.
READ_ERRORS = (pa.ArrowException, OSError, ValueError, OverflowError)


class ParquetRow:
    """A row of a batch."""

    def __init__(self, batch: dict[str, Any], index: int, encoders: dict[str, Encoder]) -> None:
        self.batch = batch
        self.index = index
        self.encoders = encoders

    def json_text(self, column: str) -> str:
        text = self.cell_value(column, self.encoders[column])
        return NULL if text is None else text

    def plain(self, column: str) -> Any:
        return self.cell_value(column, scalar_value)

    def cell_value(self, column: str, encode: Callable[[Any], Any]) -> Any:
        """Return None for a null cell. Raises ValidationError."""
        scalar = self.batch[column][self.index]
        try:
            return encode(scalar) if scalar.is_valid else None
        except UnicodeDecodeError:
            raise invalid_row("The text is not UTF-8.", column) from None
        except NotRepresentable as error:
            raise invalid_row(str(error), column) from None


class ParquetTable:
    """Valid as long as the file is open."""

    def __init__(self, file: IO[bytes], mapping: ColumnMapping, limit: ExpansionLimit) -> None:
        self.raw_file, self.limit = file, limit
        metadata = self.open_file(file, {}).metadata
        check_footer(metadata, limit)
        self.file = self.open_file(file, {"read_dictionary": dictionary_columns(metadata)})
        # Read the schema once: the library rebuilds it each time, for any number of columns.
        schema = self.file.schema_arrow
        self.names = name_columns(schema.names)
        reject_duplicate_columns(self.names)
        self.plan = mapping.plan_header(self.names)
        if self.plan.text_columns:
            raise file_error('":text" requires csv or xlsx: values in a Parquet file have types.', attr="mapping")
        self.usage = ColumnUsage()
        self.usage.add(self.plan)
        self.cell_parser = CellParser()
        types = dict(zip(self.names, schema.types, strict=True))
        self.encoders = {column: self.make_encoder(column, types[column]) for column in self.plan.json_columns}
        self.metadata = metadata
        self.rows_read = 0
        self.line: int | None = None

    def open_file(self, file: IO[bytes], options: dict[str, Any]) -> ParquetFile:
        file.seek(0)
        try:
            return ParquetFile(
                file, pre_buffer=False, buffer_size=BUFFER_BYTES, page_checksum_verification=True, **options
            )
        except READ_ERRORS:
            raise file_error("The Parquet file is damaged, cut short, or of an unsupported kind.") from None

    def make_encoder(self, column: str, type_: pa.DataType) -> Encoder:
        try:
            return json_encoder_for(type_, self.read_json)
        except NotRepresentable as error:
            raise file_error(str(error), attr=column) from None

    def read_json(self, text: str) -> str:
        if not self.cell_parser.is_json(text):
            raise NotRepresentable(invalid_json().detail)
        return text.strip(WHITESPACE)

    def rows(self) -> Iterator[ParquetRow]:
        for number in range(self.metadata.num_row_groups):
            group = self.metadata.row_group(number)
            if not group.num_rows:
                continue
            try:
                dictionary_bytes = check_row_group(self.raw_file, group, set(self.plan.columns_to_read), self.limit)
                yield from self.group_rows(number, batch_size(group, dictionary_bytes))
            except READ_ERRORS as error:
                raise UnreadableFile(describe(error)) from error

    def group_rows(self, number: int, size: int) -> Iterator[ParquetRow]:
        names = self.plan.columns_to_read
        for batch in self.file.iter_batches(size, row_groups=[number], columns=names, use_threads=False):
            columns = {name: batch.column(name) for name in names}
            for index in range(batch.num_rows):
                self.rows_read += 1
                yield ParquetRow(columns, index, self.encoders)

    def item(self, row: ParquetRow) -> JSONObject:
        self.cell_parser.reset()
        item = build_item(self.plan, row, self.cell_parser.numbers)
        if sum(map(len, item.texts.values())) > settings.BODY_LIMIT_BYTES:
            raise invalid_row(row_too_long_error().detail)
        return item

    def fraction_read(self) -> float:
        count = self.metadata.num_rows
        return float(self.rows_read / count) if count else 1.0

    def check_complete(self, rows: int) -> None:
        """Check nothing: the schema was checked when the file was opened."""


def batch_size(group: Any, dictionary_bytes: int) -> int:
    """Return the number of rows to decompress at once; each may contain the longest strings of all dictionaries."""
    row_bytes = max(1, group.total_byte_size // max(1, group.num_rows))
    by_dictionary = MAX_BATCH_BYTES // max(1, dictionary_bytes)
    return max(1, min(MAX_ROWS, int(BATCH_BYTES // row_bytes), by_dictionary))


def dictionary_columns(metadata: Any) -> list[str]:
    """Return lists of strings, to read as dictionary indices: a long string may be repeated without limit."""
    columns = [metadata.schema.column(number) for number in range(metadata.num_columns)]
    return [column.path for column in columns if column.max_repetition_level and is_text_column(column)]


def is_text_column(column: Any) -> bool:
    return column.physical_type == "BYTE_ARRAY" and column.logical_type.type in {"STRING", "NONE", "ENUM"}


def describe(error: BaseException) -> str:
    if "CRC" in str(error):
        return "The Parquet file is damaged: a page does not match its checksum."
    return "The Parquet file is damaged, or uses an unsupported feature."
