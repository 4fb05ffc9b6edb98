"""Parses rates such as 480/minute."""

from typing import NamedTuple

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class Rate(NamedTuple):
    requests: int
    seconds: int


def parse_rate(value: str) -> Rate:
    """Parse a positive number, a slash and second, minute, hour or day. Raises ValueError."""
    number, _, period = value.partition("/")
    if not (number.isdecimal() and int(number) and period in SECONDS):
        raise ValueError(f"{value!r} is not a rate such as 480/minute")
    return Rate(int(number), SECONDS[period])
