"""Parquet: the columns of the top level, read in small batches; see arrow_values.py for what becomes of the types.

A text is that text, whatever it looks like; a column of Parquet's logical type JSON holds JSON, as exports write it.
"""

from collections.abc import Callable, Iterator
from typing import IO, Any

import pyarrow as pa
from django.conf import settings
from pyarrow.parquet import ParquetFile

from items.json_values import invalid_json
from items.transfer.arrow_values import NoJSON, TextOf, plain_value, text_writer
from items.transfer.cell_texts import BLANKS, CellReader
from items.transfer.lines import row_too_long
from items.transfer.mapping import Mapping, refuse_repeated
from items.transfer.packing import too_long_unpacked
from items.transfer.refusals import ReadingEnds, file_refused, row_refused
from items.transfer.row_items import NULL, item_of
from rest.parsers import JSONObject

# Pages are unpacked one after the other, not all of a row group at once.
BUFFER_BYTES = 1024 * 1024
# What a batch holds, more or less, and how many rows at most.
BATCH_BYTES = 4 * 1024 * 1024
MOST_ROWS = 1024
# pyarrow raises some of these for files that it cannot read.
UNREADABLE = (pa.ArrowException, OSError, ValueError, OverflowError)


class ParquetRow:
    """One place in a batch."""

    def __init__(self, batch: dict[str, Any], place: int, texts: dict[str, TextOf]) -> None:
        self.batch = batch
        self.place = place
        self.texts = texts

    def json_text(self, column: str) -> str:
        text = self.written(column, self.texts[column])
        return NULL if text is None else text

    def plain(self, column: str) -> Any:
        return self.written(column, plain_value)

    def written(self, column: str, write: Callable[[Any], Any]) -> Any:
        """None where the cell is null."""
        scalar = self.batch[column][self.place]
        try:
            return write(scalar) if scalar.is_valid else None
        except UnicodeDecodeError as error:
            raise row_refused(f"The text is not UTF-8: {error}.", column) from None
        except NoJSON as error:
            raise row_refused(str(error), column) from None


class ParquetTable:
    def __init__(self, file: IO[bytes], mapping: Mapping) -> None:
        try:
            self.file = ParquetFile(file, pre_buffer=False, buffer_size=BUFFER_BYTES)
        except UNREADABLE as error:
            raise file_refused(f"The file is no Parquet: {first_line(error)}.") from error
        # Asked for once: the library makes it anew each time, of however many columns there are.
        schema = self.file.schema_arrow
        refuse_repeated(schema.names)
        self.check_size()
        self.plan = mapping.plan_of_head(schema.names)
        self.cell_reader = CellReader()
        types = dict(zip(schema.names, schema.types, strict=True))
        self.texts = {column: self.writer(column, types[column]) for column in self.plan.of_json}
        self.count = self.file.metadata.num_rows
        self.done = 0

    def check_size(self) -> None:
        """By what the file says of itself."""
        metadata = self.file.metadata
        size = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
        if size > settings.IMPORT_LIMIT_BYTES:
            raise file_refused(too_long_unpacked().detail)
        self.row_bytes = max(1, size // max(1, metadata.num_rows))

    def writer(self, column: str, type_: pa.DataType) -> TextOf:
        try:
            return text_writer(type_, self.read_json)
        except NoJSON as error:
            raise file_refused(str(error), attr=column) from None

    def read_json(self, text: str) -> str:
        if not self.cell_reader.is_json(text):
            raise NoJSON(invalid_json().detail)
        return text.strip(BLANKS)

    def rows(self) -> Iterator[ParquetRow]:
        size = max(1, min(MOST_ROWS, BATCH_BYTES // self.row_bytes))
        try:
            for batch in self.file.iter_batches(size, columns=self.plan.read, use_threads=False):
                columns = {name: batch.column(name) for name in self.plan.read}
                for place in range(batch.num_rows):
                    self.done += 1
                    yield ParquetRow(columns, place, self.texts)
        except UNREADABLE as error:
            raise ReadingEnds(f"The file cannot be read any further: {first_line(error)}.") from error

    def item(self, row: ParquetRow) -> JSONObject:
        self.cell_reader.forget()
        item = item_of(self.plan, row, self.cell_reader.seen)
        if sum(map(len, item.texts.values())) > settings.BODY_LIMIT_BYTES:
            raise row_refused(row_too_long().detail)
        return item

    def share(self) -> float:
        return self.done / self.count if self.count else 1.0

    def finish(self, rows: int) -> None:
        """The file's schema has told everything."""


def first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
