"""Bodies of requests that archive and restore an item."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

MAX_BIGINT = 2**63 - 1


@extend_schema_serializer(component_name="ArchiveRequest")
class ArchiveSerializer(serializers.Serializer[Any]):
    base_version = serializers.IntegerField(
        min_value=1,
        max_value=MAX_BIGINT,
        required=False,
        allow_null=True,
        help_text="The version that the item must be at, as with If-Match; otherwise 412.",
    )


@extend_schema_serializer(component_name="RestoreRequest")
class RestoreSerializer(ArchiveSerializer):
    source_version = serializers.IntegerField(
        min_value=1,
        max_value=MAX_BIGINT,
        required=False,
        allow_null=True,
        help_text="The version whose content is restored, as a new version.",
    )
