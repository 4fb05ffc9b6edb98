"""The operations of items."""

from drf_spectacular.utils import extend_schema

from items.schema.bodies import ItemVersionWithOriginSerializer
from items.schema.bulk import bulk, bulk_update
from items.schema.operations import soft_deleted_resource
from items.schema.parameters import DATASET_REVISION, OF_CHANGES, OF_FINDING, OF_ITEM, OF_LISTS
from items.serializers import RestoreSerializer
from rest.schema import ETAG, IF_NONE_MATCH

OF_READS = [IF_NONE_MATCH, ETAG, DATASET_REVISION]

item_schema = soft_deleted_resource(
    bulk=bulk,
    bulk_update=bulk_update,
    list=extend_schema(parameters=[*OF_LISTS, *OF_FINDING, *OF_READS]),
    retrieve=extend_schema(parameters=[*OF_ITEM, *OF_READS]),
    versions=extend_schema(
        description="All versions of an item, newest first; also of a deleted one.",
        filters=False,
        responses=ItemVersionWithOriginSerializer(many=True),
    ),
    archive=extend_schema(
        description="Soft-deletes an item. Where it is soft-deleted already, nothing is written.",
        parameters=OF_CHANGES,
        request=None,
    ),
    restore=extend_schema(
        description=(
            "Takes back the soft deletion of an item; with source_version also brings that version's content back, as "
            "a new version. Where nothing would change, nothing is written."
        ),
        parameters=OF_CHANGES,
        request=RestoreSerializer,
    ),
)
