"""OpenAPI operations that export a dataset."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from items.exports.formats import EXPORT_FORMATS
from items.exports.serializers import ExportSerializer
from items.history.openapi import SNAPSHOT_PARAMS
from items.openapi import DATASET_REVISION
from items.search.conditions import is_condition
from items.search.openapi import CONDITION_PARAMS
from rest.openapi_parameters import ETAG, IF_NONE_MATCH
from rest.operations import Operation
from rest.query_params import QueryParam

QUERY = (
    QueryParam("export_format", enum=sorted(EXPORT_FORMATS), default="jsonl", description="The format of the file."),
    *SNAPSHOT_PARAMS,
    *CONDITION_PARAMS,
)
DESCRIPTION = (
    "The items of one revision as a file, oldest first: id, the six content fields, created_at and updated_at, for all "
    "items or those that match. The file is streamed while it is read; concurrent writes do not affect it."
)
CONTENT_DISPOSITION = OpenApiParameter(
    "Content-Disposition",
    str,
    OpenApiParameter.HEADER,
    description="A name for the file: the name of the dataset and the revision.",
    response=[200],
)
# Generated clients use the first media type, and return the bytes unchanged for this one.
MEDIA_TYPES = [
    "application/octet-stream",
    *(each.media_type.partition(";")[0] for each in EXPORT_FORMATS.values()),
]
FILES = {(200, media_type): OpenApiTypes.BINARY for media_type in MEDIA_TYPES}
EXPORT_DATASET = Operation(
    summary="Export a dataset",
    description=DESCRIPTION,
    query=QUERY,
    knows_param=is_condition,
    headers=(IF_NONE_MATCH, ETAG, DATASET_REVISION, CONTENT_DISPOSITION),
    responses=FILES,
)
EXPORT_SELECTION = Operation(
    summary="Export the items that match a filter",
    description=f"{DESCRIPTION} Like GET, for conditions that are too long for a URL; it writes nothing.",
    query=QUERY,
    knows_param=is_condition,
    headers=(DATASET_REVISION, CONTENT_DISPOSITION),
    body=ExportSerializer,
    responses=FILES,
    examples=(OpenApiExample("One split", {"filter": {"metadata__split": "test"}}, request_only=True),),
)
