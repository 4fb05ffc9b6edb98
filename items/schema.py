"""How the OpenAPI file describes items and datasets."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view

HARD_DELETE = 'Hard delete of this model is not allowed. Use a patch API call to set "deleted" to true'
# The product that v1 listed them under.
PRODUCT = {"x-explicit-tags": ["llm_analytics"]}


def item_schema(view: Any) -> Any:
    return soft_deleted_resource(view)


def dataset_schema(view: Any) -> Any:
    return soft_deleted_resource(view)


def soft_deleted_resource(view: Any) -> Any:
    refusal = extend_schema(description=HARD_DELETE, responses={405: OpenApiResponse(description="No response body")})
    return extend_schema(extensions=PRODUCT)(extend_schema_view(destroy=refusal)(view))
