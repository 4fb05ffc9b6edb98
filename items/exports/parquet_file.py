"""Parquet files: JSON values in columns marked as JSON, and times as timestamps."""

import io
import sys
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from database.query import Result
from database.sql import fragment
from items.exports.batches import BatchStatement, DatasetSnapshot, read_batches

TEXT, TIME = pa.string(), pa.timestamp("us", tz="UTC")
# Parquet's logical type lets readers, our import among them, tell JSON from text that looks like it.
JSON = pa.json_()
COLUMNS = {
    "id": TEXT,
    "input": JSON,
    "output": JSON,
    "metadata": JSON,
    "ref_trace_id": TEXT,
    "ref_timestamp": TIME,
    "ref_source_id": TEXT,
    "created_at": TIME,
    "updated_at": TIME,
}
NOT_NULL = {"id", "created_at", "updated_at"}
SCHEMA = pa.schema([pa.field(name, kind, nullable=name not in NOT_NULL) for name, kind in COLUMNS.items()])
# The bounds of a row group, which is held in memory until it is written.
GROUP_BYTES, GROUP_ROWS = 16 * 1024 * 1024, 100_000


def select_sql(column: str) -> str:
    """Select times as microseconds, to avoid building datetime objects."""
    microseconds, text = "(extract(epoch FROM i.$column) * 1000000)::bigint", "i.$column::text"
    return fragment(microseconds if COLUMNS[column] == TIME else text, column=column)


ROWS = BatchStatement.of("export_parquet_rows", *map(select_sql, COLUMNS))


class ByteSink(io.RawIOBase):
    """A file that hands out what has been written since the last pop()."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def pop(self) -> bytes:
        data, self.parts = b"".join(self.parts), []
        return data


def parquet_chunks(dataset: DatasetSnapshot) -> Iterator[bytes]:
    sink = ByteSink()
    # Few texts repeat, so a dictionary would be wasted work.
    with ParquetWriter(sink, SCHEMA, compression="zstd", use_dictionary=False, write_page_checksum=True) as writer:
        for group in row_groups(dataset):
            writer.write_table(group, row_group_size=GROUP_ROWS + group.num_rows)
            yield sink.pop()
    yield sink.pop()


def row_groups(dataset: DatasetSnapshot) -> Iterator[pa.Table]:
    group: list[pa.RecordBatch] = []
    for result in read_batches(dataset, ROWS):
        group.append(record_batch(result))
        if sum(each.nbytes for each in group) >= GROUP_BYTES or sum(each.num_rows for each in group) >= GROUP_ROWS:
            yield pa.Table.from_batches(group)
            group = []
    if group:
        yield pa.Table.from_batches(group)


def record_batch(result: Result) -> pa.RecordBatch:
    """Build a batch from PostgreSQL's binary values, which are Arrow's too: no value becomes a Python object."""
    raw = result.raw
    # Rows without an id do not match the selection.
    rows = [row for row in range(raw.ntuples) if raw.get_value(row, 0) is not None]
    cells = ([raw.get_value(row, index) for row in rows] for index in range(len(COLUMNS)))
    arrays = [build_array(column, kind) for column, kind in zip(cells, COLUMNS.values(), strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def build_array(cells: Sequence[bytes | None], kind: pa.DataType) -> pa.Array:
    if kind == TIME:
        numbers = array("q", b"".join(bytes(8) if cell is None else cell for cell in cells))
        if sys.byteorder == "little":
            numbers.byteswap()
        return pa.Array.from_buffers(TIME, len(cells), [validity_bitmap(cells), pa.py_buffer(numbers)])
    texts = [b"" if cell is None else cell for cell in cells]
    ends = array("i", accumulate(map(len, texts), initial=0))
    buffers = [validity_bitmap(cells), pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
    strings = pa.Array.from_buffers(TEXT, len(cells), buffers)
    return strings if kind == TEXT else kind.wrap_array(strings)


def validity_bitmap(cells: Sequence[Any]) -> pa.Buffer | None:
    """Return a bit per cell, least significant first, set if the cell is not null; None if no cell is null."""
    if None not in cells:
        return None
    bits = "".join("01"[cell is not None] for cell in reversed(cells))
    return pa.py_buffer(int(bits, 2).to_bytes((len(cells) + 7) // 8, "little"))
