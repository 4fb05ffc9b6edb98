"""Formats rows as a text table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any


def format_table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> str:
    """Return aligned columns under their names, in the order of `columns`."""
    lines = [[name.replace("_", " ") for name in columns]]
    lines += [[format_cell(row[name]) for name in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def format_cell(value: Any) -> str:
    """Return one line, with control characters escaped: in a name or label, they could corrupt the terminal."""
    if value is None or value == []:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
