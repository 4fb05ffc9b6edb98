"""Serializers of users, projects, organizations and keys. On the wire, a project is called a team."""

import re
from typing import Any

from rest_framework import serializers

from auth.models import Organization, PersonalAPIKey, Project, User
from auth.scopes import is_scope

# They rewrite a terminal, or the order in which a page shows the rest of a line. NUL has an error of its own.
CONTROL_CHARACTER = re.compile("[\x01-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class UserBasicSerializer(serializers.ModelSerializer[User]):
    """A user, as `created_by` shows one."""

    hedgehog_config = serializers.DictField(allow_null=True, read_only=True)

    class Meta:
        model = User
        fields = [
            "id",
            "uuid",
            "distinct_id",
            "first_name",
            "last_name",
            "email",
            "is_email_verified",
            "hedgehog_config",
            "role_at_organization",
        ]
        extra_kwargs = {"email": {"label": "Email address"}}


class ProjectSerializer(serializers.ModelSerializer[Project]):
    class Meta:
        model = Project
        fields = ["id", "uuid", "organization", "name", "api_token", "timezone", "created_at"]
        read_only_fields = fields


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """Expects instances with `membership_level` and `visible_projects`; see visibility.py."""

    membership_level = serializers.IntegerField(read_only=True, help_text="1 is a member, 8 an admin, 15 an owner.")
    teams = ProjectSerializer(source="visible_projects", many=True, read_only=True)

    class Meta:
        model = Organization
        fields = ["id", "name", "slug", "created_at", "membership_level", "teams"]
        read_only_fields = fields


class UserSerializer(serializers.ModelSerializer[User]):
    """Expects instances with `team`, `organization` and `organizations` as far as they are visible to the key."""

    team = ProjectSerializer(read_only=True, allow_null=True)
    organization = OrganizationSerializer(read_only=True, allow_null=True)
    organizations = OrganizationSerializer(many=True, read_only=True)

    class Meta:
        model = User
        fields = [
            "id",
            "uuid",
            "distinct_id",
            "first_name",
            "last_name",
            "email",
            "is_email_verified",
            "role_at_organization",
            "hedgehog_config",
            "date_joined",
            "team",
            "organization",
            "organizations",
        ]
        read_only_fields = fields


class PersonalAPIKeySerializer(serializers.ModelSerializer[PersonalAPIKey]):
    """`value` is the key itself in the response that creates or rolls it, and null in all others."""

    value = serializers.SerializerMethodField()

    class Meta:
        model = PersonalAPIKey
        fields = [
            "id",
            "label",
            "value",
            "mask_value",
            "created_at",
            "last_used_at",
            "last_rolled_at",
            "user_id",
            "scopes",
            "scoped_teams",
            "scoped_organizations",
        ]
        read_only_fields = fields

    def get_value(self, key: Any) -> str | None:
        return getattr(key, "plain_value", None)


def check_scope_spelling(scope: str) -> None:
    if not is_scope(scope):
        raise serializers.ValidationError(f"Invalid scope: {scope}")


def check_no_control_characters(text: str) -> None:
    if CONTROL_CHARACTER.search(text):
        raise serializers.ValidationError("Control characters are not allowed.", code="control_characters_not_allowed")


class NewPersonalAPIKeySerializer(serializers.Serializer[Any]):
    """The body that creates a key. Null or empty `scoped_teams` or `scoped_organizations` restrict nothing."""

    label = serializers.CharField(max_length=40, validators=[check_no_control_characters])  # type: ignore[assignment]  # DRF's fields have a label too
    scopes = serializers.ListField(
        child=serializers.CharField(max_length=100, validators=[check_scope_spelling]), allow_empty=False
    )
    scoped_teams = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, allow_null=True
    )
    scoped_organizations = serializers.ListField(child=serializers.UUIDField(), required=False, allow_null=True)
