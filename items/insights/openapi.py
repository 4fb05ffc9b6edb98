"""The operations that look through a dataset: duplicates and statistics."""

from items.insights.serializers import ArchivedDuplicatesSerializer, DuplicateGroupSerializer, StatsSerializer
from items.openapi import DATASET_REVISION
from rest.openapi_parameters import ETAG, IF_NONE_MATCH
from rest.operations import Operation
from rest.query_params import DRY_RUN, LIMIT, OFFSET, QueryParam

ON = QueryParam(
    "on",
    required=True,
    description=(
        "The fields in which items are equal, with commas between: input, output, metadata, ref_trace_id, "
        "ref_timestamp, ref_source_id."
    ),
)
LIST_DUPLICATES = Operation(
    summary="List the duplicates in a dataset",
    description=(
        "Groups of items that are equal in some of their fields, the largest group first. JSON is equal however it "
        "is spelled; items that have none of the fields are not duplicates of each other."
    ),
    query=(ON, LIMIT, OFFSET),
    responses=DuplicateGroupSerializer(many=True),
)
ARCHIVE_DUPLICATES = Operation(
    summary="Archive the duplicates in a dataset",
    description=(
        "Archives all but the oldest item of each group, as one revision. Where nothing is equal, nothing is written."
    ),
    query=(ON, DRY_RUN),
    headers=(DATASET_REVISION,),
    responses=ArchivedDuplicatesSerializer,
    is_idempotent=True,
)
READ_STATS = Operation(
    summary="Show statistics of a dataset",
    description="How many items there are, how large, and which types and keys their fields have.",
    headers=(IF_NONE_MATCH, ETAG, DATASET_REVISION),
    responses=StatsSerializer,
)
