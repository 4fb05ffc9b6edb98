"""Build the object that a client would have sent to create the item from a row of a file, and validate it."""

import json
from typing import Any, Protocol

from items.imports.column_mapping import JSON_FIELDS, ColumnPlan, Members
from items.serializers import ImportedItemSerializer
from items.writes.bulk_insert import NewItem
from rest.deserializer import Deserializer
from rest.parsers import JSONObject

NULL = "null"
ROW_DESERIALIZER = Deserializer(ImportedItemSerializer)


class FileRow(Protocol):
    """A row in a format. Both methods raise ValidationError for a cell without such a value."""

    def json_text(self, column: str) -> str:
        """Return the cell as JSON text."""

    def plain(self, column: str) -> Any:
        """Return the cell for a field that is not JSON, as a body may have it."""


def build_item(plan: ColumnPlan, row: FileRow, numbers: JSONObject) -> JSONObject:
    """Build an item; `numbers` knows about extreme numbers once the row's texts are read (see JSONObject)."""
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
    """Escape keys; normalizing the whole text later unescapes or rejects them."""
    parts = [
        f"{json.dumps(key)}:{object_json(inner, row) if isinstance(inner, dict) else row.json_text(inner)}"
        for key, inner in members.items()
    ]
    return "{" + ",".join(parts) + "}"


def validate_row(item: JSONObject) -> NewItem:
    """Check the values like those of a single new item. Raises ValidationError with the row's first error."""
    values, error = ROW_DESERIALIZER.partial_result(item)
    if error:
        raise error
    return NewItem(**values)
