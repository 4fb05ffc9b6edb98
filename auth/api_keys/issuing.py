"""Creates and rolls personal API keys: the only place where a key's value exists."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError

from auth.access import Access
from auth.api_keys.tokens import hash_key, mask_key, new_key
from auth.models import Membership, PersonalAPIKey, Project
from auth.scopes import covers


class IssuedKey(NamedTuple):
    key: PersonalAPIKey
    value: str  # shown once, never stored


class KeyPermissions(NamedTuple):
    """A key's scopes, and the teams and organizations that it is restricted to; empty means unrestricted."""

    scopes: Sequence[str]
    teams: Sequence[int]
    organizations: Sequence[str]


def create_key(*, user_id: int, label: str, permissions: KeyPermissions) -> IssuedKey:
    value = new_key()
    key = PersonalAPIKey.objects.create(
        user_id=user_id,
        label=label,
        secure_value=hash_key(value),
        mask_value=mask_key(value),
        scopes=list(permissions.scopes),
        scoped_teams=list(permissions.teams) or None,
        scoped_organizations=list(permissions.organizations) or None,
    )
    return IssuedKey(key, value)


def roll_key(*, key: PersonalAPIKey) -> IssuedKey:
    """Give the key a new value; the old one stops working at once. Raises NotFound."""
    value = new_key()
    key.secure_value, key.mask_value, key.last_rolled_at = hash_key(value), mask_key(value), datetime.now(UTC)
    rolled = PersonalAPIKey.objects.filter(id=key.id).update(
        secure_value=key.secure_value, mask_value=key.mask_value, last_rolled_at=key.last_rolled_at
    )
    if not rolled:
        raise NotFound  # revoked in the meantime
    return IssuedKey(key, value)


def permissions_of(key: PersonalAPIKey) -> KeyPermissions:
    return KeyPermissions(key.scopes or (), key.scoped_teams or (), key.scoped_organizations or ())


def check_membership(user_id: int, permissions: KeyPermissions) -> None:
    """Raise ValidationError if the key is restricted to a team or organization that its user does not belong to."""
    organizations = set(Membership.objects.filter(user_id=user_id).values_list("organization_id", flat=True))
    allowed = Project.objects.filter(id__in=permissions.teams, organization_id__in=organizations)
    if allowed.count() != len(set(permissions.teams)):
        message = "You must be a member of all teams that you are scoping the key to."
        raise ValidationError({"scoped_teams": [message]})
    if not {UUID(organization) for organization in permissions.organizations} <= organizations:
        message = "You must be a member of all organizations that you are scoping the key to."
        raise ValidationError({"scoped_organizations": [message]})


def check_no_escalation(access: Access, permissions: KeyPermissions) -> None:
    """Raise PermissionDenied if the key that is created or rolled could do more than the key of the request."""
    if not covers(access.scopes, permissions.scopes):
        raise PermissionDenied("A key cannot make, roll or delete a key with scopes that it does not have itself.")
    if access.scoped_teams and not (permissions.teams and set(permissions.teams) <= set(access.scoped_teams)):
        raise PermissionDenied("A key cannot make, roll or delete a key with access to more projects than its own.")
    if access.scoped_organizations and not set(restricted_organization_ids(permissions)) <= set(
        access.scoped_organizations
    ):
        raise PermissionDenied(
            "A key cannot make, roll or delete a key with access to more organizations than its own."
        )


def restricted_organization_ids(permissions: KeyPermissions) -> list[str]:
    """Return the organizations that a key is restricted to, directly or through its projects; [""] if unrestricted."""
    if permissions.organizations:
        return list(permissions.organizations)
    if permissions.teams:
        ids = Project.objects.filter(id__in=permissions.teams).values_list("organization_id", flat=True)
        return [str(organization_id) for organization_id in ids]
    return [""]
