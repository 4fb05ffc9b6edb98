"""What the operations of items and datasets have in common."""

from typing import Any

from drf_spectacular.drainage import isolate_view_method
from drf_spectacular.utils import OpenApiResponse, extend_schema

from items.openapi.parameters import UPDATE_HEADERS, WRITE_HEADERS

HARD_DELETE = 'Hard delete of this model is not allowed. Use a patch API call to set "deleted" to true'
# The product that v1 listed them under.
with_product_tag = extend_schema(extensions={"x-explicit-tags": ["llm_analytics"]})
COMMON_OPERATIONS = {
    "create": extend_schema(parameters=WRITE_HEADERS),
    "update": extend_schema(parameters=UPDATE_HEADERS),
    "partial_update": extend_schema(parameters=UPDATE_HEADERS),
    "destroy": extend_schema(description=HARD_DELETE, responses={405: OpenApiResponse(description="No response body")}),
}


def soft_deleted_resource(**operations: Any) -> Any:
    """A decorator of a view, with what is particular to its operations.

    The library's own decorators of views do not find a method that shares another's route.
    """

    def decorate(view: Any) -> Any:
        for name, describe in (COMMON_OPERATIONS | operations).items():
            with_product_tag(describe(isolate_view_method(view, name)))
        return view

    return decorate
