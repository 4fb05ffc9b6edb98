"""What a key's scopes allow. Pure.

A scope is object:read or object:write; :write includes :read, and * includes everything.
"""

import re
from collections.abc import Iterable

EVERYTHING = "*"
SCOPE = re.compile(r"[a-z][a-z0-9_]*:(read|write)")
# The objects of this service; scopes of others are kept, since keys come from PostHog's world, and open nothing here.
OBJECTS = ("dataset", "organization", "personal_api_key", "project", "user")


def is_scope(text: str) -> bool:
    return text == EVERYTHING or SCOPE.fullmatch(text) is not None


def sufficient(required: str) -> set[str]:
    """The scopes each of which allows what is required."""
    scope_object, _, action = required.partition(":")
    return {EVERYTHING, required} | ({f"{scope_object}:write"} if action == "read" else set())


def allows(granted: Iterable[str], required: str) -> bool:
    return not sufficient(required).isdisjoint(granted)


def includes(granted: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether every wanted scope is allowed by the granted ones."""
    granted = set(granted)
    return all(EVERYTHING in granted if scope == EVERYTHING else allows(granted, scope) for scope in wanted)
