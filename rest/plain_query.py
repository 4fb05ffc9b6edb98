"""Query strings in which nothing is quoted, as most are."""

import re

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

# Names and values that mean themselves, quoted or not.
PLAIN_QUERY = re.compile(r"(?:[A-Za-z0-9_.-]+=[A-Za-z0-9_.-]*(?:&|$))*")
MAX_PAIRS = 100


def is_plain(query: str) -> bool:
    return PLAIN_QUERY.fullmatch(query) is not None


def split_plain(query: str) -> list[tuple[str, str]]:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return [(name, value) for name, _, value in pairs]


def parse_plain(query: str) -> QueryDict | None:
    """Return what QueryDict would make of the query, or None for one that is not plain, or has many pairs."""
    if query.count("&") >= MAX_PAIRS or not is_plain(query):
        return None
    lists: dict[str, list[str]] = {}
    for name, value in split_plain(query):
        lists.setdefault(name, []).append(value)
    parsed = QueryDict.__new__(QueryDict)
    # Not QueryDict's own, which parses, and converts each name and value.
    MultiValueDict.__init__(parsed, lists)
    parsed._mutable = False  # noqa: SLF001
    return parsed
