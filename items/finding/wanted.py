"""What a list is asked for beyond v1: all parameters together, read and checked."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from items.finding import values
from items.finding.conditions import Conditions, Shown, read_conditions
from items.finding.orders import NEWEST_FIRST, Order, read_order
from items.serializers import DatasetItemSerializer

# What every list takes.
OF_ALL_LISTS = frozenset({"limit", "offset", "format", "personal_api_key"})
# What else a list of items takes: v1's parameter, and those of its past.
PLAIN = OF_ALL_LISTS | {"dataset", "revision", "as_of"}
OWN = frozenset({"order_by", "fields", "cursor", "strict"})
COLUMN_OF = {name: str(field.source) for name, field in DatasetItemSerializer().fields.items()}
FIELDS = tuple(COLUMN_OF)


class Wanted(NamedTuple):
    conditions: Conditions = Conditions()
    order: Order = NEWEST_FIRST
    fields: tuple[str, ...] = FIELDS
    cursor: str | None = None  # None: pages by offset; empty: the first page of a walk

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(COLUMN_OF[name] for name in self.fields)

    @property
    def is_found(self) -> bool:
        """Whether rows have to be looked for: no index has them in order, no head has their number."""
        has_conditions = self.conditions.clauses or self.conditions.shown is not Shown.LIVE
        return bool(has_conditions) or self.order.column != NEWEST_FIRST.column


def is_plain(parameters: Mapping[str, str]) -> bool:
    """Whether lists had all these parameters before. Asked at each list, and so no more than a look at names."""
    return PLAIN.issuperset(parameters)


def read_wanted(parameters: Mapping[str, str]) -> Wanted:
    """Raises ValidationError."""
    is_strict = values.boolean("strict", parameters.get("strict"))
    conditions = read_conditions(parameters, is_strict=is_strict, also=PLAIN | OWN)
    order = read_order(parameters.get("order_by"))
    return Wanted(conditions, order, read_fields(parameters.get("fields")), parameters.get("cursor"))


def refuse_unknown(parameters: Mapping[str, str], known: Collection[str]) -> None:
    """Of a list that has no conditions of ours, if it is asked to be strict."""
    if values.boolean("strict", parameters.get("strict")):
        for name in sorted(set(parameters) - OF_ALL_LISTS - {"strict"} - set(known)):
            values.refuse_unknown(name)


def read_fields(text: str | None) -> tuple[str, ...]:
    """In the order of the items' own keys."""
    names = {each.strip() for each in (text or "").split(",")} - {""}
    for name in sorted(names.difference(FIELDS)):
        values.refuse_choice("fields", name)
    return tuple(name for name in FIELDS if name in names) or FIELDS
