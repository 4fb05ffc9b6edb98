"""Columns of rows become fields of items.

`mapping={"question": "input.question", "answer": "output", "*": "metadata"}` says which column goes where.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasets_client._errors import InvalidRow
from datasets_client._json_text import JSON, RawJSON, read_json
from datasets_client._rows import Cell, Row, TextCell

JSON_FIELDS = ("input", "output", "metadata")
REF_FIELDS = ("ref_trace_id", "ref_timestamp", "ref_source_id")
FIELDS = (*JSON_FIELDS, *REF_FIELDS)
# What lists and exports show besides; so that an export can be pushed as it is.
SHOWN_ONLY = frozenset({"id", "dataset", "deleted", "created_at", "updated_at", "created_by", "team"})
REST = "*"
HINTS = {
    "output": {"expectedoutput", "expected", "reference", "answer", "target", "label", "groundtruth", "ideal"},
    "input": {"inputs", "question", "prompt", "query"},
    "metadata": {"meta", "tags", "attributes"},
}


class RowMapping:
    """Turns rows into items. Columns that go nowhere are an error, since their values would be lost."""

    def __init__(self, mapping: Mapping[str, str] | None = None, key: str | None = None) -> None:
        self.places = {column: place.split(".") for column, place in (mapping or {}).items()}
        self.rest = self.places.pop(REST, None)
        self.key = key
        check_places(mapping or {})

    def item(self, row: Row, number: int) -> dict[str, JSON]:
        """Return the fields of one row; raises InvalidRow."""
        item: dict[str, JSON] = {}
        for column, value in row.items():
            for place in self.places_of(column, row, number):
                put(item, place, value, number)
        if self.key is not None:
            item["ref_source_id"] = self.key_of(self.key, row, number)
        return item

    def places_of(self, column: str, row: Row, number: int) -> list[list[str]]:
        if column in self.places:
            return [self.places[column]]
        if column == self.key:
            return []
        if column == "ref_source_id" and self.key is not None:
            raise InvalidRow(
                f"Both {self.key!r}, the key, and a column ref_source_id would become that field.", row=number
            )
        if column in FIELDS and not self.is_filled(column):
            return [[column]]
        if self.rest is not None:
            return [[*self.rest, column]] if column not in SHOWN_ONLY else []
        if column in SHOWN_ONLY:
            return []
        raise InvalidRow(unknown_column(column, row), row=number)

    def is_filled(self, field: str) -> bool:
        return any(place[0] == field for place in self.places.values()) or self.rest == [field]

    def key_of(self, key: str, row: Row, number: int) -> str:
        value = row.get(key)
        value = read_json(value.text) if isinstance(value, RawJSON) else value
        if isinstance(value, bool) or value is None or value == "" or not isinstance(value, (str, int)):
            value = None if value is None or isinstance(value, (bool, float, dict, list)) else plain_key(value)
        if value is None or value == "":
            raise InvalidRow(f"The key column {key!r} has no text or whole number.", row=number)
        return str(value)


def plain_key(value: Any) -> Any:
    """Return the whole number of a NumPy scalar; None for anything else."""
    plain = value.item() if hasattr(value, "item") else None
    return plain if isinstance(plain, int) and not isinstance(plain, bool) else None


def check_places(mapping: Mapping[str, str]) -> None:
    """Raises ValueError for places that do not exist, or that two columns want."""
    places = [place for column, place in mapping.items() if column != REST]
    for place in mapping.values():
        field, _, below = place.partition(".")
        if field not in FIELDS or (below and field in REF_FIELDS) or place.endswith(".") or ".." in place:
            raise ValueError(f"A mapping leads to {', '.join(FIELDS)}, or below the first three; not to {place!r}.")
    for place in places:
        if any(other != place and other.startswith(place + ".") for other in places) or places.count(place) > 1:
            raise ValueError(f"Two columns are mapped to {place!r}, or below it.")


def put(item: dict[str, JSON], place: list[str], value: Any, number: int) -> None:
    """Put a value at its place, and make the objects on the way."""
    target = item
    for name in place[:-1]:
        inner = target.setdefault(name, {})
        if not isinstance(inner, dict):
            raise InvalidRow(f"{'.'.join(place)} lies inside a value that is not an object.", row=number)
        target = inner
    if place[-1] in target:
        raise InvalidRow(f"Two columns lead to {'.'.join(place)}.", row=number)
    target[place[-1]] = cell_value(value, place[0]) if isinstance(value, (Cell, TextCell)) else value


def cell_value(cell: str, field: str) -> JSON:
    """Return what a cell of CSV means: in JSON fields JSON where it is JSON, otherwise a text; empty is null."""
    if cell == "":
        return None
    if isinstance(cell, Cell) and field in JSON_FIELDS:
        try:
            read_json(cell)
        except (ValueError, RecursionError):
            return str(cell)
        return str(cell) if cell.strip() in {"NaN", "Infinity", "-Infinity"} else RawJSON(cell.strip())
    return str(cell)


def unknown_column(column: str, row: Row) -> str:
    text = f"The column {column!r} goes to no field of an item, and would be lost."
    guess = next((field for field, names in HINTS.items() if column.lower().replace("_", "") in names), None)
    if guess is not None and guess not in row:
        return f"{text} Did you mean {guess}? Pass mapping={{{column!r}: {guess!r}}}."
    return f"{text} Pass mapping={{{column!r}: 'input.{column}'}} or mapping={{'*': 'metadata'}}, or leave it out."
