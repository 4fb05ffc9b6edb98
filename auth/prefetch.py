"""Reads one row of the project by the statement that finds access: one round trip to the database instead of two."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request

from auth.replica.positions import HAS_REPLICA
from auth.scopes import ACTION_BY_METHOD, scopes_granting
from database.citus import has_citus


@dataclass(frozen=True, slots=True)
class Prefetch:
    """Declared by a view: which row its methods begin with, where the request has no query.

    That the row has been read decides nothing: nobody is shown it before all decisions about access. If it was not
    read, it may still exist.
    """

    scope_object: str
    # By HTTP method (HEAD is as GET); each is made by access_sql, and takes the route's id.
    statements: Mapping[str, str]

    def bind(self, request: Request, kwargs: Mapping[str, Any]) -> "PrefetchQuery | None":
        method = str(request.method)
        statement = self.statements.get("GET" if method == "HEAD" else method)
        if statement is None or "id" not in kwargs or request.META.get("QUERY_STRING"):
            return None
        try:
            row_id = UUID(kwargs["id"])
        except ValueError:
            return None
        return PrefetchQuery(statement, {"id": row_id, "scopes": scopes_for(self.scope_object, method)})


class PrefetchQuery(NamedTuple):
    """The statement of one request, to be run in place of the one that finds access."""

    statement: str
    parameters: dict[str, Any]


@functools.cache
def scopes_for(scope_object: str, method: str) -> list[str]:
    return sorted(scopes_granting(f"{scope_object}:{ACTION_BY_METHOD[method]}"))


def can_prefetch(project_id: int | None) -> bool:
    """Not where the project's number is not known yet, where a replica could be asked for the row, nor where a refusal
    by the rate limits would cost as much as a response. Citus plans such a join anew each time, for longer than two
    statements take."""
    is_possible = project_id is not None and not HAS_REPLICA and not settings.RATE_LIMIT_ENABLED
    return is_possible and not has_citus()
