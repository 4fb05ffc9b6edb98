"""The body of a request to export a dataset."""

from typing import Any

from rest_framework import serializers


class ExportSerializer(serializers.Serializer[Any]):
    filter = serializers.DictField(
        required=False, allow_null=True, help_text="The conditions of the list of items, as names and values."
    )
