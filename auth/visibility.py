"""What a key may reach of its user's organizations and projects. A restricted key is shown nothing beyond."""

from typing import Any

from django.db.models import Q, QuerySet

from auth.access import Access
from auth.models import Membership, Organization, Project, User


def visible_memberships(access: Access) -> QuerySet[Membership]:
    """Memberships in organizations that let this user's keys in, and that the key is not kept from."""
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
    """Oldest first, each with `membership_level` and `visible_projects`; three statements in all."""
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
    """The chosen one, else that of the current project, else the oldest; None for a user without any."""
    if user.current_organization_id:
        return user.current_organization_id
    if user.current_team:
        return user.current_team.organization_id
    oldest = user.memberships.order_by("organization__created_at").first()
    return oldest and oldest.organization_id
