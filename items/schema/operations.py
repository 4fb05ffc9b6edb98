"""What the operations of items and datasets have in common."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view

HARD_DELETE = 'Hard delete of this model is not allowed. Use a patch API call to set "deleted" to true'
# The product that v1 listed them under.
PRODUCT = {"x-explicit-tags": ["llm_analytics"]}


def soft_deleted_resource(**operations: Any) -> Any:
    """A decorator of a view, with what is particular to its operations."""
    refusal = extend_schema(description=HARD_DELETE, responses={405: OpenApiResponse(description="No response body")})
    describe = extend_schema_view(destroy=refusal, **operations)

    def decorate(view: Any) -> Any:
        return extend_schema(extensions=PRODUCT)(describe(view))

    return decorate
