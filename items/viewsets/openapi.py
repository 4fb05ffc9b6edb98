"""OpenAPI operations of v1."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from items.history.openapi import ITEM_SNAPSHOT_PARAMS
from items.openapi import (
    DATASET,
    DATASET_REVISION,
    ERASED,
    HARD_DELETE,
    PLACEHOLDER_ID,
    UPDATE_HEADERS,
    WRITE_HEADERS,
)
from items.search.conditions import is_condition
from items.search.openapi import DATASET_LIST_PARAMS, ITEM_LIST_PARAMS
from items.serializers import (
    DatasetChangesSerializer,
    DatasetItemChangesSerializer,
    DatasetItemRequestSerializer,
    DatasetItemSerializer,
    DatasetRequestSerializer,
    DatasetSerializer,
)
from rest.openapi_parameters import ETAG, IF_NONE_MATCH
from rest.operations import Operation

NOT_ALLOWED = {405: OpenApiResponse(description="No response body")}
ITEM_EXAMPLE = OpenApiExample(
    "A question and its answer",
    {"dataset": PLACEHOLDER_ID, "input": {"question": "What is the capital of France?"}, "output": {"answer": "Paris"}},
    description="With the ID of your dataset.",
    request_only=True,
)
READ_HEADERS = (IF_NONE_MATCH, ETAG, DATASET_REVISION)

ITEM_OPERATIONS = {
    "list": Operation(
        summary="List items",
        query=ITEM_LIST_PARAMS,
        knows_param=is_condition,
        headers=READ_HEADERS,
        responses=DatasetItemSerializer(many=True),
        is_v1=True,
    ),
    "create": Operation(
        summary="Create an item",
        headers=WRITE_HEADERS,
        body=DatasetItemRequestSerializer,
        members=DatasetItemSerializer,
        examples=(ITEM_EXAMPLE,),
        responses={201: DatasetItemSerializer},
        is_idempotent=True,
        is_v1=True,
    ),
    "retrieve": Operation(
        summary="Show an item",
        query=ITEM_SNAPSHOT_PARAMS,
        headers=READ_HEADERS,
        responses=DatasetItemSerializer,
        is_v1=True,
    ),
    "update": Operation(
        summary="Replace an item",
        query=(DATASET,),
        headers=UPDATE_HEADERS,
        body=DatasetItemRequestSerializer,
        members=DatasetItemSerializer,
        examples=(ITEM_EXAMPLE,),
        responses={200: DatasetItemSerializer} | ERASED,
        is_idempotent=True,
        is_v1=True,
    ),
    "partial_update": Operation(
        summary="Change an item",
        query=(DATASET,),
        headers=UPDATE_HEADERS,
        body=DatasetItemChangesSerializer,
        members=DatasetItemSerializer,
        examples=(OpenApiExample("A new output", {"output": {"answer": "Paris"}}, request_only=True),),
        responses={200: DatasetItemSerializer} | ERASED,
        is_idempotent=True,
        is_v1=True,
    ),
    "destroy": Operation(
        summary="Not allowed: archive items instead", description=HARD_DELETE, responses=NOT_ALLOWED, is_v1=True
    ),
}
DATASET_OPERATIONS = {
    "list": Operation(
        summary="List datasets",
        query=DATASET_LIST_PARAMS,
        responses=DatasetSerializer(many=True),
        is_v1=True,
    ),
    "create": Operation(
        summary="Create a dataset",
        headers=WRITE_HEADERS,
        body=DatasetRequestSerializer,
        members=DatasetSerializer,
        examples=(OpenApiExample("A dataset", {"name": "Capitals"}, request_only=True),),
        responses={201: DatasetSerializer},
        is_idempotent=True,
        is_v1=True,
    ),
    "retrieve": Operation(
        summary="Show a dataset",
        headers=(IF_NONE_MATCH, ETAG),
        responses=DatasetSerializer,
        is_v1=True,
    ),
    "update": Operation(
        summary="Replace a dataset",
        headers=UPDATE_HEADERS,
        body=DatasetRequestSerializer,
        members=DatasetSerializer,
        examples=(OpenApiExample("A new name", {"name": "Capitals of Europe"}, request_only=True),),
        responses=DatasetSerializer,
        is_idempotent=True,
        is_v1=True,
    ),
    "partial_update": Operation(
        summary="Change a dataset",
        headers=UPDATE_HEADERS,
        body=DatasetChangesSerializer,
        members=DatasetSerializer,
        examples=(OpenApiExample("A description", {"description": "Questions about capitals"}, request_only=True),),
        responses=DatasetSerializer,
        is_idempotent=True,
        is_v1=True,
    ),
    "destroy": Operation(
        summary="Not allowed: archive datasets instead", description=HARD_DELETE, responses=NOT_ALLOWED, is_v1=True
    ),
}
