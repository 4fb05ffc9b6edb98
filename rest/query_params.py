"""Query parameters, each declared once for both validation and the OpenAPI file."""

from copy import copy
from datetime import datetime
from typing import Any, Self

from drf_spectacular.utils import OpenApiParameter
from rest_framework.serializers import ValidationError

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
# Limits of flags, times and other texts; id lists and JSON texts declare their own.
MAX_FLAG_LENGTH = 16
MAX_TIME_LENGTH = 64
MAX_TEXT_LENGTH = 255
MAX_IDS = 1000
# Ids in any spelling that uuid.UUID accepts, each with a comma and a space.
MAX_ID_LIST_LENGTH = MAX_IDS * 48


class QueryParam(OpenApiParameter):
    """A query parameter of an operation.

    is_v1       v1 had it: it comes first in the OpenAPI file, with v1's schema
    max_length  in characters; None for the default of the schema
    max_items   the maximum number of elements in a comma-separated list
    """

    # Whether it may stand several times in a query, as one list.
    is_repeatable = False

    def __init__(
        self,
        name: str,
        schema: Any = str,
        *,
        max_length: int | None = None,
        max_items: int | None = None,
        is_v1: bool = False,
        example: str | None = None,
        **described: Any,
    ) -> None:
        self.is_v1 = is_v1
        self.example = example
        self.max_length = max_length if max_length is not None else default_length(schema)
        self.max_items = max_items
        declared = schema if is_v1 or "enum" in described else with_max_length(schema, self.max_length)
        super().__init__(name, declared, OpenApiParameter.QUERY, **described)

    def after_others(self) -> Self:
        """Return a copy that does not come first in the OpenAPI file, for operations that v1 did not have."""
        copied = copy(self)
        copied.is_v1 = False
        return copied

    def check(self, text: str) -> None:
        """Check the length only. Raises ValidationError."""
        if self.max_length is not None and len(text) > self.max_length:
            self.refuse(f"Ensure this field has no more than {self.max_length} characters.", "max_length")
        if self.max_items is not None and text.count(",") >= self.max_items:
            self.refuse(f"Ensure this field has no more than {self.max_items} elements.", "max_length")

    def refuse(self, detail: str, code: str) -> None:
        raise ValidationError({self.name: [detail]}, code=code)


class RepeatableParam(QueryParam):
    is_repeatable = True


class Unbounded(QueryParam):
    """A number of v1's that falls back to its default if it is invalid, however long it is."""

    def check(self, text: str) -> None:
        pass


def default_length(schema: Any) -> int:
    if schema is bool:
        return MAX_FLAG_LENGTH
    return MAX_TIME_LENGTH if schema is datetime else MAX_TEXT_LENGTH


def with_max_length(schema: Any, max_length: int) -> Any:
    """Return the schema for the OpenAPI file; enumerations, numbers and flags need no maximum length."""
    if schema is datetime:
        return {"type": "string", "format": "date-time", "maxLength": max_length}
    if schema is str:
        return {"type": "string", "maxLength": max_length}
    if isinstance(schema, dict) and schema.get("type") == "string" and "enum" not in schema:
        return schema | {"maxLength": max_length}
    return schema


def parse_boolean(name: str, text: str | None) -> bool:
    """Return False if the parameter is missing or empty. Raises ValidationError."""
    if not text:
        return False
    value = BOOLEANS.get(text.lower())
    if value is None:
        raise ValidationError({name: ["Must be a valid boolean."]}, code="invalid")
    return value


LIMIT = Unbounded("limit", int, is_v1=True, description="Number of results to return per page.")
OFFSET = Unbounded("offset", int, is_v1=True, description="The initial index from which to return the results.")
DRY_RUN = QueryParam(
    "dry_run", bool, description="Whether to answer as the request would be answered, and store nothing."
)
STRICT = QueryParam(
    "strict", bool, description="Whether a parameter or body member that is not known is refused (400), not ignored."
)
