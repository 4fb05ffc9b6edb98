"""The organizations and projects of its user that a key can see, given its restrictions."""

from typing import Any

from django.db.models import Q, QuerySet

from auth.access import Access
from auth.models import Membership, Organization, Project, User


def visible_memberships(access: Access) -> QuerySet[Membership]:
    """Return memberships in organizations that allow the user's keys, and that the key's restrictions include."""
    memberships = Membership.objects.filter(user_id=access.user.id).filter(
        Q(organization__members_can_use_personal_api_keys=True) | Q(level__gte=Membership.Level.ADMIN)
    )
    if access.scoped_organizations:
        memberships = memberships.filter(organization_id__in=access.scoped_organizations)
    if access.scoped_teams:
        memberships = memberships.filter(organization__projects__id__in=access.scoped_teams).distinct()
    return memberships


def visible_projects(access: Access) -> QuerySet[Project]:
    organizations = visible_memberships(access).values("organization_id")
    projects = Project.objects.filter(organization_id__in=organizations).order_by("id")
    return projects.filter(id__in=access.scoped_teams) if access.scoped_teams else projects


def visible_organizations(access: Access) -> list[Organization]:
    """Return organizations, oldest first, each with `membership_level` and `visible_projects`; two queries."""
    memberships = visible_memberships(access).select_related("organization").order_by("organization__created_at")
    projects = list(visible_projects(access))
    organizations = []
    for membership in memberships:
        organization: Any = membership.organization
        organization.membership_level = membership.level
        organization.visible_projects = [p for p in projects if p.organization_id == organization.id]
        organizations.append(organization)
    return organizations


def current_organization_id(user: User) -> Any:
    """Return the id of the chosen organization, the current project's, or the oldest one; None if there is none."""
    if user.current_organization_id:
        return user.current_organization_id
    if user.current_team:
        return user.current_team.organization_id
    oldest = user.memberships.order_by("organization__created_at").first()
    return oldest and oldest.organization_id
