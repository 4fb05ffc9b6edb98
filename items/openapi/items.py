"""The operations of items."""

from drf_spectacular.utils import extend_schema

from items.bulk.openapi import bulk, bulk_update
from items.history.openapi import ItemVersionWithOriginSerializer
from items.openapi.operations import soft_deleted_resource
from items.openapi.parameters import DATASET_REVISION, ITEM_PARAMS, LIST_PARAMS, SEARCH_PARAMS, UPDATE_HEADERS
from items.serializers import RestoreSerializer
from rest.openapi import ETAG, IF_NONE_MATCH

READ_HEADERS = [IF_NONE_MATCH, ETAG, DATASET_REVISION]

item_operations = soft_deleted_resource(
    bulk=bulk,
    bulk_update=bulk_update,
    list=extend_schema(parameters=[*LIST_PARAMS, *SEARCH_PARAMS, *READ_HEADERS]),
    retrieve=extend_schema(parameters=[*ITEM_PARAMS, *READ_HEADERS]),
    versions=extend_schema(
        description="All versions of an item, newest first; also of a deleted one.",
        filters=False,
        responses=ItemVersionWithOriginSerializer(many=True),
    ),
    archive=extend_schema(
        description="Soft-deletes an item. Where it is soft-deleted already, nothing is written.",
        parameters=UPDATE_HEADERS,
        request=None,
    ),
    restore=extend_schema(
        description=(
            "Takes back the soft deletion of an item; with source_version also brings that version's content back, as "
            "a new version. Where nothing would change, nothing is written."
        ),
        parameters=UPDATE_HEADERS,
        request=RestoreSerializer,
    ),
)
