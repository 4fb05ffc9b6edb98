"""Bodies of erasure requests and responses, and the record of erasures."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from auth.serializers import UserBasicSerializer
from items.bulk.limits import MAX_ITEMS

MAX_REASON_CHARACTERS = 500


@extend_schema_serializer(component_name="EraseRequest")
class EraseSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(
        max_length=MAX_REASON_CHARACTERS,
        required=False,
        allow_blank=True,
        help_text="Stored with the erasure. Some projects require one.",
    )
    copies = serializers.BooleanField(required=False, default=True, help_text="Also erase copies made by forks.")


@extend_schema_serializer(component_name="EraseItemsRequest")
class EraseItemsSerializer(EraseSerializer):
    ids = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=MAX_ITEMS,
        required=False,
        help_text="The items, archived or not. Give either ids or filter.",
    )
    filter = serializers.DictField(
        required=False,
        help_text=(
            "The items that the list returns with these parameters, at most 10,000. The parameter dataset is required; "
            "none may be empty or unknown."
        ),
    )


@extend_schema_serializer(component_name="EraseDatasetRequest")
class EraseDatasetSerializer(EraseSerializer):
    name = serializers.CharField(trim_whitespace=False, help_text="The dataset's exact name.")


class ErasedItemSerializer(serializers.Serializer[Any]):
    dataset = serializers.UUIDField()
    id = serializers.UUIDField()
    versions = serializers.IntegerField(help_text="The number of versions whose content was erased.")
    revision = serializers.IntegerField(help_text="The dataset's revision that records it.")


class ErasedItemsSerializer(serializers.Serializer[Any]):
    erased = ErasedItemSerializer(
        many=True, help_text="The requested items, then their copies, except for items that were already erased."
    )


class ErasedDatasetSerializer(serializers.Serializer[Any]):
    dataset = serializers.UUIDField()
    items = serializers.IntegerField()
    versions = serializers.IntegerField()
    copies = ErasedItemSerializer(many=True)


class ErasureSerializer(serializers.Serializer[Any]):
    """The erasure of an item, or of a whole dataset (item and revision are null)."""

    id = serializers.UUIDField()
    dataset = serializers.UUIDField(source="dataset_id")
    item = serializers.UUIDField(source="item_id", allow_null=True)
    revision = serializers.IntegerField(allow_null=True)
    versions = serializers.IntegerField(help_text="The number of versions whose content was erased.")
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = UserBasicSerializer(source="created_by_id", allow_null=True)
