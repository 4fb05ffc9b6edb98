"""The operation that exports a dataset."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from items.exports.formats import EXPORT_FORMATS
from items.history.openapi import SNAPSHOT_PARAMS
from items.openapi import DATASET_REVISION
from rest.openapi_parameters import ETAG, IF_NONE_MATCH
from rest.operations import Operation
from rest.query_params import QueryParam

EXPORT_DATASET = Operation(
    summary="Export a dataset",
    description=(
        "All items of one revision as a file, oldest first: id, the six fields of content, created_at, updated_at. "
        "It is sent while it is read; writers at work change nothing of it."
    ),
    query=(
        QueryParam("export_format", enum=sorted(EXPORT_FORMATS), default="jsonl", description="The form of the file."),
        *SNAPSHOT_PARAMS,
    ),
    headers=(
        IF_NONE_MATCH,
        ETAG,
        DATASET_REVISION,
        OpenApiParameter(
            "Content-Disposition",
            str,
            OpenApiParameter.HEADER,
            description="A name for the file: that of the dataset, with the revision.",
            response=[200],
        ),
    ),
    responses={(200, each.media_type.partition(";")[0]): OpenApiTypes.BINARY for each in EXPORT_FORMATS.values()},
)
