"""OpenAPI operations that archive and restore an item."""

from drf_spectacular.utils import OpenApiExample

from items.openapi import DATASET, ERASED, UPDATE_HEADERS
from items.serializers import DatasetItemSerializer
from items.writes.serializers import ArchiveSerializer, RestoreSerializer
from rest.operations import Operation

ARCHIVE_ITEM = Operation(
    summary="Archive an item",
    description="Soft-deletes an item. If it is already soft-deleted, nothing is written.",
    headers=UPDATE_HEADERS,
    query=(DATASET,),
    body=ArchiveSerializer,
    examples=(OpenApiExample("Whatever its version", {}, request_only=True),),
    responses={200: DatasetItemSerializer} | ERASED,
    is_idempotent=True,
)
RESTORE_ITEM = Operation(
    summary="Restore an item",
    description=(
        "Undoes the soft deletion of an item; with source_version, also restores that version's content, as a new "
        "version. If nothing would change, nothing is written."
    ),
    headers=UPDATE_HEADERS,
    query=(DATASET,),
    body=RestoreSerializer,
    examples=(
        OpenApiExample("As it is", {}, request_only=True),
        OpenApiExample("With the content of a version", {"source_version": 1}, request_only=True),
    ),
    responses={200: DatasetItemSerializer} | ERASED,
    is_idempotent=True,
)
