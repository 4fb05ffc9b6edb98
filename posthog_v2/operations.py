"""The operations of the later API: their parameters, bodies and responses."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, inline_serializer
from rest_framework import serializers

from items.openapi import DATASET_REVISION, PLACEHOLDER_ID, UPDATE_HEADERS, WRITE_HEADERS
from items.validation.serializers import SchemaErrorSerializer
from posthog_v2 import params
from posthog_v2.serializers import (
    ConflictSerializer,
    DatasetBody,
    DatasetChanges,
    DatasetSerializer,
    ExportBody,
    ExportSerializer,
    ItemArchiveBody,
    ItemBody,
    ItemChanges,
    ItemRestoreBody,
    ItemSerializer,
    RevisionSerializer,
)
from rest.openapi_parameters import ETAG, IF_NONE_MATCH
from rest.operations import Operation
from rest.query_params import LIMIT, OFFSET

CONFLICT = OpenApiResponse(ConflictSerializer, "The state of the dataset or item conflicts with the write.")
BAD_ITEM = OpenApiResponse(SchemaErrorSerializer, "The request is malformed, or a value in it is invalid.")
READ_HEADERS = (IF_NONE_MATCH, ETAG, DATASET_REVISION)
ITEM_EXAMPLE = OpenApiExample(
    "A question and its answer",
    {"dataset": PLACEHOLDER_ID, "input": "What is the capital of France?", "expected_output": "Paris"},
    description="With the ID of your dataset.",
    request_only=True,
)
EXAMPLE_VERSION = OpenApiExample("The first version", {"base_version": 1}, request_only=True)


def operation(**declared: Any) -> Operation:
    """Declare an operation that ignores unknown query parameters unless `strict=true`, as PostHog does."""
    return Operation(is_v1=True, **declared)


def page_of(name: str, serializer: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    members: dict[str, Any] = {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": serializer(many=True),
    }
    return inline_serializer(name, members)


DATASET_PAGE = page_of("PaginatedDatasetList", DatasetSerializer)
ITEM_PAGE = page_of("PaginatedDatasetItemList", ItemSerializer)
REVISION_PAGE = page_of("PaginatedDatasetRevisionList", RevisionSerializer)

LIST_DATASETS = operation(
    summary="List datasets",
    query=(params.ARCHIVED, params.SEARCH, params.ORDER_BY, params.ID_IN, params.TAGS, params.TAG_MATCH, LIMIT, OFFSET),
    responses=DATASET_PAGE,
)
CREATE_DATASET = operation(
    summary="Create a dataset",
    headers=WRITE_HEADERS,
    body=DatasetBody,
    examples=(OpenApiExample("A dataset", {"name": "Capitals"}, request_only=True),),
    responses={201: DatasetSerializer, 409: CONFLICT},
    is_idempotent=True,
)
RETRIEVE_DATASET = operation(summary="Show a dataset", headers=READ_HEADERS, responses=DatasetSerializer)
UPDATE_DATASET = operation(
    summary="Change a dataset",
    description="Changes a dataset's own fields, which makes no revision.",
    headers=UPDATE_HEADERS,
    body=DatasetChanges,
    examples=(OpenApiExample("A description", {"description": "Questions about capitals"}, request_only=True),),
    responses={200: DatasetSerializer, 409: CONFLICT},
    is_idempotent=True,
)
ARCHIVE_DATASET = operation(
    summary="Archive a dataset",
    description="An archived dataset can still be read, but not written.",
    headers=UPDATE_HEADERS,
    responses=DatasetSerializer,
    is_idempotent=True,
)
RESTORE_DATASET = operation(
    summary="Restore a dataset",
    headers=UPDATE_HEADERS,
    responses=DatasetSerializer,
    is_idempotent=True,
)
LIST_REVISIONS = operation(
    summary="List the revisions of a dataset",
    description="Newest first.",
    query=(LIMIT, OFFSET),
    responses=REVISION_PAGE,
)
CREATE_EXPORT = operation(
    summary="Export a dataset",
    description="The export is complete at once; its number is that of the revision.",
    body=ExportBody,
    examples=(OpenApiExample("The current revision", {}, request_only=True),),
    responses={201: ExportSerializer, 409: CONFLICT},
)
RETRIEVE_EXPORT = operation(summary="Show an export", responses=ExportSerializer)
READ_EXPORT = operation(
    summary="Download an export",
    description="JSON Lines: the active items of the revision, oldest first.",
    headers=(DATASET_REVISION,),
    responses={(200, "application/x-ndjson"): OpenApiTypes.BINARY},
)
LIST_ITEMS = operation(
    summary="List the items of a dataset",
    query=(params.DATASET, params.REVISION, params.ARCHIVED, LIMIT, OFFSET),
    headers=READ_HEADERS,
    responses=ITEM_PAGE,
)
CREATE_ITEM = operation(
    summary="Add an item to a dataset",
    description="Sending the same content again with the same client_item_id returns the existing item.",
    headers=WRITE_HEADERS,
    body=ItemBody,
    examples=(ITEM_EXAMPLE,),
    responses={
        200: OpenApiResponse(ItemSerializer, "The item exists already."),
        201: ItemSerializer,
        400: BAD_ITEM,
        409: CONFLICT,
    },
    is_idempotent=True,
)
RETRIEVE_ITEM = operation(
    summary="Show an item",
    description="The item, current or at a revision of its dataset, even if archived.",
    query=(params.REVISION,),
    headers=READ_HEADERS,
    responses=ItemSerializer,
)
UPDATE_ITEM = operation(
    summary="Change an item",
    description="A change of content makes a version and a revision.",
    headers=UPDATE_HEADERS,
    body=ItemChanges,
    examples=(OpenApiExample("A new answer", {"base_version": 1, "expected_output": "Paris"}, request_only=True),),
    responses={200: ItemSerializer, 400: BAD_ITEM, 409: CONFLICT},
    is_idempotent=True,
)
ARCHIVE_ITEM = operation(
    summary="Archive an item",
    headers=UPDATE_HEADERS,
    body=ItemArchiveBody,
    responses={200: ItemSerializer, 409: CONFLICT},
    examples=(EXAMPLE_VERSION,),
    is_idempotent=True,
)
RESTORE_ITEM = operation(
    summary="Restore an item",
    description="With source_version, restores the content of that version. The source fields stay.",
    headers=UPDATE_HEADERS,
    body=ItemRestoreBody,
    responses={200: ItemSerializer, 400: BAD_ITEM, 409: CONFLICT},
    examples=(EXAMPLE_VERSION,),
    is_idempotent=True,
)
LIST_VERSIONS = operation(
    summary="List the versions of an item",
    description="Newest first.",
    query=(LIMIT, OFFSET),
    responses=ITEM_PAGE,
)
