"""Creates organizations, projects and users, and changes memberships, for management commands."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import slugify

from auth.models import Membership, Organization, Project, User

DEFAULT_ORGANIZATION = "Default organization"
MAX_LISTED_USERS = 20
ModelT = TypeVar("ModelT", bound=models.Model)


class ProvisioningError(ValueError):
    """The account cannot be created, changed or found; the message is for the command's user."""


def get_or_create_organization(name: str) -> Organization:
    """Return the organization of that name; create it if there is none. Raises ProvisioningError if it is ambiguous."""
    matches = list(Organization.objects.filter(name=name)[:2])
    if len(matches) > 1:
        raise ProvisioningError(f"Several organizations are named {name!r}.")
    return matches[0] if matches else validate_and_save(Organization(name=name, slug=free_slug(name)))


def free_slug(name: str) -> str:
    base = slugify(name)[:40] or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def get_or_create_project(name: str, *, organization_name: str | None = None) -> tuple[Project, bool]:
    """Return the project of that name, in the given organization if any, and whether it was created.

    Raises ProvisioningError if the name is ambiguous.
    """
    matches = Project.objects.filter(name=name)
    if organization_name is not None:
        matches = matches.filter(organization__name=organization_name)
    projects = list(matches.select_related("organization")[:2])
    if len(projects) > 1:
        raise ProvisioningError(f"Several projects are named {name!r}: add --organization-name.")
    if projects:
        return projects[0], False
    organization = get_or_create_organization(DEFAULT_ORGANIZATION if organization_name is None else organization_name)
    return validate_and_save(Project(name=name, organization=organization)), True


def allow_members_keys(*, organization: Organization, allowed: bool) -> None:
    """Allow or forbid personal API keys of plain members; admins and owners may always use theirs."""
    organization.members_can_use_personal_api_keys = allowed
    organization.save(update_fields=["members_can_use_personal_api_keys"])


def get_user(*, email: str) -> User:
    """Return the user of that address, in any case. Raises ProvisioningError if there is none."""
    user = find_user(email)
    if user is None:
        raise ProvisioningError(f"No user has the e-mail address {email}.")
    return user


def create_or_update_user(*, email: str, **values: Any) -> User:
    """Return the user of that address, created if there is none, with all values set that are not None.

    Raises ProvisioningError for an invalid value.
    """
    user = find_user(email) or User(email=email)
    for name, value in values.items():
        if value is not None:
            setattr(user, name, value)
    return validate_and_save(user)


def find_user(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).order_by("id").first()


@transaction.atomic
def add_member(
    user: User, organization: Organization, *, level: int | None = None, project: Project | None = None
) -> Membership:
    """Add the user to the organization, or change the level of a membership; None keeps the level.

    A user's first organization becomes the current one, with this project or otherwise the organization's oldest.
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


@transaction.atomic
def remove_member(membership: Membership) -> None:
    """Delete the membership, and reset the user's current organization and project if they belong to it."""
    user = membership.user
    if user.current_organization_id == membership.organization_id:
        user.current_organization = None
    if user.current_team is not None and user.current_team.organization_id == membership.organization_id:
        user.current_team = None
    user.save(update_fields=["current_organization", "current_team"])
    membership.delete()


def user_or_only_one(email: str | None) -> User:
    """Return the user of that address or, without an address, the only active user. Raises ProvisioningError."""
    if email is not None:
        return get_user(email=email)
    users = list(User.objects.filter(is_active=True).order_by("id")[: MAX_LISTED_USERS + 1])
    if len(users) == 1:
        return users[0]
    if not users:
        raise ProvisioningError("There is no active user: create one with create_user.")
    addresses = ", ".join(user.email for user in users[:MAX_LISTED_USERS])
    more = " and others" if len(users) > MAX_LISTED_USERS else ""
    raise ProvisioningError(f"Name the user with --as: {addresses}{more}.")


def current_project(user: User) -> Project | None:
    """Return the project that @current means: the chosen one, otherwise the oldest of the user's projects."""
    member_projects = Project.objects.filter(organization__memberships__user=user)
    return user.current_team or member_projects.order_by("id").first()


def validate_and_save(row: ModelT) -> ModelT:
    """Validate the row and save it. Raises ProvisioningError."""
    try:
        row.full_clean()
    except ValidationError as error:
        name = type(row).__name__.lower()
        problems = [
            f"{name} {field.replace('_', ' ')}: {text}" for field, texts in error.message_dict.items() for text in texts
        ]
        raise ProvisioningError(" ".join(problems)) from error
    row.save()
    return row
