"""Output of commands: tables for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from datasets_client._json_text import RawJSON, read_json, write_json

MAX_CELL = 48
# So many rows are measured before a table is printed.
MEASURED_ROWS = 1000


class Format(str, Enum):
    """The ways to print results."""

    auto = "auto"
    human = "human"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    quiet = "quiet"


Record = Mapping[str, Any]


def chosen(output_format: Format, *, is_list: bool) -> Format:
    """Return the format that auto stands for: for a terminal human, otherwise JSON."""
    if output_format is not Format.auto:
        return output_format
    if sys.stdout.isatty():
        return Format.human
    return Format.jsonl if is_list else Format.json


def say(text: str) -> None:
    """Tell people something on standard error, apart from results."""
    print(text, file=sys.stderr)  # noqa: T201


def write_out(text: str) -> None:
    print(text)  # noqa: T201


def print_records(records: Iterable[Record], output_format: Format, columns: Sequence[str], key: str) -> None:
    """Print a list; `columns` are for people, `key` is what quiet prints."""
    match chosen(output_format, is_list=True):
        case Format.quiet:
            for record in records:
                write_out(plain(record.get(key)))
        case Format.json:
            write_out("[" + ",\n ".join(write_json(record) for record in records) + "]")
        case Format.csv:
            print_csv(records, columns)
        case Format.human:
            print_table(records, columns)
        case _:
            for record in records:
                write_out(write_json(record))


def print_record(record: Record, output_format: Format, key: str, human: str | None = None) -> None:
    """Print one result; `human` is the sentence for people."""
    match chosen(output_format, is_list=False):
        case Format.quiet:
            if record.get(key) is not None:
                write_out(plain(record[key]))
        case Format.human:
            write_out(human if human is not None else "\n".join(f"{name}: {plain(record[name])}" for name in record))
        case Format.csv:
            print_csv([record], list(record))
        case _:
            write_out(write_json(record))


def print_csv(records: Iterable[Record], columns: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([csv_cell(record.get(name), name) for name in columns])


def csv_cell(value: Any, name: str) -> str:
    """Return a cell as the server's exports have it: JSON in the fields that hold JSON, texts bare elsewhere."""
    is_null = value is None or (isinstance(value, RawJSON) and value.text == "null")
    if is_null:
        return ""
    return write_json(value) if name in {"input", "output", "metadata"} else plain(value)


def print_table(records: Iterable[Record], columns: Sequence[str]) -> None:
    rows: list[list[str]] = []
    source = iter(records)
    for record in source:
        rows.append(table_row(record, columns))
        if len(rows) == MEASURED_ROWS:
            break
    widths = [max(len(row[at]) for row in [list(columns), *rows]) for at in range(len(columns))]
    for row in [list(columns), *rows]:
        write_out(table_line(row, widths))
    for record in source:
        write_out(table_line(table_row(record, columns), widths))


def table_row(record: Record, columns: Sequence[str]) -> list[str]:
    """Return the cells; the last one may be as long as it is."""
    cells = [plain(record.get(name)) for name in columns]
    return [*map(cut, cells[:-1]), cells[-1]]


def table_line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def plain(value: Any) -> str:
    """Return a value for a cell: texts without quotes, everything else as JSON."""
    if isinstance(value, RawJSON):
        value = read_json(value.text) if value.text.startswith('"') or value.text == "null" else value
    if value is None:
        return ""
    text = value if isinstance(value, str) else write_json(value)
    # Control characters of a stored text could rewrite the terminal.
    return "".join(character if character.isprintable() else " " for character in text)


def cut(text: str) -> str:
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"
