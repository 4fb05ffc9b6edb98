"""Making organisations, projects and users, and joining them: what the console commands do."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import slugify

from auth.models import Membership, Organization, Project, User

DEFAULT_ORGANIZATION = "Default organization"
Row = TypeVar("Row", bound=models.Model)


class Refused(ValueError):
    """What was asked for cannot be made, or is not there; the message is for the person who asked."""


def organization_named(name: str) -> Organization:
    """The one of that name, made if absent. Raises Refused."""
    found = list(Organization.objects.filter(name=name)[:2])
    if len(found) > 1:
        raise Refused(f"Several organizations are named {name!r}.")
    return found[0] if found else saved(Organization(name=name, slug=free_slug(name)))


def free_slug(name: str) -> str:
    base = slugify(name)[:40] or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def project_named(name: str, *, organization_name: str | None = None) -> tuple[Project, bool]:
    """The project of that name (in that organisation, if one is given) and whether it was made now. Raises Refused."""
    found = Project.objects.filter(name=name)
    if organization_name is not None:
        found = found.filter(organization__name=organization_name)
    projects = list(found.select_related("organization")[:2])
    if len(projects) > 1:
        raise Refused(f"Several projects are named {name!r}: say which organization.")
    if projects:
        return projects[0], False
    organization = organization_named(DEFAULT_ORGANIZATION if organization_name is None else organization_name)
    return saved(Project(name=name, organization=organization)), True


def allow_members_keys(*, organization: Organization, allowed: bool) -> None:
    """Whether plain members may use personal API keys; admins and owners always may."""
    organization.members_can_use_personal_api_keys = allowed
    organization.save(update_fields=["members_can_use_personal_api_keys"])


def user_with(*, email: str) -> User:
    """Upper and lower case are the same. Raises Refused."""
    user = find_user(email)
    if user is None:
        raise Refused(f"There is no user with the e-mail address {email}.")
    return user


def put_user(*, email: str, **changes: Any) -> User:
    """The user of that address, made if absent, with the changes that are not None. Raises Refused."""
    user = find_user(email) or User(email=email)
    for name, value in changes.items():
        if value is not None:
            setattr(user, name, value)
    return saved(user)


def find_user(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).order_by("id").first()


@transaction.atomic
def join(
    user: User, organization: Organization, *, level: int | None = None, project: Project | None = None
) -> Membership:
    """Makes the user a member, or changes the level of one; a level of None leaves a membership as it is.

    A user's first organisation becomes the current one, with this project, or else the organisation's first.
    """
    membership, created = Membership.objects.get_or_create(
        user=user, organization=organization, defaults={"level": level or Membership.Level.MEMBER}
    )
    if not created and level is not None and membership.level != level:
        membership.level = level
        membership.save(update_fields=["level"])
    if user.current_organization_id is None:
        user.current_organization = organization
        user.current_team = user.current_team or project or organization.projects.order_by("id").first()
        user.save(update_fields=["current_organization", "current_team"])
    return membership


def current_project(user: User) -> Project | None:
    """What @current means for this user: the chosen one, else the first of those it belongs to."""
    own = Project.objects.filter(organization__memberships__user=user)
    return user.current_team or own.order_by("id").first()


def saved(row: Row) -> Row:
    """Checks what the columns take before it saves. Raises Refused."""
    try:
        row.full_clean()
    except ValidationError as error:
        name = type(row).__name__.lower()
        problems = [
            f"{name} {field.replace('_', ' ')}: {text}" for field, texts in error.message_dict.items() for text in texts
        ]
        raise Refused(" ".join(problems)) from error
    row.save()
    return row
