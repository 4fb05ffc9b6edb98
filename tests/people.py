"""Two organizations with projects and users, and keys with any scopes and restrictions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from auth.accounts import add_member, free_slug
from auth.api_keys.issuing import KeyPermissions, create_key
from auth.api_keys.tokens import hash_key, mask_key, new_key
from auth.models import Membership, Organization, PersonalAPIKey, Project, User

OWNER = Membership.Level.OWNER
ADMIN = Membership.Level.ADMIN
MEMBER = Membership.Level.MEMBER


def organization(name: str, **fields: Any) -> Organization:
    return Organization.objects.create(name=name, slug=free_slug(name), **fields)


def project(name: str, owner: Organization, **fields: Any) -> Project:
    return Project.objects.create(name=name, organization=owner, **fields)


def make_user(name: str, *organizations: Organization, level: int = MEMBER, **fields: Any) -> User:
    """Create a member of these organizations; the first one is current."""
    user = User.objects.create(email=f"{name}@example.com", first_name=name.title(), **fields)
    for each in organizations:
        add_member(user, each, level=level)
    return user


def key_row(
    user: User,
    *scopes: str,
    teams: Sequence[int] = (),
    organizations: Sequence[Any] = (),
    last_used_at: datetime | None = None,
) -> tuple[PersonalAPIKey, str]:
    """Create a key, and return it with its value. By default, it has all scopes and was just used."""
    permissions = KeyPermissions(scopes or ("*",), teams, [str(each) for each in organizations])
    made = create_key(user_id=user.id, label=f"{user.first_name}'s", permissions=permissions)
    made.key.last_used_at = last_used_at or datetime.now(UTC)
    made.key.save(update_fields=["last_used_at"])
    return made.key, made.value


def key(user: User, *scopes: str, **restrictions: Any) -> str:
    return key_row(user, *scopes, **restrictions)[1]


def unscoped_key(user: User) -> str:
    """Create a key without any scope, like old ones in PostHog."""
    value = new_key()
    PersonalAPIKey.objects.create(user=user, label="old", secure_value=hash_key(value), mask_value=mask_key(value))
    return value


class People:
    """The users of most tests.

    The home organization has the projects `project` and `sibling`, an owner, a colleague (plain member), a former
    member and an inactive one. Abroad, another organization, has the project `foreign_project` and the stranger as its
    owner. Ids abroad are long numbers, so that a text does not contain one by coincidence.
    """

    def __init__(self) -> None:
        self.home = organization("Home")
        self.project = project("First", self.home)
        self.sibling = project("Sibling", self.home)
        self.abroad = organization("Abroad")
        self.foreign_project = project("Foreign", self.abroad, id=700_000_001)
        self.owner = make_user("owner", self.home, level=OWNER)
        self.colleague = make_user("colleague", self.home)
        self.stranger = make_user("stranger", self.abroad, level=OWNER, id=700_000_002)
        self.inactive = make_user("inactive", self.home, is_active=False)
        self.former = make_user("former", self.home)
        self.former.memberships.all().delete()
