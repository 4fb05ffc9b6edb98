"""How the OpenAPI file describes personal API keys: as what secures each operation, and as a resource."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiViewExtension
from drf_spectacular.utils import extend_schema, extend_schema_view

from auth.permissions import ACTION_BY_METHOD
from auth.serializers import NewPersonalAPIKeySerializer


class PersonalAPIKeyScheme(OpenApiAuthenticationExtension):
    target_class = "auth.authentication.PersonalAPIKeyAuthentication"
    name = "PersonalAPIKeyAuth"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """Names the scope that APIKeyPermission asks for."""
        return {self.name: [f"{auto_schema.view.scope_object}:{ACTION_BY_METHOD[auto_schema.method]}"]}


class PersonalAPIKeyOperations(OpenApiViewExtension):
    """Making a key takes another body than it answers; rolling one takes none."""

    target_class = "auth.api_keys.views.PersonalAPIKeyViewSet"

    def view_replacement(self) -> Any:
        describe = extend_schema_view(
            create=extend_schema(
                request=NewPersonalAPIKeySerializer,
                description="The answer's `value` is the key itself. It is not shown again.",
            ),
            roll=extend_schema(
                request=None, description="Gives the key a new value, shown this once; the old one stops working."
            ),
        )
        target: Any = self.target_class
        return describe(type("DescribedPersonalAPIKeys", (target,), {}))
