"""Shows rows as a serializer declares them, without making one: field names and places are worked out once."""

from collections.abc import Callable, Collection, Iterable, Mapping
from operator import itemgetter
from typing import Any

import orjson
from rest_framework.serializers import BaseSerializer, Serializer

Row = tuple[Any, ...]


def picker(places: list[int]) -> Callable[[Row], Row]:
    """itemgetter gives no tuple for one place."""
    [only, *others] = places
    return itemgetter(*places) if others else lambda row: (row[only],)


class Representation:
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
        self.pick = picker([columns.index(str(field.source)) for field in fields.values()])
        self.texts = [name for name, field in fields.items() if getattr(field, "is_json_text", False)]
        self.people = [name for name, field in fields.items() if isinstance(field, BaseSerializer)]
        self.person_columns = [columns.index(str(fields[name].source)) for name in self.people]

    def people_in(self, rows: Iterable[Row]) -> set[int]:
        return {row[column] for row in rows for column in self.person_columns if row[column] is not None}

    def show(self, row: Row, people: Mapping[int, Any]) -> dict[str, Any]:
        shown = dict(zip(self.names, self.pick(row), strict=True))
        for name in self.texts:
            if shown[name] is not None:
                shown[name] = orjson.Fragment(shown[name])
        for name in self.people:
            shown[name] = people.get(shown[name])
        return shown
