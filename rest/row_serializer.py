"""Serializes rows as a serializer class declares them, without an instance for each row."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import orjson
from rest_framework.fields import Field
from rest_framework.serializers import BaseSerializer, Serializer

Row = tuple[Any, ...]
Serialize = Callable[[Row, Mapping[int, Any]], dict[str, Any]]


class RowSerializer:
    """Turns rows with these columns into dicts that the JSON renderer writes as the serializer would.

    A field's `source` names its column. A field with `is_json_text` holds JSON as text, which is inserted unchanged. A
    nested serializer holds a user's id. orjson writes all other types in the API's format.
    """

    def __init__(
        self, serializer_class: type[Serializer[Any]], columns: tuple[str, ...], names: Collection[str] | None = None
    ) -> None:
        """Serialize all fields, or only the named ones."""
        declared = serializer_class().fields
        fields = {name: field for name, field in declared.items() if names is None or name in names}
        self.names = tuple(fields)
        indexes = {name: columns.index(str(field.source)) for name, field in fields.items()}
        self.user_columns = [indexes[name] for name, field in fields.items() if isinstance(field, BaseSerializer)]
        self.serialize = compile_expression(
            {name: value_expression(field, indexes[name]) for name, field in fields.items()}
        )

    def user_ids(self, rows: Iterable[Row]) -> set[int]:
        return {row[column] for row in rows for column in self.user_columns if row[column] is not None}


def value_expression(field: Field[Any, Any, Any, Any], index: int) -> str:
    """Return a Python expression for the field's value, given `row` and `users`."""
    if getattr(field, "is_json_text", False):
        return f"None if row[{index}] is None else Text(row[{index}])"
    if isinstance(field, BaseSerializer):
        return f"users.get(row[{index}])"
    return f"row[{index}]"


def compile_expression(values: Mapping[str, str]) -> Serialize:
    """Compile one function for all fields, as `dataclasses` does: a loop over them takes three times as long a row."""
    entries = ", ".join(f"{name!r}: {value}" for name, value in values.items())
    serialize: Serialize = eval(f"lambda row, users: {{{entries}}}", {"Text": orjson.Fragment})  # noqa: S307  only field names and column indexes
    return serialize
