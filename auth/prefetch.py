"""Fetches a row of the project together with access: one round trip to the database instead of two."""

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
from rest.state import RequestState


@dataclass(frozen=True, slots=True)
class Prefetch:
    """A view's declaration of the row that its methods need first, for requests without a query string.

    Fetching the row grants nothing: it is not used before all access checks have passed. A row that was not fetched may
    still exist.
    """

    scope_object: str
    # By HTTP method, GET for HEAD. Each is built by access_sql, and takes the route's id.
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
    """One request's statement, which replaces the one that fetches access alone."""

    statement: str
    parameters: dict[str, Any]


@dataclass(slots=True)
class KeyRequestState(RequestState):
    """The state of a request that needs a key."""

    prefetch: Prefetch | None = None


@functools.cache
def scopes_for(scope_object: str, method: str) -> str:
    """Return an array as text: psycopg would inspect each member of a list."""
    scopes = sorted(scopes_granting(f"{scope_object}:{ACTION_BY_METHOD[method]}"))
    return f"{{{','.join(scopes)}}}"


def can_prefetch(project_id: int | None) -> bool:
    """Return whether to prefetch.

    Not for @current, whose id is unknown; not with a replica, which can serve the row; not with rate limits, since a
    rejected request would cost as much as a successful one; and not on Citus, which plans such a join each time,
    for longer than two statements take.
    """
    is_possible = project_id is not None and not HAS_REPLICA and not settings.RATE_LIMIT_ENABLED
    return is_possible and not has_citus()
