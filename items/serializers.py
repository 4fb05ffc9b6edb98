"""Serializers of items and datasets. On the wire, a project is called a team."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from auth.serializers import UserBasicSerializer
from items.fields import DatasetIdField, DeletedField, JSONTextField
from items.models import Dataset, DatasetItem
from items.rows import CONTENT_COLUMNS

# Members of bodies in PostHog's later API. Ignoring them would lose its clients' data.
LATER_API_FIELDS = frozenset(
    {
        "expected_output",
        "source_output",
        "client_item_id",
        "source_trace_id",
        "source_event_id",
        "source_timestamp",
        "base_version",
    }
)
LATER_API_MESSAGE = "This field belongs to PostHog's later dataset API, which this server speaks under /v2."


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


@extend_schema_serializer(component_name="DatasetItemRequest")
class DatasetItemRequestSerializer(DatasetItemSerializer):
    """The fields that clients write."""

    class Meta(DatasetItemSerializer.Meta):
        fields = ["dataset", *CONTENT_COLUMNS, "deleted"]


@extend_schema_serializer(component_name="DatasetItem")
class DatasetItemChangesSerializer(DatasetItemRequestSerializer):
    """The same fields in a PATCH, whose component is called PatchedDatasetItem."""


class ImportedItemSerializer(DatasetItemSerializer):
    """The fields that a row of a file may have."""

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


@extend_schema_serializer(component_name="DatasetRequest")
class DatasetRequestSerializer(DatasetSerializer):
    """The fields that clients write."""

    class Meta(DatasetSerializer.Meta):
        fields = ["name", "description", "metadata", "deleted"]


@extend_schema_serializer(component_name="Dataset")
class DatasetChangesSerializer(DatasetRequestSerializer):
    """The same fields in a PATCH, whose component is called PatchedDataset."""
