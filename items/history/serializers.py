"""Serializers for the history of datasets and items, and for tags."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import Direction, extend_schema_field, extend_schema_serializer, inline_serializer
from rest_framework import serializers

from auth.serializers import UserBasicSerializer
from items.fields import JSONTextField
from items.history.snapshots import REVISION_PATTERN
from items.models import ChangeLogEntry
from items.rows import CONTENT_COLUMNS
from items.serializers import DatasetItemSerializer


class ItemVersionSerializer(serializers.Serializer[Any]):
    """One version of an item; created_at and created_by say when and by whom the version was made."""

    version = serializers.IntegerField()
    dataset_revision = serializers.IntegerField(source="revision")
    dataset = serializers.UUIDField(source="dataset_id")
    input = JSONTextField(read_only=True)
    output = JSONTextField(read_only=True)
    metadata = JSONTextField(read_only=True)
    ref_trace_id = serializers.CharField(allow_null=True)
    ref_timestamp = serializers.DateTimeField(allow_null=True)
    ref_source_id = serializers.CharField(allow_null=True)
    deleted = serializers.BooleanField(allow_null=True)
    created_at = serializers.DateTimeField(source="version_created_at")
    created_by = UserBasicSerializer(source="version_created_by_id", allow_null=True)


class RevisionSerializer(serializers.Serializer[Any]):
    """A revision of a dataset, with how many items it created, updated, archived and restored."""

    revision = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    created_by = UserBasicSerializer(source="created_by_id", allow_null=True)
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    archived = serializers.IntegerField()
    restored = serializers.IntegerField()
    message = serializers.CharField(allow_null=True, help_text="The value of the Revision-Message header.")
    tags = serializers.ListField(child=serializers.CharField())


class RollbackResultSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(help_text="The revision whose items were brought back.")
    dataset_revision = serializers.IntegerField(
        help_text="The dataset's new revision, or its current one if nothing differed."
    )
    updated = serializers.IntegerField()
    archived = serializers.IntegerField()
    restored = serializers.IntegerField()


@extend_schema_field(
    {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": REVISION_PATTERN}], "nullable": True}
)
class RevisionField(serializers.Field[Any, Any, Any, Any]):
    """A revision's number or a tag, as text."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool) or not isinstance(data, int | str):
            raise serializers.ValidationError("A revision is a number or a tag.", code="invalid")
        if isinstance(data, int) and data < 0:
            raise serializers.ValidationError("A revision is a number from 0.", code="min_value")
        return str(data)


@extend_schema_serializer(component_name="TagRequest")
class TagSerializer(serializers.Serializer[Any]):
    revision = RevisionField(help_text="The revision to tag: a number from 1, another tag or latest.")
    force = serializers.BooleanField(required=False)


@extend_schema_serializer(component_name="RollbackRequest")
class RollbackSerializer(serializers.Serializer[Any]):
    revision = RevisionField(help_text="The revision to go back to, as a number or a tag.")


ChangeOperation = ChangeLogEntry.Operation
OPERATION_CHOICES = [
    (ChangeOperation.CREATED.value, "the item was created"),
    (ChangeOperation.UPDATED.value, "some of its fields were changed"),
    (ChangeOperation.ARCHIVED.value, "it was archived (soft-deleted)"),
    (ChangeOperation.RESTORED.value, "it was restored"),
    (ChangeOperation.MOVED_IN.value, "it came from another dataset"),
    (ChangeOperation.MOVED_OUT.value, "it went to another dataset"),
    (ChangeOperation.ERASED.value, "its content was erased from every version"),
]
DIFF_CHANGES = [
    ("added", "only in the list of `to`"),
    ("removed", "only in the list of `from`"),
    ("changed", "in both, with different content"),
]


class ItemOriginSerializer(serializers.Serializer[Any]):
    dataset = serializers.UUIDField()
    revision = serializers.IntegerField()
    item = serializers.UUIDField()
    version = serializers.IntegerField()


@extend_schema_serializer(component_name="ItemVersion")
class ItemVersionWithOriginSerializer(ItemVersionSerializer):
    origin = ItemOriginSerializer(
        required=False, help_text="The item version that this item of a fork was copied from; absent for other items."
    )


class MovedOutItemSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()


class FeedItem(serializers.Field[Any, Any, Any, Any]):
    """An item, or only its id if it moved out of the dataset."""


class FeedItemExtension(OpenApiSerializerFieldExtension):
    target_class = FeedItem

    def map_serializer_field(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        """Use anyOf, not oneOf: every item also matches the shape with only an id."""
        either = [DatasetItemSerializer, MovedOutItemSerializer]
        return {"anyOf": [auto_schema.resolve_serializer(each, direction).ref for each in either]}


class FeedEntrySerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField()
    operation = serializers.ChoiceField(choices=OPERATION_CHOICES)
    version = serializers.IntegerField(allow_null=True, help_text="The item's version.")
    item = FeedItem(
        allow_null=True,
        help_text="The item as it was at that version; only its id if it moved out.",
    )
    message = serializers.CharField(allow_null=True, help_text="The revision's Revision-Message.")


class FeedSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="The next page, or null on the last page.")
    next_since_revision = serializers.IntegerField(
        allow_null=True, help_text="On the last page: the value of since_revision to continue with later. Null before."
    )
    results = FeedEntrySerializer(many=True, help_text="Oldest first.")


class DiffCountsSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()


def item_at_revision() -> DatasetItemSerializer:
    return DatasetItemSerializer(
        allow_null=True, help_text="The item at this revision; null if the dataset did not list it."
    )


# Some member names are Python keywords and cannot be class attributes.
DIFF_RESPONSE = inline_serializer(
    "Diff",
    {
        "from": serializers.IntegerField(help_text="The revision's number."),
        "to": serializers.IntegerField(help_text="The revision's number."),
        "counts": DiffCountsSerializer(allow_null=True, help_text="On the first page; null on the others."),
        "count": serializers.IntegerField(allow_null=True, help_text="The sum of the counts, on the first page."),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": inline_serializer(
            "ItemDifference",
            {
                "id": serializers.UUIDField(),
                "change": serializers.ChoiceField(choices=DIFF_CHANGES),
                "fields": serializers.ListField(
                    child=serializers.ChoiceField(choices=CONTENT_COLUMNS),
                    help_text="The fields that differ; empty unless change is changed.",
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


@extend_schema_serializer(component_name="TagDetail")
class TagDetailSerializer(DatasetTagSerializer):
    created_at = serializers.DateTimeField()
    created_by = UserBasicSerializer(source="created_by_id", allow_null=True)
