"""Scopes of keys: object:read or object:write, where :write includes :read, and *, which includes everything.

dataset:erase is included in * only.
"""

import re
from collections.abc import Iterable

ALL_SCOPES = "*"
SCOPE = re.compile(r"[a-z][a-z0-9_]*:(read|write)|dataset:erase")
# The objects of this service. PostHog's other scopes are accepted, but give access to nothing here.
OBJECTS = ("dataset", "organization", "personal_api_key", "project", "user")


ACTION_BY_METHOD = {
    "GET": "read",
    "HEAD": "read",
    "OPTIONS": "read",
    "POST": "write",
    "PUT": "write",
    "PATCH": "write",
    "DELETE": "write",
}


def is_scope(text: str) -> bool:
    return text == ALL_SCOPES or SCOPE.fullmatch(text) is not None


def scopes_granting(required: str) -> set[str]:
    """Return the scopes that each include the required one."""
    scope_object, _, action = required.partition(":")
    return {ALL_SCOPES, required} | ({f"{scope_object}:write"} if action == "read" else set())


def allows(granted: Iterable[str], required: str) -> bool:
    return not scopes_granting(required).isdisjoint(granted)


def covers(granted: Iterable[str], requested: Iterable[str]) -> bool:
    """Return whether the granted scopes include every requested one."""
    granted = set(granted)
    return all(ALL_SCOPES in granted if scope == ALL_SCOPES else allows(granted, scope) for scope in requested)
