"""Compare JSON texts by value: the order of keys and the spelling of numbers and strings do not matter.

An integer and a number with a fraction or an exponent are different values (1 and 1.0), as are true and 1.
"""

import json
from decimal import Decimal
from typing import Any


class Integer(Decimal):
    __slots__ = ()


class Fraction(Decimal):
    __slots__ = ()


def is_same_json(first: str | None, second: str | None) -> bool:
    """Compare two JSON texts, of which None means no value."""
    if first is None or second is None or first == second:
        return first == second
    return is_same_value(parse_exactly(first), parse_exactly(second))


def parse_exactly(text: str) -> Any:
    """Keep every digit of each number."""
    return json.loads(text, parse_int=Integer, parse_float=Fraction)


def is_same_value(first: Any, second: Any) -> bool:
    if type(first) is not type(second):
        return False
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(is_same_value(first[key], second[key]) for key in first)
    if isinstance(first, list):
        return len(first) == len(second) and all(map(is_same_value, first, second))
    return bool(first == second)
