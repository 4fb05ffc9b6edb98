"""OpenAPI operations that read and replace the JSON Schemas of a dataset."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from items.openapi import DATASET_REVISION
from items.validation.serializers import SchemaErrorSerializer, SchemasSerializer
from rest.openapi_parameters import ETAG, IF_MATCH, IF_NONE_MATCH
from rest.operations import Operation
from rest.query_params import DRY_RUN, QueryParam

READ_SCHEMAS = Operation(
    summary="Show the schemas of a dataset",
    description="The JSON Schemas that the dataset's items must fit; null for a field that may have any value.",
    query=(QueryParam("revision", description="The schemas as they were at this revision (number or tag)."),),
    headers=(IF_NONE_MATCH, ETAG, DATASET_REVISION),
    responses=SchemasSerializer,
)
REPLACE_SCHEMAS = Operation(
    summary="Replace the schemas of a dataset",
    description=(
        "Replaces all three schemas; a field without one may have any value. Drafts 4, 6, 7, 2019-09 and 2020-12 are "
        "supported; $schema selects one, 2020-12 by default. The request is rejected if existing items do not fit, "
        "unless enforce is new."
    ),
    query=(DRY_RUN,),
    headers=(IF_MATCH, ETAG, DATASET_REVISION),
    body=SchemasSerializer,
    responses={
        200: SchemasSerializer,
        400: OpenApiResponse(
            SchemaErrorSerializer, "A schema is not valid (invalid_schema), or items do not fit (schema_mismatch)."
        ),
    },
    examples=(
        OpenApiExample(
            "Outputs are strings", {"output": {"type": ["string", "null"]}, "enforce": "new"}, request_only=True
        ),
    ),
    is_idempotent=True,
)
