"""OpenAPI operations on duplicates and statistics."""

from items.insights.serializers import ArchivedDuplicatesSerializer, DuplicateGroupSerializer, StatsSerializer
from items.openapi import DATASET_REVISION
from rest.openapi_parameters import ETAG, IF_NONE_MATCH
from rest.operations import Operation
from rest.query_params import DRY_RUN, LIMIT, OFFSET, QueryParam

ON = QueryParam(
    "on",
    required=True,
    description=(
        "The fields to compare, separated by commas: input, output, metadata, ref_trace_id, ref_timestamp, "
        "ref_source_id."
    ),
    example="input",
)
LIST_DUPLICATES = Operation(
    summary="List the duplicates in a dataset",
    description=(
        "Groups of items that are equal in some of their fields, the largest group first. JSON is compared "
        "by value; items that have none of the fields are not duplicates of each other."
    ),
    query=(ON, LIMIT, OFFSET),
    responses=DuplicateGroupSerializer(many=True),
)
ARCHIVE_DUPLICATES = Operation(
    summary="Archive the duplicates in a dataset",
    description=(
        "Archives all but the oldest item of each group, as one revision. Without duplicates, nothing is written."
    ),
    query=(ON, DRY_RUN),
    headers=(DATASET_REVISION,),
    responses=ArchivedDuplicatesSerializer,
    is_idempotent=True,
)
READ_STATS = Operation(
    summary="Show statistics of a dataset",
    description="The number and size of items, and the types and keys of their fields.",
    headers=(IF_NONE_MATCH, ETAG, DATASET_REVISION),
    responses=StatsSerializer,
)
