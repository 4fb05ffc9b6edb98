"""Read exports of every format into the same rows."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

NAMES = [
    "id", "input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id", "created_at", "updated_at",
]  # fmt: skip
VALUES = ("input", "output", "metadata")
TIMES = ("ref_timestamp", "created_at", "updated_at")
Row = dict[str, Any]


def rows_in(name: str, data: bytes) -> list[Row]:
    """Return rows with values as JSON has them, and times as the API writes them."""
    return {"jsonl": json_lines, "csv": csv_lines, "parquet": parquet}[name](data)


def json_lines(data: bytes) -> list[Row]:
    lines = data.decode().split("\n")
    assert lines.pop() == ""
    rows = [json.loads(line) for line in lines]
    assert all(list(row) == NAMES for row in rows)
    return rows


def csv_lines(data: bytes) -> list[Row]:
    """Split lines by hand: the csv module does not tell an unquoted empty cell, which is null, from a quoted one."""
    assert data.endswith(b"\r\n")
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert data.partition(b"\r\n")[0].decode().split(",") == NAMES
    return [
        row | {name: json.loads(row[name] or "null") for name in VALUES} | {name: row[name] or None for name in REFS}
        for row in rows
    ]


REFS = ("ref_trace_id", "ref_timestamp", "ref_source_id")


def parquet(data: bytes) -> list[Row]:
    table = pq.read_table(pa.BufferReader(data))
    assert table.column_names == NAMES
    rows = table.to_pylist()
    return [
        row
        | {name: json.loads(row[name] or "null") for name in VALUES}
        | {name: row[name] and spelled(row[name]) for name in TIMES}
        for row in rows
    ]


def spelled(time: datetime) -> str:
    assert time.utcoffset() == UTC.utcoffset(None)
    return time.replace(tzinfo=None).isoformat() + "Z"
