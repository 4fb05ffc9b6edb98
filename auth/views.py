"""The calls that clients make first: who am I, which projects and organisations are there."""

from typing import Any
from uuid import UUID

from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from auth.models import Project, User
from auth.permissions import check_organization_restriction, check_policy
from auth.reach import current_organization_id, reachable_organizations, reachable_projects
from auth.serializers import OrganizationSerializer, ProjectSerializer, UserSerializer
from auth.tenancy import KeyView, ProjectScoped
from rest.pagination import LimitOffsetPagination


class CurrentUserView(KeyView):
    scope_object = "user"
    serializer_class = UserSerializer

    def get(self, request: Request) -> Response:
        user: Any = User.objects.select_related("current_team").get(id=self.access.person.id)
        organizations = reachable_organizations(self.access)
        user.organizations = organizations
        current = current_organization_id(user)
        user.organization = next((o for o in organizations if o.id == current), None)
        projects = list(reachable_projects(self.access))
        user.team = next((p for p in projects if p.id == user.current_team_id), projects[0] if projects else None)
        return Response(UserSerializer(user).data)


class ProjectListView(KeyView, ListAPIView[Project]):
    scope_object = "project"
    serializer_class = ProjectSerializer
    queryset = Project.objects.none()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.of(request)
        projects = reachable_projects(self.access)
        page = projects[pages.start : pages.start + pages.limit]
        return pages.respond(list(ProjectSerializer(page, many=True).data), projects.count())


class ProjectView(ProjectScoped):
    scope_object = "project"
    serializer_class = ProjectSerializer

    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(ProjectSerializer(Project.objects.get(id=self.project_id)).data)


class OrganizationView(KeyView):
    scope_object = "organization"
    serializer_class = OrganizationSerializer

    def get(self, request: Request, organization_id: str) -> Response:
        wanted = self.wanted(organization_id)
        for organization in reachable_organizations(self.access):
            if organization.id == wanted:
                return Response(OrganizationSerializer(organization).data)
        self.explain(wanted)
        raise NotFound("Organization not found.")

    def wanted(self, organization_id: str) -> UUID:
        if organization_id == "@current":
            current: UUID | None = current_organization_id(User.objects.get(id=self.access.person.id))
            if current is None:
                raise NotFound("You need to belong to an organization.")
            return current
        try:
            return UUID(organization_id)
        except ValueError:
            raise NotFound("Organization not found.") from None

    def explain(self, wanted: UUID) -> None:
        """Tells a member why the key may not see the organisation; a stranger learns nothing."""
        membership = User(id=self.access.person.id).memberships.filter(organization_id=wanted).first()
        if membership:
            check_policy(membership.organization, membership.level)
            check_organization_restriction(self.access, wanted)
