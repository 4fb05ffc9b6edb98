"""What the parameters of a list mean, in Python that knows no SQL."""

import json
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.dataset_client import Body


class Number(str):
    """As it was spelled."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """Of an object, also repeated ones."""


def parse(text: str) -> Any:
    return json.loads(text, parse_int=Number, parse_float=Number, object_pairs_hook=Members)


def words(value: Any) -> list[str]:
    """Keys, texts and numbers."""
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
    """As jsonb's @> has it."""
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


def pad_microseconds(time: str) -> str:
    """Microseconds are left out where they are nought."""
    return time if "." in time else time.replace("Z", ".000000Z")


Predicate = Callable[[Body], bool]


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
    """Over an item's body, which has its JSON values once more, parsed, under their names with an underscore."""
    field, _, rest = name.partition("__")
    match field, rest:
        case "search", _:
            predicate = search_predicate(text)
        case _, "contains":
            predicate = containment_predicate(field, text)
        case "metadata", path:
            predicate = lambda item: is_spelled_as(at_path(item["_metadata"], path.split(".")), text)  # noqa: E731
        case "created_by", _:
            predicate = lambda item: bool(item["created_by"]["uuid"] == text)  # noqa: E731
        case "id", "in":
            predicate = lambda item: item["id"] in text.split(",")  # noqa: E731
        case "created_at" | "updated_at", word:
            predicate = comparison_predicate(field, word, text)
        case _:
            predicate = lambda item: bool(item[name] == text)  # noqa: E731
    return predicate
