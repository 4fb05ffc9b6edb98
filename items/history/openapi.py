"""Shapes of answers that views put together themselves."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import Direction, extend_schema_serializer, inline_serializer
from rest_framework import serializers

from items.models import ChangeLogEntry
from items.rows import CONTENT_COLUMNS
from items.serializers import DatasetItemSerializer, ItemVersionSerializer

Operation = ChangeLogEntry.Operation
OPERATION_CHOICES = [
    (Operation.CREATED.value, "the item was made"),
    (Operation.UPDATED.value, "some of its fields were changed"),
    (Operation.ARCHIVED.value, "it was soft-deleted"),
    (Operation.RESTORED.value, "it is back"),
    (Operation.MOVED_IN.value, "it came from another dataset"),
    (Operation.MOVED_OUT.value, "it went to another dataset"),
]
DIFF_CHANGES = [
    ("added", "in the list of `to` alone"),
    ("removed", "in the list of `from` alone"),
    ("changed", "in both, with other content"),
]


class ItemOriginSerializer(serializers.Serializer[Any]):
    dataset = serializers.UUIDField()
    revision = serializers.IntegerField()
    item = serializers.UUIDField()
    version = serializers.IntegerField()


@extend_schema_serializer(component_name="ItemVersion")
class ItemVersionWithOriginSerializer(ItemVersionSerializer):
    origin = ItemOriginSerializer(
        required=False, help_text="What an item of a fork was copied from; other items' versions lack this member."
    )


class MovedOutItemSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()


class FeedItem(serializers.Field[Any, Any, Any, Any]):
    """One or the other."""


class FeedItemExtension(OpenApiSerializerFieldExtension):
    target_class = FeedItem

    def map_serializer_field(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        """Not oneOf: whatever is an item also has an id."""
        either = [DatasetItemSerializer, MovedOutItemSerializer]
        return {"anyOf": [auto_schema.resolve_serializer(each, direction).ref for each in either]}


class FeedEntrySerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField()
    operation = serializers.ChoiceField(choices=OPERATION_CHOICES)
    version = serializers.IntegerField(help_text="The item's.")
    item = FeedItem(help_text="The item as it was at that version; its id alone once moved out.")


class FeedSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="The next page, while there is one.")
    next_since_revision = serializers.IntegerField(
        allow_null=True, help_text="Null until next is: where to go on later, as since_revision."
    )
    results = FeedEntrySerializer(many=True, help_text="Oldest first.")


class DiffCountsSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()


def item_at_revision() -> DatasetItemSerializer:
    return DatasetItemSerializer(allow_null=True, help_text="The item then; null where the list lacked it.")


# Some members' names cannot be attributes of a class.
DIFF_RESPONSE = inline_serializer(
    "Diff",
    {
        "from": serializers.IntegerField(help_text="The revision's number."),
        "to": serializers.IntegerField(help_text="The revision's number."),
        "counts": DiffCountsSerializer(),
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": inline_serializer(
            "ItemDifference",
            {
                "id": serializers.UUIDField(),
                "change": serializers.ChoiceField(choices=DIFF_CHANGES),
                "fields": serializers.ListField(
                    child=serializers.ChoiceField(choices=CONTENT_COLUMNS),
                    help_text="Which fields differ; empty unless changed.",
                ),
                "from": item_at_revision(),
                "to": item_at_revision(),
            },
            many=True,
        ),
    },
)


class DatasetTagSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    revision = serializers.IntegerField()
