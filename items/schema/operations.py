"""What the operations of items and datasets have in common."""

from typing import Any

from drf_spectacular.drainage import isolate_view_method
from drf_spectacular.utils import OpenApiResponse, extend_schema

from items.schema.parameters import OF_CHANGES, OF_WRITES

HARD_DELETE = 'Hard delete of this model is not allowed. Use a patch API call to set "deleted" to true'
# The product that v1 listed them under.
of_product = extend_schema(extensions={"x-explicit-tags": ["llm_analytics"]})
OF_BOTH = {
    "create": extend_schema(parameters=OF_WRITES),
    "update": extend_schema(parameters=OF_CHANGES),
    "partial_update": extend_schema(parameters=OF_CHANGES),
    "destroy": extend_schema(description=HARD_DELETE, responses={405: OpenApiResponse(description="No response body")}),
}


def soft_deleted_resource(**operations: Any) -> Any:
    """A decorator of a view, with what is particular to its operations.

    The library's own decorators of views do not find a method that shares another's route.
    """

    def decorate(view: Any) -> Any:
        for name, describe in (OF_BOTH | operations).items():
            of_product(describe(isolate_view_method(view, name)))
        return view

    return decorate
