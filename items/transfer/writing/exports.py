"""The forms in which a dataset is exported, and the names of such files."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from items.transfer.writing.batches import Past
from items.transfer.writing.lines import csv_lines, json_lines

# Control characters, and what some system does not take in a name.
UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u2028\u2029\u202a-\u202e\u2066-\u2069]+')
LONGEST_NAME = 80


def parquet(past: Past) -> Iterator[bytes]:
    # Loaded when first needed: it takes 40 MB of memory.
    from items.transfer.writing.parquet import parquet as chunks  # noqa: PLC0415

    return chunks(past)


class Format(NamedTuple):
    media_type: str
    chunks: Callable[[Past], Iterator[bytes]]


FORMATS = {
    "jsonl": Format("application/x-ndjson", json_lines),
    "csv": Format("text/csv; charset=utf-8", csv_lines),
    "parquet": Format("application/vnd.apache.parquet", parquet),
}


def file_name(dataset_name: str, revision: int, export_format: str) -> str:
    name = UNFIT.sub("_", dataset_name)[:LONGEST_NAME].strip(" .") or "dataset"
    return f"{name} r{revision}.{export_format}"


def attachment(name: str) -> str:
    """A Content-Disposition (RFC 6266): the name, and before it what clients get that know ASCII alone."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
