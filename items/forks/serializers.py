"""The body of a request that forks a dataset."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from items.history.serializers import RevisionField


@extend_schema_serializer(component_name="ForkRequest")
class ForkSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=400)
    revision = RevisionField(required=False, allow_null=True)
    filter = serializers.DictField(
        required=False, allow_null=True, help_text="The conditions of the list of items, as names and values."
    )
