"""Parquet: the columns of the top level, read in small batches; see arrow_values.py for what becomes of the types.

A text is that text, whatever it looks like; a column of Parquet's logical type JSON holds JSON, as exports write it.
"""

from collections.abc import Callable, Iterator
from typing import IO, Any

import pyarrow as pa
from django.conf import settings
from pyarrow.parquet import ParquetFile

from items.imports.arrow_values import Encoder, NotRepresentable, json_encoder_for, scalar_value
from items.imports.cells import WHITESPACE, CellParser
from items.imports.column_mapping import ColumnMapping, reject_duplicate_columns
from items.imports.errors import UnreadableFile, file_error, invalid_row
from items.imports.gzip_file import decompressed_too_large
from items.imports.lines import row_too_long_error
from items.imports.rows import NULL, build_item
from items.json_text import invalid_json
from rest.parsers import JSONObject

# Pages are unpacked one after the other, not all of a row group at once.
BUFFER_BYTES = 1024 * 1024
# What a batch holds, more or less, and how many rows at most.
BATCH_BYTES = 4 * 1024 * 1024
MAX_ROWS = 1024
# pyarrow raises some of these for files that it cannot read.
READ_ERRORS = (pa.ArrowException, OSError, ValueError, OverflowError)


class ParquetRow:
    """One place in a batch."""

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
        """None where the cell is null."""
        scalar = self.batch[column][self.index]
        try:
            return encode(scalar) if scalar.is_valid else None
        except UnicodeDecodeError as error:
            raise invalid_row(f"The text is not UTF-8: {error}.", column) from None
        except NotRepresentable as error:
            raise invalid_row(str(error), column) from None


class ParquetTable:
    def __init__(self, file: IO[bytes], mapping: ColumnMapping) -> None:
        try:
            self.file = ParquetFile(file, pre_buffer=False, buffer_size=BUFFER_BYTES)
        except READ_ERRORS as error:
            raise file_error(f"The file is no Parquet: {first_line(error)}.") from error
        # Asked for once: the library makes it anew each time, of however many columns there are.
        schema = self.file.schema_arrow
        reject_duplicate_columns(schema.names)
        self.check_size()
        self.plan = mapping.plan_header(schema.names)
        self.cell_parser = CellParser()
        types = dict(zip(schema.names, schema.types, strict=True))
        self.encoders = {column: self.make_encoder(column, types[column]) for column in self.plan.json_columns}
        self.row_count = self.file.metadata.num_rows
        self.rows_read = 0

    def check_size(self) -> None:
        """By what the file says of itself."""
        metadata = self.file.metadata
        size = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
        if size > settings.IMPORT_LIMIT_BYTES:
            raise file_error(decompressed_too_large().detail)
        self.row_bytes = max(1, size // max(1, metadata.num_rows))

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
        size = max(1, min(MAX_ROWS, BATCH_BYTES // self.row_bytes))
        try:
            for batch in self.file.iter_batches(size, columns=self.plan.columns_to_read, use_threads=False):
                columns = {name: batch.column(name) for name in self.plan.columns_to_read}
                for index in range(batch.num_rows):
                    self.rows_read += 1
                    yield ParquetRow(columns, index, self.encoders)
        except READ_ERRORS as error:
            raise UnreadableFile(f"The file cannot be read any further: {first_line(error)}.") from error

    def item(self, row: ParquetRow) -> JSONObject:
        self.cell_parser.reset()
        item = build_item(self.plan, row, self.cell_parser.numbers)
        if sum(map(len, item.texts.values())) > settings.BODY_LIMIT_BYTES:
            raise invalid_row(row_too_long_error().detail)
        return item

    def fraction_read(self) -> float:
        return self.rows_read / self.row_count if self.row_count else 1.0

    def check_complete(self, rows: int) -> None:
        """The file's schema has told everything."""


def first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
