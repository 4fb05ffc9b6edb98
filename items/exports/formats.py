"""Formats of exported files, and their names."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from items.exports.batches import DatasetSnapshot
from items.exports.text_files import csv_lines, json_lines

# Control characters, and characters that some system rejects in a name.
UNSAFE_CHARACTERS = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u2028\u2029\u202a-\u202e\u2066-\u2069]+')
MAX_NAME_LENGTH = 80


def parquet_chunks(dataset: DatasetSnapshot) -> Iterator[bytes]:
    # Imported on first use: it takes 40 MB of memory.
    from items.exports.parquet_file import parquet_chunks as chunks  # noqa: PLC0415

    return chunks(dataset)


class ExportFormat(NamedTuple):
    media_type: str
    chunks: Callable[[DatasetSnapshot], Iterator[bytes]]


EXPORT_FORMATS = {
    "jsonl": ExportFormat("application/x-ndjson", json_lines),
    "csv": ExportFormat("text/csv; charset=utf-8", csv_lines),
    "parquet": ExportFormat("application/vnd.apache.parquet", parquet_chunks),
}


def file_name(dataset_name: str, revision: int, export_format: str) -> str:
    name = UNSAFE_CHARACTERS.sub("_", dataset_name)[:MAX_NAME_LENGTH].strip(" .") or "dataset"
    return f"{name} r{revision}.{export_format}"


def content_disposition(name: str) -> str:
    """Return a Content-Disposition (RFC 6266): the name in ASCII for old clients, then in full."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
