"""What a key's scopes allow. Pure.

A scope is object:read or object:write; :write includes :read, and * includes everything. dataset:erase is a third one,
which nothing but * includes.
"""

import re
from collections.abc import Iterable

ALL_SCOPES = "*"
SCOPE = re.compile(r"[a-z][a-z0-9_]*:(read|write)|dataset:erase")
# The objects of this service; scopes of others are kept, since keys come from PostHog's world, and open nothing here.
OBJECTS = ("dataset", "organization", "personal_api_key", "project", "user")

# What a request does to an object, by its method.
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
    """The scopes each of which allows what is required."""
    scope_object, _, action = required.partition(":")
    return {ALL_SCOPES, required} | ({f"{scope_object}:write"} if action == "read" else set())


def allows(granted: Iterable[str], required: str) -> bool:
    return not scopes_granting(required).isdisjoint(granted)


def covers(granted: Iterable[str], requested: Iterable[str]) -> bool:
    """Whether every requested scope is allowed by the granted ones."""
    granted = set(granted)
    return all(ALL_SCOPES in granted if scope == ALL_SCOPES else allows(granted, scope) for scope in requested)
