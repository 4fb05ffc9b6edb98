"""How items and datasets look on the wire, where a project is called a team."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from auth.serializers import UserBasicSerializer
from items.fields import DatasetIdField, DeletedField, JSONTextField
from items.history.snapshots import MAX_BIGINT, REVISION_PATTERN
from items.models import Dataset, DatasetItem
from items.rows import CONTENT_COLUMNS


class DatasetItemSerializer(serializers.ModelSerializer[DatasetItem]):
    dataset = DatasetIdField(source="dataset_id")
    input = JSONTextField()
    output = JSONTextField()
    metadata = JSONTextField()
    deleted = DeletedField()
    updated_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_by = UserBasicSerializer(source="created_by_id", read_only=True, allow_null=True)
    team = serializers.IntegerField(source="team_id", read_only=True)

    class Meta:
        model = DatasetItem
        fields = [
            "id",
            "dataset",
            "input",
            "output",
            "metadata",
            "ref_trace_id",
            "ref_timestamp",
            "ref_source_id",
            "deleted",
            "created_at",
            "updated_at",
            "created_by",
            "team",
        ]
        read_only_fields = ["id", "created_at"]


class ImportedItemSerializer(DatasetItemSerializer):
    """What a row of a file may hold."""

    class Meta(DatasetItemSerializer.Meta):
        fields = list(CONTENT_COLUMNS)


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    metadata = JSONTextField()
    deleted = DeletedField()
    updated_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_by = UserBasicSerializer(source="created_by_id", read_only=True, allow_null=True)
    team = serializers.IntegerField(source="team_id", read_only=True)

    class Meta:
        model = Dataset
        fields = [
            "id",
            "name",
            "description",
            "metadata",
            "created_at",
            "updated_at",
            "deleted",
            "created_by",
            "team",
        ]
        read_only_fields = ["id", "created_at"]


class ItemVersionSerializer(serializers.Serializer[Any]):
    """One version of an item. created_at and created_by are the version's: when and by whom it was made."""

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
    tags = serializers.ListField(child=serializers.CharField())


@extend_schema_serializer(component_name="RestoreRequest")
class RestoreSerializer(serializers.Serializer[Any]):
    source_version = serializers.IntegerField(min_value=1, max_value=MAX_BIGINT, required=False, allow_null=True)


@extend_schema_serializer(component_name="TagRequest")
class TagSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(min_value=1, max_value=MAX_BIGINT)
    force = serializers.BooleanField(required=False)


@extend_schema_field(
    {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": REVISION_PATTERN}], "nullable": True}
)
class RevisionField(serializers.Field[Any, Any, Any, Any]):
    """A revision's number, or a tag, as text."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool) or not isinstance(data, int | str):
            raise serializers.ValidationError("A revision is a number or a tag.", code="invalid")
        return str(data)


@extend_schema_serializer(component_name="ForkRequest")
class ForkSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=400)
    revision = RevisionField(required=False, allow_null=True)


class BulkCreateSerializer(serializers.Serializer[Any]):
    """What stands beside the items of a bulk request, which are read one by one: see bulk/item_values.py."""

    dataset = DatasetIdField(source="dataset_id")
    on_conflict = serializers.ChoiceField(choices=["error", "skip", "update"], required=False)
