"""Filters of the list of datasets, and ?dataset= of the list of items."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import F, Func, Q, QuerySet, TextField
from django_filters import rest_framework as filters
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.serializers import ValidationError
from rest_framework.views import APIView

from items.fields import parse_uuid

# v1 searched the text of the jsonb value, which spells exponents out: a few kilobytes of 1e131071 would exceed what
# PostgreSQL can hold. So long values with such numbers outside of strings are searched as stored.
METADATA_TEXT_SQL = r"""
CASE WHEN length(%(expressions)s::text) <= 1000 THEN %(expressions)s::jsonb::text
     WHEN %(expressions)s::text !~ '[eE][+-]?[0-9]{2}' THEN %(expressions)s::jsonb::text
     WHEN regexp_replace(%(expressions)s::text, '"(?:[^"\\]|\\.)*"', '', 'g') !~ '[eE][+-]?[0-9]{2}'
     THEN %(expressions)s::jsonb::text
     ELSE %(expressions)s::text END
"""


class DatasetFilter(BaseFilterBackend):
    """?dataset=<id>, on lists and, as in v1, also on single items."""

    parameter = "dataset"

    def get_dataset_id(self, request: Request) -> UUID | None:
        """Return None if the parameter is missing or empty. Raises ValidationError."""
        value = request.query_params.get(self.parameter)
        if not value:
            return None
        if "\0" in value:
            raise self.invalid("Null characters are not allowed.", "null_characters_not_allowed")
        try:
            parsed: UUID = parse_uuid(value)
            return parsed
        except DjangoValidationError as error:
            raise self.invalid(error.messages[0], "invalid") from error

    def dataset_not_found_error(self) -> ValidationError:
        return self.invalid("Select a valid choice. That choice is not one of the available choices.", "invalid_choice")

    def invalid(self, detail: str, code: str) -> ValidationError:
        return ValidationError({self.parameter: [detail]}, code=code)

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": self.parameter,
                "in": "query",
                "description": "Filter by dataset ID",
                "schema": {"type": "string"},
            }
        ]


class UUIDInFilter(filters.BaseInFilter, filters.UUIDFilter):
    """A comma-separated list of IDs."""


class StableOrderingFilter(filters.OrderingFilter):
    """Break ties by id, so that rows with equal times keep their order across pages."""

    def filter(self, queryset: QuerySet[Any], value: list[str] | None) -> QuerySet[Any]:
        ordered = super().filter(queryset, value)
        return ordered.order_by(*ordered.query.order_by, "id") if value else ordered


class DatasetFilterSet(filters.FilterSet):
    """Filters of the list of datasets; names and texts match v1, which used the same library."""

    search = filters.CharFilter(method="filter_by_text", help_text="Search in name, description, or metadata")
    order_by = StableOrderingFilter(fields=(("created_at", "created_at"), ("updated_at", "updated_at")))
    id__in = UUIDInFilter(field_name="id", lookup_expr="in")

    def filter_by_text(self, queryset: QuerySet[Any], _: str, text: str) -> QuerySet[Any]:
        as_text = Func(F("metadata"), template=METADATA_TEXT_SQL, output_field=TextField())
        return queryset.annotate(metadata_text=as_text).filter(
            Q(name__icontains=text) | Q(description__icontains=text) | Q(metadata_text__icontains=text)
        )
