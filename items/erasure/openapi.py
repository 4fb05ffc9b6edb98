"""The operations that erase content, and the one that lists erasures."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from items.erasure.serializers import (
    EraseDatasetSerializer,
    ErasedDatasetSerializer,
    ErasedItemsSerializer,
    EraseItemsSerializer,
    EraseSerializer,
    ErasureSerializer,
)
from rest.openapi_parameters import ErrorSerializer
from rest.operations import Operation
from rest.query_params import DRY_RUN, LIMIT, OFFSET

WHAT_GOES = (
    "The content goes from the item, from all its versions, from kept responses and from copies in forks; ids, "
    "versions, revisions and who wrote them when stay. The item is archived for good."
)
ERASE_ITEM = Operation(
    summary="Erase an item",
    description=f"{WHAT_GOES} An item that is erased already is left as it is.",
    query=(DRY_RUN,),
    body=EraseSerializer,
    responses=ErasedItemsSerializer,
    examples=(OpenApiExample("With a reason", {"reason": "Request 17 of a data subject"}, request_only=True),),
    is_idempotent=True,
)
ERASE_ITEMS = Operation(
    summary="Erase many items",
    description=f"Up to 10,000 items, named by their ids or by a filter. {WHAT_GOES}",
    query=(DRY_RUN,),
    body={"application/json": EraseItemsSerializer},
    responses=ErasedItemsSerializer,
    is_idempotent=True,
)
ERASE_DATASET = Operation(
    summary="Erase a dataset",
    description=(
        "Deletes a dataset with all its items, their history, tags, schemas and kept responses, for good. Its exact "
        "name confirms it."
    ),
    query=(DRY_RUN,),
    body=EraseDatasetSerializer,
    responses={
        200: ErasedDatasetSerializer,
        409: OpenApiResponse(ErrorSerializer, "An item has history in another dataset (items_moved)."),
    },
    is_idempotent=True,
)
LIST_ERASURES = Operation(
    summary="List erasures",
    description="What was erased in the project, when, by whom and why, newest first. It never has content.",
    query=(LIMIT, OFFSET),
    responses=ErasureSerializer(many=True),
)
