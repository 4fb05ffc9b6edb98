"""The meaning of a list's parameters in plain Python, without SQL."""

import json
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.dataset_client import Body


class Number(str):
    """A number as spelled."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """The members of an object, including repeated ones."""


def parse(text: str) -> Any:
    return json.loads(text, parse_int=Number, parse_float=Number, object_pairs_hook=Members)


def words(value: Any) -> list[str]:
    """Return keys, strings and numbers."""
    if isinstance(value, Members):
        return [word for name, each in value for word in (name, *words(each))]
    if isinstance(value, list):
        return [word for each in value for word in words(each)]
    return [value] if isinstance(value, str) else []


def casefold(text: str) -> str:
    return "".join(each.upper().lower() for each in text)


def as_object(value: Members) -> dict[str, Any]:
    return dict(value)


def is_same(one: Any, other: Any) -> bool:
    if isinstance(one, Number) or isinstance(other, Number):
        return isinstance(one, Number) and isinstance(other, Number) and Decimal(one) == Decimal(other)
    return type(one) is type(other) and one == other


def contains(whole: Any, part: Any, *, is_root: bool = False) -> bool:
    """Like jsonb's @>."""
    if isinstance(part, Members):
        if not isinstance(whole, Members):
            return False
        members = as_object(whole)
        return all(name in members and contains(members[name], each) for name, each in as_object(part).items())
    if isinstance(whole, Members):
        return False
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(contains(one, each) for one in whole) for each in part)
    if isinstance(whole, list):
        return is_root and any(is_same(one, part) for one in whole)
    return is_same(whole, part)


def at_path(value: Any, path: list[str]) -> Any:
    for name in path:
        if not isinstance(value, Members) or name not in as_object(value):
            return None
        value = as_object(value)[name]
    return value


def is_spelled_as(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    if isinstance(value, Number):
        try:
            return is_same(parse(text), value)
        except ValueError:
            return False
    return isinstance(value, str) and value == text


def has_path(value: Any, path: list[str]) -> bool:
    for name in path:
        if not isinstance(value, Members) or name not in as_object(value):
            return False
        value = as_object(value)[name]
    return bool(path) or value is not None


def scalar_text(value: Any) -> str | None:
    """Return the text of a scalar as jsonb spells it, or None."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return format(Decimal(value), "f")
    return value if isinstance(value, str) else None


def as_number(text: str) -> Decimal | None:
    try:
        value = parse(text)
    except ValueError:
        return None
    return Decimal(value) if isinstance(value, Number) and text == text.strip() else None


def path_predicate(column: str, rest: str, text: str) -> "Predicate":
    """Test the value at a path, or the whole value."""
    path, separator, word = rest.rpartition("__")
    if not separator and word not in PATH_OPERATORS:
        path, word = rest, ""
    keys = path.split(".") if path else []
    test = PATH_OPERATORS[word]
    if word == "exists":
        return lambda item: has_path(item[f"_{column}"], keys) == (text == "true")
    return lambda item: test(at_path(item[f"_{column}"], keys), text)


def is_any_of(value: Any, text: str) -> bool:
    return any(is_spelled_as(value, each) for each in text.split(","))


def icontains(value: Any, text: str) -> bool:
    whole = scalar_text(value)
    return whole is not None and casefold(text) in casefold(whole)


def compares(word: str) -> Callable[[Any, str], bool]:
    compare = {"gte": operator.ge, "gt": operator.gt, "lte": operator.le, "lt": operator.lt}[word]

    def is_so(value: Any, text: str) -> bool:
        number, whole = as_number(text), scalar_text(value)
        if number is not None and isinstance(value, Number):
            return bool(compare(Decimal(value), number))
        return whole is not None and bool(compare(whole, text))

    return is_so


def pad_microseconds(time: str) -> str:
    """Microseconds are omitted if they are zero."""
    return time if "." in time else time.replace("Z", ".000000Z")


Predicate = Callable[[Body], bool]


PATH_OPERATORS: dict[str, Callable[[Any, str], bool]] = {
    "": is_spelled_as,
    "ne": lambda value, text: not is_spelled_as(value, text),
    "in": is_any_of,
    "exists": lambda value, text: True,  # only by the path
    "icontains": icontains,
    **{word: compares(word) for word in ("gte", "gt", "lte", "lt")},
}


def search_predicate(text: str) -> Predicate:
    needle = casefold(text)
    return lambda item: any(needle in casefold(word) for word in words_of(item))


def words_of(item: Body) -> list[str]:
    inside = [word for field in ("input", "output", "metadata") for word in words(item[f"_{field}"])]
    return inside + [item[field] for field in ("ref_source_id", "ref_trace_id") if item[field] is not None]


def containment_predicate(field: str, text: str) -> Predicate:
    part = parse(text)
    return lambda item: contains(item[f"_{field}"], part, is_root=True)


def comparison_predicate(column: str, word: str, text: str) -> Predicate:
    compare = {"gte": operator.ge, "gt": operator.gt, "lte": operator.le, "lt": operator.lt}[word]
    return lambda item: bool(compare(pad_microseconds(item[column]), pad_microseconds(text)))


def predicate_for(name: str, text: str) -> Predicate:
    """Test the body of an item, which also has its parsed JSON values under their names with an underscore."""
    field, _, rest = name.partition("__")
    match field, rest:
        case "search", _:
            predicate = search_predicate(text)
        case _, "contains":
            predicate = containment_predicate(field, text)
        case "metadata" | "input" | "output", path:
            predicate = path_predicate(field, path, text)
        case "created_by", _:
            predicate = lambda item: bool(item["created_by"]["uuid"] == text)  # noqa: E731
        case "id", "in":
            predicate = lambda item: item["id"] in text.split(",")  # noqa: E731
        case "created_at" | "updated_at", word:
            predicate = comparison_predicate(field, word, text)
        case _:
            predicate = lambda item: bool(item[name] == text)  # noqa: E731
    return predicate
