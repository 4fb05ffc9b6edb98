"""The organizations and projects of its user that a key can see, given its restrictions."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from auth.access import Access
from auth.models import Membership, Organization, Project, User

# A user's organizations, and their projects, in one response; the list of projects has pages.
MAX_SHOWN = 100


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


class VisibleOrganizations(NamedTuple):
    """Organizations, each with `membership_level` and `visible_projects`."""

    organizations: list[Organization]
    is_complete: bool

    def find(self, organization_id: UUID | None) -> Organization | None:
        return next((each for each in self.organizations if each.id == organization_id), None)


def visible_organizations(access: Access, organization_id: UUID | None = None) -> VisibleOrganizations:
    """Return the oldest organizations and their oldest projects, or one organization; two queries."""
    memberships, projects = visible_memberships(access), visible_projects(access)
    if organization_id:
        memberships = memberships.filter(organization_id=organization_id)
        projects = projects.filter(organization_id=organization_id)
    ordered = memberships.select_related("organization").order_by("organization__created_at")
    # One more shows whether there are more.
    members, shown = list(ordered[: MAX_SHOWN + 1]), list(projects[: MAX_SHOWN + 1])
    is_complete = len(members) <= MAX_SHOWN and len(shown) <= MAX_SHOWN
    del members[MAX_SHOWN:], shown[MAX_SHOWN:]
    organizations = []
    for membership in members:
        organization: Any = membership.organization
        organization.membership_level = membership.level
        organization.visible_projects = [p for p in shown if p.organization_id == organization.id]
        organizations.append(organization)
    return VisibleOrganizations(organizations, is_complete)


def current_project(access: Access, user: User) -> Project | None:
    """Return the project that @current stands for: the chosen one, or else the oldest one."""
    projects = visible_projects(access)
    chosen = projects.filter(id=user.current_team_id).first() if user.current_team_id else None
    return chosen or projects.first()


def current_organization_id(user: User) -> Any:
    """Return the id of the chosen organization, the current project's, or the oldest one; None if there is none."""
    if user.current_organization_id:
        return user.current_organization_id
    if user.current_team:
        return user.current_team.organization_id
    oldest = user.memberships.order_by("organization__created_at").first()
    return oldest and oldest.organization_id
