"""The access checks, in v1's order; the first one that fails determines the error."""

from typing import TYPE_CHECKING
from uuid import UUID

from rest_framework.exceptions import NotAuthenticated, NotFound, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from auth.access import Access, OrganizationPolicy, ProjectAccess
from auth.authentication import get_access
from auth.models import Membership
from auth.scopes import ACTION_BY_METHOD, allows
from rest.preauthorization import EXPECT_CONTINUE
from rest.state import get_state

if TYPE_CHECKING:
    from auth.tenancy import APIKeyView


class APIKeyPermission(BasePermission):
    """Runs all access checks, on the row that authentication fetched."""

    def has_permission(self, request: Request, view: "APIKeyView") -> bool:  # type: ignore[override]
        access = get_access(request)
        if access is None:
            raise NotAuthenticated
        if request.method not in ACTION_BY_METHOD:
            raise PermissionDenied("This action does not support Personal API Key access")
        project = require_project(access) if view.is_under_project else None
        if project:
            check_organization_policy(project.organization, project.level)
            check_project_restriction(access, project.id)
            check_organization_restriction(access, project.organization.id)
        check_scope(access, view.required_scope)
        if ACTION_BY_METHOD[request.method] == "write":
            check_body(request)
        if project and project.level is None:
            raise PermissionDenied("You don't have access to the project.")
        return True


def require_project(access: Access) -> ProjectAccess:
    if access.project is None:
        raise NotFound("Project not found.")
    return access.project


def check_organization_policy(organization: OrganizationPolicy, level: int | None) -> None:
    """Raise PermissionDenied if the organization forbids its members' keys. Admins are exempt.

    Strangers (level None) pass this check, so that they do not learn the policy.
    """
    is_plain_member = level is not None and level < Membership.Level.ADMIN
    if is_plain_member and not organization.members_can_use_personal_api_keys:
        raise PermissionDenied(
            f"Organization '{organization.name}' does not allow using personal API keys. Contact an admin to enable "
            "personal API keys for this organization."
        )


def check_project_restriction(access: Access, project_id: int) -> None:
    if access.scoped_teams and project_id not in access.scoped_teams:
        raise PermissionDenied(f"API key does not have access to the requested project: ID {project_id}.")


def check_organization_restriction(access: Access, organization_id: UUID) -> None:
    if access.scoped_organizations and str(organization_id) not in access.scoped_organizations:
        raise PermissionDenied(f"API key does not have access to the requested organization: ID {organization_id}.")


def check_scope(access: Access, required: str) -> None:
    if not allows(access.scopes, required):
        raise PermissionDenied(f"API key missing required scope '{required}'")


def check_body(request: Request) -> None:
    """Raise the body's parsing error; for strangers too, since v1 parsed the body before it checked membership."""
    error = get_state(request).unreadable_body
    if error:
        raise error
    if EXPECT_CONTINUE not in request.META:
        request.data  # noqa: B018  parses the body
