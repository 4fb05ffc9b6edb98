"""Shapes of requests to erase, of their responses, and of the record of erasures."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from auth.serializers import UserBasicSerializer
from items.bulk.results import MAX_ITEMS

MAX_REASON_CHARACTERS = 500


@extend_schema_serializer(component_name="EraseRequest")
class EraseSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(
        max_length=MAX_REASON_CHARACTERS, required=False, allow_blank=True, help_text="Kept with the erasure."
    )
    copies = serializers.BooleanField(
        required=False, default=True, help_text="Whether the copies that forks made are erased too."
    )


@extend_schema_serializer(component_name="EraseItemsRequest")
class EraseItemsSerializer(EraseSerializer):
    ids = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=MAX_ITEMS,
        required=False,
        help_text="The items, archived or not. Either these or filter must be given.",
    )
    filter = serializers.DictField(
        required=False,
        help_text=(
            "The items that the list with these parameters shows, at most 10,000 of them; dataset must be among them, "
            "and none may be empty or unknown."
        ),
    )


@extend_schema_serializer(component_name="EraseDatasetRequest")
class EraseDatasetSerializer(EraseSerializer):
    name = serializers.CharField(trim_whitespace=False, help_text="The dataset's exact name.")


class ErasedItemSerializer(serializers.Serializer[Any]):
    dataset = serializers.UUIDField()
    id = serializers.UUIDField()
    versions = serializers.IntegerField(help_text="How many versions lost their content.")
    revision = serializers.IntegerField(help_text="The dataset's revision that says so.")


class ErasedItemsSerializer(serializers.Serializer[Any]):
    erased = ErasedItemSerializer(
        many=True, help_text="Those that were asked for, then their copies; without those that were erased already."
    )


class ErasedDatasetSerializer(serializers.Serializer[Any]):
    dataset = serializers.UUIDField()
    items = serializers.IntegerField()
    versions = serializers.IntegerField()
    copies = ErasedItemSerializer(many=True)


class ErasureSerializer(serializers.Serializer[Any]):
    """That an item was erased, or a whole dataset (item and revision null)."""

    id = serializers.UUIDField()
    dataset = serializers.UUIDField(source="dataset_id")
    item = serializers.UUIDField(source="item_id", allow_null=True)
    revision = serializers.IntegerField(allow_null=True)
    versions = serializers.IntegerField(help_text="How many versions lost their content.")
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = UserBasicSerializer(source="created_by_id", allow_null=True)
