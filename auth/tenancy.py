"""Base views: all require a key, and those under a project prefix can only reach their own project."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, final

from django.conf import settings
from django.db.models import QuerySet
from rest_framework.request import Request

from auth.access import Access
from auth.authentication import get_access, has_key_in_query
from auth.prefetch import KeyRequestState, Prefetch
from auth.replica.positions import HAS_REPLICA
from auth.replica.routing import run_handler
from auth.scopes import ACTION_BY_METHOD
from rest.views import APIView


class APIKeyView(APIView):
    """A view that requires a key with the scope `<scope_object>:<action>`."""

    scope_object: ClassVar[str]
    # A view may override this for a POST that only reads.
    action_by_method: ClassVar[Mapping[str, str]] = ACTION_BY_METHOD
    is_under_project: ClassVar[bool] = False
    prefetch: ClassVar[Prefetch | None] = None

    @property
    def access(self) -> Access:
        access = get_access(self.request)
        assert access is not None  # noqa: S101  APIKeyPermission rejects requests without access
        return access

    @property
    def required_scope(self) -> str:
        return self.scope_for(str(self.request.method))

    def scope_for(self, method: str) -> str:
        return f"{self.scope_object}:{self.action_by_method[method]}"

    def make_state(self) -> KeyRequestState:
        return KeyRequestState(self.kwargs, prefetch=self.prefetch)

    def get_throttles(self) -> list[Any]:
        return super().get_throttles() if settings.RATE_LIMIT_ENABLED else []

    def handle(self, handler: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
        if HAS_REPLICA and self.is_under_project:
            handler = functools.partial(run_handler, handler, self.access)
        return super().handle(handler, request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        finalized: Any = super().finalize_response(request, response, *args, **kwargs)
        if has_key_in_query(request):
            # The URL alone grants access, so no cache may store the response.
            finalized.headers["Cache-Control"] = "no-store"
        access = get_access(request) if hasattr(request, "_auth") else None
        if access and access.is_use_due:
            # Runs when the response is closed, after it was sent.
            finalized._resource_closers.append(access.record_use)  # noqa: SLF001
        return finalized


class ProjectScoped(APIKeyView):
    """A view under /api/projects/{project_id}/ or /api/environments/{environment_id}/.

    All reads and writes go through `get_queryset`, which filters by project and cannot be overridden, or through
    objects made from `project_id`. To filter further, override `narrow`.
    """

    is_under_project = True
    queryset: Any

    @property
    def project_id(self) -> int:
        project = self.access.project
        assert project is not None  # noqa: S101  APIKeyPermission rejects requests without a project
        return project.id

    @final
    def get_queryset(self) -> QuerySet[Any]:
        return self.narrow(self.queryset.in_project(self.project_id))

    def narrow(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset
