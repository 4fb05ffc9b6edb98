"""A rule."""

from typing import NamedTuple


class Rule(NamedTuple):
    name: str
    sentence: str
    statement: str  # finds what breaks it; its first column is the project
