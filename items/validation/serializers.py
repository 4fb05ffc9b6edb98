"""Serializers for schemas and their violations."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from auth.serializers import UserBasicSerializer
from items.fields import JSONTextField
from items.validation.schemas import Enforce
from rest.openapi_parameters import ErrorSerializer

ENFORCE = [
    (Enforce.ALL.value, "all items must fit, existing and new ones"),
    (Enforce.NEW.value, "new writes must fit"),
]


@extend_schema_field(
    {"nullable": True, "description": "A JSON Schema: an object, true or false. Null allows any value."}
)
class SchemaField(JSONTextField):
    pass


class SchemasSerializer(serializers.Serializer[Any]):
    input = SchemaField()
    output = SchemaField()
    metadata = SchemaField()
    enforce = serializers.ChoiceField(choices=ENFORCE, default=Enforce.ALL.value)
    version = serializers.IntegerField(read_only=True, help_text="0 if the dataset never had schemas.")
    created_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_by = UserBasicSerializer(source="created_by_id", read_only=True, allow_null=True)


class ItemViolationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    attr = serializers.CharField(help_text="The path in the item.")
    detail = serializers.CharField()


@extend_schema_serializer(component_name="SchemaError")
class SchemaErrorSerializer(ErrorSerializer):
    violations = ItemViolationSerializer(
        many=True, required=False, help_text="With schema_mismatch: the first hundred items that do not fit."
    )
