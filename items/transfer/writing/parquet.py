"""Parquet: values as JSON text, in columns that are marked as such, and times as times."""

import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from database.statements import Cursor
from items.transfer.writing.batches import Past, batch_statement, batches

TEXT, TIME = pa.string(), pa.timestamp("us", tz="UTC")
# Parquet's logical type: readers, our import among them, tell it from a text that merely looks like JSON.
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


def selected(column: str) -> str:
    """Times as microseconds, which need not be made into objects first."""
    return f"(extract(epoch FROM {column}) * 1000000)::bigint" if COLUMNS[column] == TIME else f"{column}::text"


ROWS = batch_statement(", ".join(map(selected, COLUMNS)))


class Sink(io.RawIOBase):
    """What has been written since it was last taken."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self.parts = b"".join(self.parts), []
        return taken


def parquet(past: Past) -> Iterator[bytes]:
    sink = Sink()
    # Few of the texts recur, so that a dictionary of them would be made in vain.
    with ParquetWriter(sink, SCHEMA, compression="zstd", use_dictionary=False) as writer:
        for group in row_groups(past):
            writer.write_table(group, row_group_size=GROUP_ROWS + group.num_rows)
            yield sink.take()
    yield sink.take()


def row_groups(past: Past) -> Iterator[pa.Table]:
    group: list[pa.RecordBatch] = []
    for cursor in batches(past, ROWS):
        group.append(record_batch(cursor))
        if sum(each.nbytes for each in group) >= GROUP_BYTES or sum(each.num_rows for each in group) >= GROUP_ROWS:
            yield pa.Table.from_batches(group)
            group = []
    if group:
        yield pa.Table.from_batches(group)


def record_batch(cursor: Cursor) -> pa.RecordBatch:
    columns = list(zip(*cursor.fetchall(), strict=True))[: len(COLUMNS)]
    arrays = [
        pa.array(values, pa.int64()).cast(kind) if kind == TIME else pa.array(values, kind)
        for values, kind in zip(columns, COLUMNS.values(), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)
