"""Serializes rows as a serializer class declares them, without an instance for each row."""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import starmap
from operator import itemgetter
from typing import Any

import orjson
from rest_framework.fields import Field
from rest_framework.serializers import BaseSerializer, Serializer

Row = tuple[Any, ...]
# Given the users, a function of a row's values.
Serialize = Callable[[Mapping[int, Any]], Callable[..., dict[str, Any]]]


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
        self._serialize = compile_expression(
            len(columns), {name: value_expression(field, indexes[name]) for name, field in fields.items()}
        )

    def serialize(self, row: Row, users: Mapping[int, Any]) -> dict[str, Any]:
        return self._serialize(users)(*row)

    def serialize_all(self, rows: Sequence[Row], users: Mapping[int, Any]) -> list[dict[str, Any]]:
        return list(starmap(self._serialize(users), rows))

    def user_ids(self, rows: Sequence[Row]) -> set[int]:
        return {user_id for column in self.user_columns for user_id in set(map(itemgetter(column), rows))} - {None}


def value_expression(field: Field[Any, Any, Any, Any], index: int) -> str:
    """Return a Python expression for the field's value, given `users` and the row's values, c0, c1 and so on."""
    if getattr(field, "is_json_text", False):
        return f"None if c{index} is None else Text(c{index})"
    if isinstance(field, BaseSerializer):
        return f"users.get(c{index})"
    return f"c{index}"


def compile_expression(width: int, values: Mapping[str, str]) -> Serialize:
    """Compile one function for all fields, as `dataclasses` does: a loop over them takes three times as long a row."""
    arguments = ", ".join(f"c{index}" for index in range(width))
    entries = ", ".join(f"{name!r}: {value}" for name, value in values.items())
    serialize: Serialize = eval(f"lambda users: lambda {arguments}: {{{entries}}}", {"Text": orjson.Fragment})  # noqa: S307  only field names and column indexes
    return serialize
