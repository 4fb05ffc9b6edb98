"""Bodies of requests and responses. representation.py builds the content of responses."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from auth.serializers import UserBasicSerializer
from items.fields import DatasetIdField, JSONTextField
from posthog_v2.fields import InputField, ObjectField, TagsField

MAX_NAME_LENGTH = 400
MAX_DESCRIPTION_LENGTH = 10_000
# The largest bigint; a version or revision beyond it is an unknown one.
MAX_NUMBER = 2**63 - 1
EXPORT_STATUSES = [("pending", "not ready"), ("complete", "ready"), ("failed", "see exception")]


def number(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=MAX_NUMBER, **options)


def identifier(source: str | None = None) -> serializers.CharField:
    """A field whose text is kept exactly, including blanks."""
    return serializers.CharField(source=source, required=False, allow_null=True, max_length=255, trim_whitespace=False)


# --- Requests


@extend_schema_serializer(component_name="DatasetRequest")
class DatasetBody(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=MAX_NAME_LENGTH)
    description = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_DESCRIPTION_LENGTH, trim_whitespace=False
    )
    metadata = ObjectField()
    tags = TagsField(source="labels", required=False)


@extend_schema_serializer(component_name="DatasetRequest")
class DatasetChanges(DatasetBody):
    name = serializers.CharField(max_length=MAX_NAME_LENGTH, required=False)


@extend_schema_serializer(component_name="DatasetItemRequest")
class ItemBody(serializers.Serializer[Any]):
    dataset = DatasetIdField(source="dataset_id")
    client_item_id = identifier()
    input = InputField(required=True)
    expected_output = JSONTextField(source="output")
    source_output = JSONTextField()
    metadata = ObjectField()
    source_trace_id = identifier("ref_trace_id")
    source_event_id = identifier("ref_source_id")
    source_timestamp = serializers.DateTimeField(source="ref_timestamp", required=False, allow_null=True)


@extend_schema_serializer(component_name="DatasetItemRequest")
class ItemChanges(serializers.Serializer[Any]):
    base_version = number(help_text="The version that the changes are based on.")
    input = InputField(required=False)
    expected_output = JSONTextField(source="output")
    metadata = ObjectField()


@extend_schema_serializer(component_name="ArchiveDatasetItemRequest")
class ItemArchiveBody(serializers.Serializer[Any]):
    base_version = number(help_text="The version to archive.")


@extend_schema_serializer(component_name="RestoreDatasetItemRequest")
class ItemRestoreBody(serializers.Serializer[Any]):
    base_version = number(help_text="The current version.")
    source_version = number(
        required=False, allow_null=True, help_text="The version whose content is restored; by default the current one."
    )


@extend_schema_serializer(component_name="DatasetExportRequest")
class ExportBody(serializers.Serializer[Any]):
    revision = number(required=False, allow_null=True, help_text="The latest by default.")


# --- Responses


class ShownJSON(JSONTextField):
    """A JSON value that every response has."""

    def __init__(self) -> None:
        super().__init__()
        self.required = True


@extend_schema_serializer(component_name="Dataset")
class DatasetSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    metadata = ObjectField(required=True)
    tags = serializers.ListField(child=serializers.CharField())
    archived = serializers.BooleanField()
    current_revision = serializers.IntegerField(allow_null=True, help_text="Null before the first item.")
    current_revision_id = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(allow_null=True, help_text="Writes of items also change it.")
    created_by = UserBasicSerializer(allow_null=True)
    team_id = serializers.IntegerField()
    user_access_level = serializers.ChoiceField(choices=["editor", "viewer"])


@extend_schema_serializer(component_name="DatasetItem")
class ItemSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    dataset = serializers.UUIDField()
    client_item_id = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    version_id = serializers.UUIDField()
    dataset_revision = serializers.IntegerField(help_text="The revision that introduced this version.")
    dataset_revision_id = serializers.UUIDField()
    archived = serializers.BooleanField()
    input = InputField(required=True)
    expected_output = ShownJSON()
    source_output = ShownJSON()
    metadata = ObjectField(required=True)
    source_trace_id = serializers.CharField(allow_null=True)
    source_event_id = serializers.CharField(allow_null=True)
    source_timestamp = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(allow_null=True)
    created_by = UserBasicSerializer(allow_null=True)
    version_created_at = serializers.DateTimeField()
    version_created_by = UserBasicSerializer(allow_null=True)
    team_id = serializers.IntegerField()


@extend_schema_serializer(component_name="DatasetRevision")
class RevisionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    dataset_id = serializers.UUIDField()
    revision = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    created_by = UserBasicSerializer(allow_null=True)
    team_id = serializers.IntegerField()


@extend_schema_serializer(component_name="DatasetExport")
class ExportSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=EXPORT_STATUSES)
    dataset_revision = serializers.IntegerField()
    filename = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_after = serializers.DateTimeField()
    exception = serializers.CharField(allow_null=True)


@extend_schema_serializer(component_name="DatasetConflict")
class ConflictSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(required=False, help_text="Absent for conflicts of exports.")
    detail = serializers.CharField()
    current_version = serializers.IntegerField(required=False)
    current_item_id = serializers.UUIDField(required=False)
