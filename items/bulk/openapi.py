"""OpenAPI operations that store and update many items at once."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from items.bulk.existing import MATCH_KEYS
from items.bulk.serializers import (
    BulkCreateBody,
    BulkOutcomeSerializer,
    BulkUpdateBody,
    BulkUpdateOutcomeSerializer,
)
from items.openapi import DATASET_REVISION, PLACEHOLDER_ID
from items.validation.serializers import SchemaErrorSerializer
from rest.openapi_parameters import ERRORS, ErrorSerializer
from rest.operations import Operation
from rest.query_params import DRY_RUN, QueryParam

# Lines are of type BulkItem, which OpenAPI 3.0 cannot express.
LINES = OpenApiTypes.BINARY
TWO_ITEMS = OpenApiExample(
    "Two items",
    {"dataset": PLACEHOLDER_ID, "items": [{"input": "2 + 2?", "output": "4"}, {"input": "3 + 3?", "output": "6"}]},
    description="With the ID of your dataset.",
    request_only=True,
)
TWO_LINES = OpenApiExample(
    "Two lines",
    '{"input": "2 + 2?", "output": "4"}\n{"input": "3 + 3?", "output": "6"}\n',
    media_type="application/x-ndjson",
    request_only=True,
)
ARCHIVE_SPLIT = OpenApiExample(
    "Archive the items of a split",
    {"filter": {"dataset": PLACEHOLDER_ID, "metadata__split": "test"}, "changes": {"deleted": True}},
    description="With the ID of your dataset.",
    request_only=True,
)

BULK_CREATE = Operation(
    summary="Store many items",
    description=(
        "Stores up to 10,000 items as one revision: all of them or, with partial, all valid ones. Errors name their "
        "item: items.3.ref_timestamp. With match_on, existing items are skipped or updated: given fields change, the "
        "others stay. The body is JSON, or lines with an item each."
    ),
    query=(
        QueryParam("dataset", description="The ID of the dataset, if the body consists of lines."),
        QueryParam(
            "match_on",
            enum=MATCH_KEYS,
            description=(
                "Match items by their id or ref_source_id with the live items of the dataset; see on_conflict."
            ),
        ),
        QueryParam(
            "on_conflict",
            enum=["error", "skip", "update"],
            description="With match_on: what to do with an existing item. Default: error.",
        ),
        QueryParam("dry_run", bool, description="Return the same response, but store nothing."),
        QueryParam(
            "partial",
            bool,
            description="Report invalid items in the results and store the others.",
        ),
    ),
    headers=(DATASET_REVISION,),
    body={"application/json": BulkCreateBody, "application/x-ndjson": LINES, "application/jsonl": LINES},
    responses={
        200: BulkOutcomeSerializer,
        409: OpenApiResponse(ErrorSerializer, "An item with this key exists (conflict)."),
    },
    examples=(TWO_ITEMS, TWO_LINES),
    is_idempotent=True,
)
BULK_UPDATE = Operation(
    summary="Update many items",
    description=(
        'Makes the same changes to up to 10,000 items, selected by ID or by a filter; {"deleted": true} archives '
        "them. An unknown ID rejects the whole request. Items that do not change get no new version; each dataset "
        "involved gets one new revision."
    ),
    query=(DRY_RUN,),
    headers=(DATASET_REVISION,),
    body={"application/json": BulkUpdateBody},
    responses={
        200: BulkUpdateOutcomeSerializer,
        400: OpenApiResponse(SchemaErrorSerializer, ERRORS["400"]),
    },
    examples=(ARCHIVE_SPLIT,),
    is_idempotent=True,
)
