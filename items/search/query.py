"""Parse all parameters of an item list that go beyond v1."""

from collections.abc import Mapping
from typing import NamedTuple

from items import query_params
from items.rows import JSON_COLUMNS
from items.search.conditions import Conditions, parse_conditions
from items.search.ordering import DEFAULT_ORDERING, Ordering, parse_ordering
from items.serializers import DatasetItemSerializer
from rest.query_params import parse_boolean

# Parameters of every list.
COMMON_PARAMS = frozenset({"limit", "offset", "format", "personal_api_key"})
# Parameters of item lists: v1's own, and those that select a past state.
V1_PARAMS = COMMON_PARAMS | {"dataset", "revision", "as_of"}
EXTENDED_PARAMS = frozenset({"order_by", "fields", "cursor", "strict"})
COLUMN_BY_FIELD = {name: str(field.source) for name, field in DatasetItemSerializer().fields.items()}
FIELDS = tuple(COLUMN_BY_FIELD)


class ListQuery(NamedTuple):
    conditions: Conditions = Conditions()
    order: Ordering = DEFAULT_ORDERING
    fields: tuple[str, ...] = FIELDS
    cursor: str | None = None  # None: pages by offset; empty: the first page by cursor

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(COLUMN_BY_FIELD[name] for name in self.fields)

    @property
    def spare_rows(self) -> int:
        """Rows to read beyond a page by cursor, to see whether another page follows."""
        return int(self.cursor is not None)

    @property
    def json_indexes(self) -> tuple[int, ...]:
        """The positions of JSON columns."""
        return tuple(index for index, name in enumerate(self.columns) if name in JSON_COLUMNS)

    @property
    def needs_scan(self) -> bool:
        """Whether rows must be searched for: no index has them in order, and no head has their count."""
        return not self.conditions.is_empty or self.order.column != DEFAULT_ORDERING.column


def has_v1_params_only(parameters: Mapping[str, str]) -> bool:
    """Whether the query uses v1's parameters only. Runs for every list, so it only compares names."""
    return V1_PARAMS.issuperset(parameters)


def parse_list_query(parameters: Mapping[str, str]) -> ListQuery:
    """Raises ValidationError."""
    is_strict = parse_boolean("strict", parameters.get("strict"))
    conditions = parse_conditions(parameters, is_strict=is_strict, extra_params=V1_PARAMS | EXTENDED_PARAMS)
    order = parse_ordering(parameters.get("order_by"))
    return ListQuery(conditions, order, parse_fields(parameters.get("fields")), parameters.get("cursor"))


def parse_fields(text: str | None) -> tuple[str, ...]:
    """Return the fields in the order of an item's keys."""
    return parse_field_names(text, FIELDS, default=FIELDS)


def parse_field_names(text: str | None, known: tuple[str, ...], *, default: tuple[str, ...]) -> tuple[str, ...]:
    """Split the names at commas and return them in the order of `known`, or the default. Raises ValidationError."""
    names = {each.strip() for each in (text or "").split(",")} - {""}
    for name in sorted(names.difference(known)):
        query_params.raise_invalid_choice("fields", name)
    return tuple(name for name in known if name in names) or default
