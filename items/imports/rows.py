"""A row of a file as the object that a client would have sent to create the item."""

import json
from typing import Any, Protocol

from items.imports.column_mapping import JSON_FIELDS, ColumnPlan, Members
from rest.parsers import JSONObject

NULL = "null"


class FileRow(Protocol):
    """What each format makes of a row. Both raise ValidationError for a cell that has no such value."""

    def json_text(self, column: str) -> str:
        """The cell as a JSON value."""

    def plain(self, column: str) -> Any:
        """The cell for a field that takes no JSON: whatever a body may have there."""


def build_item(plan: ColumnPlan, row: FileRow, numbers: JSONObject) -> JSONObject:
    """`numbers` knows of extreme numbers in the texts of the row once these are read; see JSONObject."""
    item = JSONObject()
    for field, column in plan.columns.items():
        if field in JSON_FIELDS:
            set_json(item, field, row.json_text(column))
        else:
            item[field] = row.plain(column)
    for field, members in plan.objects.items():
        set_json(item, field, object_json(members, row))
    item.has_extreme_numbers = numbers.has_extreme_numbers
    return item


def set_json(item: JSONObject, field: str, text: str) -> None:
    item[field] = None if text == NULL else text
    item.texts[field] = text


def object_json(members: Members, row: FileRow) -> str:
    """Keys are escaped here; the check of the whole text writes them plainly, or refuses them."""
    parts = [
        f"{json.dumps(key)}:{object_json(inner, row) if isinstance(inner, dict) else row.json_text(inner)}"
        for key, inner in members.items()
    ]
    return "{" + ",".join(parts) + "}"
