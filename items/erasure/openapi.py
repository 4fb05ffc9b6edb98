"""OpenAPI operations that erase content and list erasures."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from items.erasure.serializers import (
    EraseDatasetSerializer,
    ErasedDatasetSerializer,
    ErasedItemsSerializer,
    EraseItemsSerializer,
    EraseSerializer,
    ErasureSerializer,
)
from items.openapi import PLACEHOLDER_ID
from rest.openapi_parameters import ErrorSerializer
from rest.operations import Operation
from rest.query_params import DRY_RUN, LIMIT, OFFSET

EFFECT = (
    "Erases the content from the item, all its versions, stored responses and copies in forks. IDs, versions, "
    "revisions, users and times stay. The item is archived for good."
)
ERASE_ITEM = Operation(
    summary="Erase an item",
    description=f"{EFFECT} An item that is already erased stays as it is.",
    query=(DRY_RUN,),
    body=EraseSerializer,
    responses=ErasedItemsSerializer,
    examples=(OpenApiExample("With a reason", {"reason": "Request 17 of a data subject"}, request_only=True),),
    is_idempotent=True,
)
ERASE_ITEMS = Operation(
    summary="Erase many items",
    description=f"Erases up to 10,000 items, selected by ID or by a filter. {EFFECT}",
    query=(DRY_RUN,),
    body={"application/json": EraseItemsSerializer},
    responses=ErasedItemsSerializer,
    examples=(
        OpenApiExample(
            "By ID",
            {"ids": [PLACEHOLDER_ID], "reason": "Request 17 of a data subject"},
            description="With the IDs of your items.",
            request_only=True,
        ),
    ),
    is_idempotent=True,
)
ERASE_DATASET = Operation(
    summary="Erase a dataset",
    description=(
        "Deletes a dataset for good, with all its items, their history, tags, schemas and stored responses. The exact "
        "name of the dataset confirms it."
    ),
    query=(DRY_RUN,),
    body=EraseDatasetSerializer,
    responses={
        200: ErasedDatasetSerializer,
        409: OpenApiResponse(ErrorSerializer, "An item has history in another dataset (items_moved)."),
    },
    examples=(
        OpenApiExample("By name", {"name": "Capitals"}, description="The name of your dataset.", request_only=True),
    ),
    is_idempotent=True,
)
LIST_ERASURES = Operation(
    summary="List erasures",
    description="The erasures in the project, newest first: what was erased, when, by whom and why, without content.",
    query=(LIMIT, OFFSET),
    responses=ErasureSerializer(many=True),
)
