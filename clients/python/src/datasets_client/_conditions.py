"""Conditions on items: from keyword arguments to the API's parameters, and judged here for cached items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from datasets_client._json_text import JSON, time_text, write_json

FIELDS = ("metadata", "input", "output")
# Names that the list knows by themselves; any other name is a key of metadata.
LIST_NAMES = frozenset({
    "search", "ref_trace_id", "ref_source_id", "created_by", "id__in", "deleted",
    "created_at__gte", "created_at__gt", "created_at__lte", "created_at__lt",
    "updated_at__gte", "updated_at__gt", "updated_at__lte", "updated_at__lt",
})  # fmt: skip
OPERATORS = frozenset({"ne", "in", "gt", "gte", "lt", "lte", "exists", "icontains", "contains"})


def parameter_name(name: str) -> str:
    """Return the API's name: `split` → `metadata__split`, `input__a__b__icontains` → `input__a.b__icontains`."""
    if name in LIST_NAMES:
        return name
    field, _, path = name.partition("__")
    if field not in FIELDS or not path:
        field, path = "metadata", name
    keys = path.split("__")
    operator = keys.pop() if keys[-1] in OPERATORS else ""
    parts = [field, ".".join(keys), operator]
    return "__".join(part for part in parts if part)


def parameter_value(name: str, value: Any) -> str:
    """Return a value as the API takes it: lists with commas, JSON for `contains`, texts as they are."""
    if name.endswith("__contains"):
        return write_json(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ",".join(scalar_text(element) for element in value)
    return scalar_text(value)


def scalar_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (datetime, date)):
        return time_text(value)
    if value is None or isinstance(value, Mapping):
        raise TypeError(f"{value!r} is not a condition; use metadata__contains for null and objects.")
    return write_json(value)


def parameters(conditions: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of conditions; raises ValueError where two have one name, or a value is empty."""
    found: dict[str, str] = {}
    for given, value in conditions.items():
        name = parameter_name(given)
        if name in found:
            raise ValueError(f"{given} is given twice.")
        found[name] = parameter_value(name, value)
        if found[name] == "":
            # The API would take an empty parameter for no condition, and show everything.
            raise ValueError(f"The condition {given} is empty.")
    return found


class CannotJudge(ValueError):
    """A condition that only the server can judge."""


def matches(members: Mapping[str, JSON], conditions: Mapping[str, str]) -> bool:
    """Return whether an item matches parameters, as the server would decide; raises CannotJudge."""
    return all(matches_one(members, name, value) for name, value in conditions.items())


def matches_one(members: Mapping[str, JSON], name: str, value: str) -> bool:
    field, _, rest = name.partition("__")
    if field in {"ref_source_id", "ref_trace_id"} and not rest:
        return members.get(field) == value
    if name == "id__in":
        return members["id"] in value.split(",")
    if field not in FIELDS or rest == "contains":
        raise CannotJudge(f"The condition {name} needs the server.")
    path, _, operator = rest.rpartition("__") if rest.rpartition("__")[2] in OPERATORS else (rest, "", "")
    return JUDGES[operator](value_at(members.get(field), path.split(".")), value)


MISSING = object()


def value_at(value: JSON, keys: Iterable[str]) -> JSON:
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return MISSING
        value = value[key]
    return value


def is_equal(value: JSON, text: str) -> bool:
    """Compare as the API does: the text, or a number or boolean by its JSON."""
    if value is MISSING or value is None or isinstance(value, (dict, list)):
        return False
    if isinstance(value, str):
        return value == text
    if isinstance(value, bool):
        return text == write_json(value)
    return number_in(text) == Decimal(str(value))


def number_in(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def compare(judge: Callable[[Any, Any], bool]) -> Callable[[JSON, str], bool]:
    def judged(value: JSON, text: str) -> bool:
        if isinstance(value, str):
            return judge(value, text)
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            return False
        number = number_in(text)
        return judge(str(value), text) if number is None else judge(Decimal(str(value)), number)

    return judged


def icontains(value: JSON, text: str) -> bool:
    return isinstance(value, str) and text.casefold() in value.casefold()


JUDGES: dict[str, Callable[[JSON, str], bool]] = {
    "": is_equal,
    "ne": lambda value, text: not is_equal(value, text),
    "in": lambda value, text: any(is_equal(value, part) for part in text.split(",")),
    "exists": lambda value, text: (value is not MISSING) == (text == "true"),
    "gt": compare(lambda left, right: left > right),
    "gte": compare(lambda left, right: left >= right),
    "lt": compare(lambda left, right: left < right),
    "lte": compare(lambda left, right: left <= right),
    "icontains": icontains,
}
