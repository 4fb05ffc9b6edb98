"""Shows rows as a serializer declares them, without making one: field names and places are worked out once."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import orjson
from rest_framework.fields import Field
from rest_framework.serializers import BaseSerializer, Serializer

Row = tuple[Any, ...]
Serialize = Callable[[Row, Mapping[int, Any]], dict[str, Any]]


class RowSerializer:
    """Turns rows whose columns are `columns` into what the serializer shows.

    A field's `source` names its column. A field with `is_json_text` holds JSON as text, which is spliced into the
    answer as it is; a nested serializer holds the id of a person. Whatever else a column holds, orjson writes as the
    contract wants it.
    """

    def __init__(
        self, serializer_class: type[Serializer[Any]], columns: tuple[str, ...], names: Collection[str] | None = None
    ) -> None:
        """With names, only of these fields."""
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
    """An expression: what the field shows of a row."""
    if getattr(field, "is_json_text", False):
        return f"None if row[{index}] is None else Text(row[{index}])"
    if isinstance(field, BaseSerializer):
        return f"users.get(row[{index}])"
    return f"row[{index}]"


def compile_expression(values: Mapping[str, str]) -> Serialize:
    """Written out, as `dataclasses` does it, since a loop over the fields takes three times as long, for each row."""
    entries = ", ".join(f"{name!r}: {value}" for name, value in values.items())
    serialize: Serialize = eval(f"lambda row, users: {{{entries}}}", {"Text": orjson.Fragment})  # noqa: S307  names and places
    return serialize
