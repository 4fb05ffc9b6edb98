"""Making organisations, projects and users, and joining them: what the console commands do."""

from django.db import transaction
from django.utils.text import slugify

from auth.models import Membership, Organization, Project, User

DEFAULT_ORGANIZATION = "Default organization"


class Ambiguous(ValueError):
    """Several rows have the name that should tell one."""


def organization_named(name: str) -> Organization:
    """The one of that name, made if absent. Raises Ambiguous."""
    found = list(Organization.objects.filter(name=name)[:2])
    if len(found) > 1:
        raise Ambiguous(f"Several organizations are named {name!r}.")
    return found[0] if found else Organization.objects.create(name=name, slug=free_slug(name))


def free_slug(name: str) -> str:
    base = slugify(name)[:40] or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def project_named(name: str, *, organization_name: str | None = None) -> tuple[Project, bool]:
    """The project of that name (in that organisation, if one is given) and whether it was made now. Raises Ambiguous."""
    found = Project.objects.filter(name=name)
    if organization_name is not None:
        found = found.filter(organization__name=organization_name)
    projects = list(found.select_related("organization")[:2])
    if len(projects) > 1:
        raise Ambiguous(f"Several projects are named {name!r}: say which organization.")
    if projects:
        return projects[0], False
    organization = organization_named(organization_name or DEFAULT_ORGANIZATION)
    return Project.objects.create(name=name, organization=organization), True


@transaction.atomic
def join(user: User, organization: Organization, *, level: int | None = None) -> Membership:
    """Makes the user a member, or changes the level of one; a level of None leaves a membership as it is."""
    membership, created = Membership.objects.get_or_create(
        user=user, organization=organization, defaults={"level": level or Membership.Level.MEMBER}
    )
    if not created and level is not None and membership.level != level:
        membership.level = level
        membership.save(update_fields=["level"])
    if user.current_organization_id is None:
        user.current_organization = organization
        user.current_team = user.current_team or organization.projects.order_by("id").first()
        user.save(update_fields=["current_organization", "current_team"])
    return membership
