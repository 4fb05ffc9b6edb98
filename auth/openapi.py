"""The OpenAPI security scheme of personal API keys, and the operations of users, projects, organizations and keys."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from auth.serializers import (
    NewPersonalAPIKeySerializer,
    OrganizationSerializer,
    PersonalAPIKeySerializer,
    ProjectSerializer,
    UserSerializer,
)
from rest.operations import Operation
from rest.query_params import LIMIT, OFFSET


class PersonalAPIKeyScheme(OpenApiAuthenticationExtension):
    target_class = "auth.authentication.PersonalAPIKeyAuthentication"
    name = "PersonalAPIKeyAuth"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """Name the scope that APIKeyPermission requires."""
        return {self.name: [auto_schema.view.scope_for(auto_schema.method)]}


# PostHog has these paths too, and its clients may send parameters that are unknown here.
CURRENT_USER = Operation(
    summary="Show the user whose key is used",
    responses=UserSerializer,
    is_v1=True,
)
LIST_PROJECTS = Operation(
    summary="List the projects that the key can reach",
    query=(LIMIT, OFFSET),
    responses=ProjectSerializer(many=True),
    is_v1=True,
)
RETRIEVE_PROJECT = Operation(summary="Show a project", responses=ProjectSerializer, is_v1=True)
RETRIEVE_ORGANIZATION = Operation(summary="Show an organization", responses=OrganizationSerializer, is_v1=True)
KEY_OPERATIONS = {
    "list": Operation(
        summary="List your personal API keys",
        responses=PersonalAPIKeySerializer(many=True),
        is_v1=True,
    ),
    "create": Operation(
        summary="Create a personal API key",
        description="The response's `value` is the key itself. It is not shown again.",
        body=NewPersonalAPIKeySerializer,
        responses={201: PersonalAPIKeySerializer},
        examples=(
            OpenApiExample("A key that reads datasets", {"label": "CI", "scopes": ["dataset:read"]}, request_only=True),
        ),
        is_v1=True,
    ),
    "retrieve": Operation(summary="Show a personal API key", responses=PersonalAPIKeySerializer, is_v1=True),
    "destroy": Operation(
        summary="Revoke a personal API key",
        responses={204: OpenApiResponse(description="No response body")},
        is_v1=True,
    ),
}
ROLL_KEY = Operation(
    summary="Roll a personal API key",
    description="Gives the key a new value, shown this once; the old one stops working.",
    responses=PersonalAPIKeySerializer,
    is_v1=True,
)
