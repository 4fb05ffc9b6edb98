"""The operations that store and change many items at once."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse

from items.bulk.existing import MATCH_KEYS
from items.bulk.serializers import (
    BulkCreateBody,
    BulkOutcomeSerializer,
    BulkUpdateBody,
    BulkUpdateOutcomeSerializer,
)
from items.openapi import DATASET_REVISION
from items.validation.serializers import SchemaErrorSerializer
from rest.openapi_parameters import ERRORS, ErrorSerializer
from rest.operations import Operation
from rest.query_params import DRY_RUN, QueryParam

# Lines are of BulkItem, which OpenAPI 3.0 cannot say.
LINES = OpenApiTypes.BINARY

BULK_CREATE = Operation(
    summary="Store many items",
    description=(
        "Stores up to 10,000 items as one revision: all of them or, with partial, all but those that are wrong. Errors "
        "name their item: items.3.ref_timestamp. With match_on, items that are there are left alone or updated: what "
        "an item gives is changed, the rest stays. The body is JSON, or lines of which each is an item."
    ),
    query=(
        QueryParam("dataset", description="The ID of the dataset, where the body is lines."),
        QueryParam(
            "match_on",
            enum=MATCH_KEYS,
            description=(
                "Items with an id, or a ref_source_id, are looked for among the live items of the dataset; see "
                "on_conflict."
            ),
        ),
        QueryParam(
            "on_conflict",
            enum=["error", "skip", "update"],
            description="With match_on: what becomes of an item that is there. Without it, error.",
        ),
        QueryParam("dry_run", bool, description="Answers as without it, and stores nothing."),
        QueryParam(
            "partial",
            bool,
            description="Whether items that are wrong are told in the results, and the others stored.",
        ),
    ),
    headers=(DATASET_REVISION,),
    body={"application/json": BulkCreateBody, "application/x-ndjson": LINES, "application/jsonl": LINES},
    responses={
        200: BulkOutcomeSerializer,
        409: OpenApiResponse(ErrorSerializer, "An item with this key is there (conflict)."),
    },
    is_idempotent=True,
)
BULK_UPDATE = Operation(
    summary="Change many items",
    description=(
        'Makes the same changes to up to 10,000 items, named by their ids or by a filter; {"deleted": true} archives '
        "them. An id that is unknown refuses all. What changes nothing makes no version; each dataset that is touched "
        "has one new revision."
    ),
    query=(DRY_RUN,),
    headers=(DATASET_REVISION,),
    body={"application/json": BulkUpdateBody},
    responses={
        200: BulkUpdateOutcomeSerializer,
        400: OpenApiResponse(SchemaErrorSerializer, ERRORS["400"]),
    },
    is_idempotent=True,
)
