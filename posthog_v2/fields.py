"""Fields in the later API's bodies that v1 lacks."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from items.fields import JSONTextField

MAX_TAGS = 100
MAX_TAG_LENGTH = 255
# Rejects characters that PostgreSQL cannot store.
TAG_CHARACTERS = serializers.CharField()


@extend_schema_field({"description": "Any JSON value but null."})
class InputField(JSONTextField):
    def __init__(self, *, required: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.required = required
        self.allow_null = False


@extend_schema_field({"type": "object", "additionalProperties": {}})
class ObjectField(JSONTextField):
    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.required = required
        self.allow_null = False

    def to_internal_value(self, data: Any) -> str | None:
        text = super().to_internal_value(data)
        if text is None or not text.startswith("{"):
            raise serializers.ValidationError("This field must be a JSON object.", code="invalid")
        return text


@extend_schema_field(
    {"type": "array", "maxItems": MAX_TAGS, "items": {"type": "string", "minLength": 1, "maxLength": MAX_TAG_LENGTH}}
)
class TagsField(serializers.Field[Any, Any, Any, Any]):
    """Names, which are trimmed, lowercased, sorted and deduplicated."""

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list):
            raise serializers.ValidationError("Expected a list of tag names.", code="not_a_list")
        return normalized_tags(data, limit=MAX_TAGS)

    def to_representation(self, value: list[str]) -> list[str]:
        return value


def normalized_tags(names: list[Any], *, limit: int) -> list[str]:
    """Raises ValidationError."""
    if len(names) > limit:
        raise serializers.ValidationError(f"At most {limit} tag names are allowed.", code="max_length")
    return sorted({normalized_tag(name) for name in names})


def normalized_tag(name: Any) -> str:
    if not isinstance(name, str) or not name.strip() or len(name.strip()) > MAX_TAG_LENGTH:
        detail = f"Each tag must be a string of 1 to {MAX_TAG_LENGTH} characters that is not blank."
        raise serializers.ValidationError(detail, code="invalid")
    checked: str = TAG_CHARACTERS.run_validation(name)
    return checked.strip().lower()


def parse_tag_names(text: str, *, limit: int) -> list[str]:
    """Parse a string with a JSON array of names. Raises ValidationError."""
    try:
        names = json.loads(text)
    except (ValueError, RecursionError):
        names = None
    if not isinstance(names, list):
        raise serializers.ValidationError("Expected a JSON array of tag names.", code="invalid")
    return normalized_tags(names, limit=limit)
