"""Views of the current user, and of visible projects and organizations."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from auth.models import Project, User
from auth.openapi import CURRENT_USER, LIST_PROJECTS, RETRIEVE_ORGANIZATION, RETRIEVE_PROJECT
from auth.permissions import check_organization_policy, check_organization_restriction
from auth.serializers import OrganizationSerializer, ProjectSerializer, UserSerializer
from auth.tenancy import APIKeyView, ProjectScoped
from auth.visibility import (
    VisibleOrganizations,
    current_organization_id,
    current_project,
    visible_organizations,
    visible_projects,
)
from rest.pagination import LimitOffsetPagination
from rest.responses import Response


def link_to_projects(request: Request, visible: VisibleOrganizations) -> dict[str, str]:
    """Return a Link (RFC 8288) to the list of all projects if some are not shown."""
    if visible.is_complete:
        return {}
    return {"Link": f'<{request.build_absolute_uri(reverse("projects-list"))}/>; rel="related"'}


class CurrentUserView(APIKeyView):
    scope_object = "user"
    operations = {"get": CURRENT_USER}

    def get(self, request: Request) -> Response:
        user: Any = User.objects.select_related("current_team").get(id=self.access.user.id)
        visible = visible_organizations(self.access)
        user.organizations = visible.organizations
        current = current_organization_id(user)
        user.organization = visible.find(current)
        if user.organization is None and current and not visible.is_complete:
            user.organization = visible_organizations(self.access, current).find(current)
        user.team = current_project(self.access, user)
        return Response(UserSerializer(user).data, headers=link_to_projects(request, visible))


class ProjectListView(APIKeyView):
    scope_object = "project"
    pagination_class = LimitOffsetPagination
    operations = {"get": LIST_PROJECTS}

    def get(self, request: Request) -> Response:
        pages = LimitOffsetPagination.from_request(request)
        projects = visible_projects(self.access)
        page = projects[pages.sql_offset : pages.sql_offset + pages.limit]
        return pages.get_response(list(ProjectSerializer(page, many=True).data), projects.count())


class ProjectView(ProjectScoped):
    scope_object = "project"
    operations = {"get": RETRIEVE_PROJECT}

    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(ProjectSerializer(Project.objects.get(id=self.project_id)).data)


class OrganizationView(APIKeyView):
    scope_object = "organization"
    operations = {"get": RETRIEVE_ORGANIZATION}

    def get(self, request: Request, organization_id: str) -> Response:
        requested_id = self.requested_id(organization_id)
        visible = visible_organizations(self.access, requested_id)
        if organization := visible.find(requested_id):
            return Response(OrganizationSerializer(organization).data, headers=link_to_projects(request, visible))
        self.raise_reason(requested_id)
        raise NotFound("Organization not found.")

    def requested_id(self, organization_id: str) -> UUID:
        if organization_id == "@current":
            current: UUID | None = current_organization_id(User.objects.get(id=self.access.user.id))
            if current is None:
                raise NotFound("You need to belong to an organization.")
            return current
        try:
            return UUID(organization_id)
        except ValueError:
            raise NotFound("Organization not found.") from None

    def raise_reason(self, requested_id: UUID) -> None:
        """Raise PermissionDenied with the reason for a member of the organization; strangers learn nothing."""
        membership = User(id=self.access.user.id).memberships.filter(organization_id=requested_id).first()
        if membership:
            check_organization_policy(membership.organization, membership.level)
            check_organization_restriction(self.access, requested_id)
