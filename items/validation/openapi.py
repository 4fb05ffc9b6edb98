"""The operations about the quality of a dataset."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from items.openapi.parameters import DATASET_REVISION
from items.validation.serializers import (
    ArchivedDuplicatesSerializer,
    DuplicateGroupSerializer,
    SchemaErrorSerializer,
    SchemasSerializer,
    StatsSerializer,
)
from rest.openapi import ETAG, IF_MATCH, IF_NONE_MATCH

AS_OF = OpenApiParameter("revision", str, description="The schemas as they were at this revision (number or tag).")
ON = OpenApiParameter(
    "on",
    str,
    required=True,
    description=(
        "The fields in which items are equal, with commas between: input, output, metadata, ref_trace_id, "
        "ref_timestamp, ref_source_id."
    ),
)

VALIDATION_OPERATIONS = {
    "schemas": extend_schema(
        description="The JSON Schemas that the dataset's items must fit; null for a field that may hold anything.",
        parameters=[AS_OF, IF_NONE_MATCH, ETAG, DATASET_REVISION],
        responses=SchemasSerializer,
    ),
    "replace_schemas": extend_schema(
        description=(
            "Puts all three schemas; a field without one may hold anything. Drafts 4, 6, 7, 2019-09 and 2020-12, the "
            "last one unless $schema says otherwise. Refused where items that are there do not fit, unless enforce is "
            "new."
        ),
        parameters=[IF_MATCH, ETAG, DATASET_REVISION],
        request=SchemasSerializer,
        responses={
            200: SchemasSerializer,
            400: OpenApiResponse(
                SchemaErrorSerializer, "A schema is not valid (invalid_schema), or items do not fit (schema_mismatch)."
            ),
        },
    ),
    "duplicates": extend_schema(
        description=(
            "Groups of items that are equal in some of their fields, the largest group first. JSON is equal however it "
            "is spelled; items that have none of the fields are not duplicates of each other."
        ),
        filters=False,
        parameters=[ON],
        responses=DuplicateGroupSerializer(many=True),
    ),
    "archive_duplicates": extend_schema(
        description=(
            "Archives all but the oldest item of each group, as one revision. Where nothing is equal, nothing is "
            "written."
        ),
        parameters=[ON, DATASET_REVISION],
        request=None,
        responses=ArchivedDuplicatesSerializer,
    ),
    "stats": extend_schema(
        description="How many items there are, how large, and which types and keys their fields have.",
        parameters=[IF_NONE_MATCH, ETAG, DATASET_REVISION],
        responses=StatsSerializer,
    ),
}
