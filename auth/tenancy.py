"""The views that others build on: every one needs a key, and one under a project prefix cannot leave its project."""

from typing import Any, ClassVar, final

from django.db.models import QuerySet
from rest_framework.request import Request

from auth.access import Access, Along
from auth.authentication import access_of, has_key_in_query
from auth.permissions import ACTIONS
from auth.read_floors import HAS_REPLICA
from auth.replica_reads import route_handler
from rest.light_view import LightView


class KeyView(LightView):
    """A view for whoever holds a key with the scope `<scope_object>:read`, or `:write` for a write."""

    scope_object: ClassVar[str]
    is_under_project: ClassVar[bool] = False

    @property
    def access(self) -> Access:
        access = access_of(self.request)
        assert access is not None  # noqa: S101  MayAct has refused the request otherwise
        return access

    @property
    def required_scope(self) -> str:
        return f"{self.scope_object}:{ACTIONS[str(self.request.method)]}"

    def along(self) -> Along | None:
        """What to read along with access, if anything; asked for before there is access."""
        return None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if HAS_REPLICA and self.is_under_project:
            route_handler(self, request, self.access)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        if has_key_in_query(request):
            # The address alone opens it: nothing in between may keep it.
            answer.headers["Cache-Control"] = "no-store"
        access = access_of(request) if hasattr(request, "_auth") else None
        if access and access.is_use_due:
            # Runs when the answer is closed: after it has gone out.
            answer._resource_closers.append(access.record_use)  # noqa: SLF001
        return answer


class ProjectScoped(KeyView):
    """A view under /api/projects/{project_id}/ or /api/environments/{environment_id}/.

    What it reads and writes goes through `get_queryset`, which begins with the project and cannot be overridden, or
    through objects made from `project_id`. To show less, override `narrow`.
    """

    is_under_project = True
    queryset: Any

    @property
    def project_id(self) -> int:
        project = self.access.project
        assert project is not None  # noqa: S101  MayAct has refused the request otherwise
        return project.id

    @final
    def get_queryset(self) -> QuerySet[Any]:
        return self.narrow(self.queryset.in_project(self.project_id))

    def narrow(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset
