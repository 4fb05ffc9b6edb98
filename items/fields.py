"""Serializer fields that DRF lacks, with v1's messages for invalid values."""

import json
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import UUIDField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.utils import html

from items.json_text import InvalidJSONValue, normalize, normalize_form_text
from rest.parsers import JSONObject

parse_uuid = UUIDField().to_python


class RawJSON(NamedTuple):
    """The text of a JSON value, as sent."""

    text: str
    has_extreme_numbers: bool


class FormText(str):
    """The value of a form field, which must be JSON text."""

    __slots__ = ()


@extend_schema_field({"nullable": True})
class JSONTextField(serializers.Field[Any, Any, Any, Any]):
    """Any JSON value, as the text that was sent. JSON null is None."""

    is_json_text: ClassVar[bool] = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, **kwargs)

    def get_value(self, dictionary: Any) -> Any:
        if self.field_name not in dictionary:
            return empty
        value = dictionary[self.field_name]
        if html.is_html_input(dictionary):
            return FormText(value)
        if value is None:
            return None
        if isinstance(dictionary, JSONObject):
            return RawJSON(dictionary.texts[str(self.field_name)], dictionary.has_extreme_numbers)
        return RawJSON(json.dumps(value, ensure_ascii=False), has_extreme_numbers=True)

    def to_internal_value(self, data: RawJSON | FormText) -> str | None:
        try:
            if isinstance(data, FormText):
                text = normalize_form_text(data)
                return None if text == "null" else text
            return normalize(data.text, has_extreme_numbers=data.has_extreme_numbers)
        except InvalidJSONValue as error:
            raise serializers.ValidationError(error.detail, code=error.code) from error

    def to_representation(self, value: str) -> Any:
        return json.loads(value)


@extend_schema_field(OpenApiTypes.UUID)
class DatasetIdField(serializers.Field[Any, Any, Any, Any]):
    """A dataset's id; the write finds out whether the project has such a dataset."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "incorrect_type": "Incorrect type. Expected pk value, received {data_type}.",
    }

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(None if data == "" else data)

    def to_internal_value(self, data: Any) -> UUID:
        if isinstance(data, bool):
            self.fail("incorrect_type", data_type=type(data).__name__)
        try:
            parsed: UUID = parse_uuid(data)
            return parsed
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages, code="invalid") from error

    def to_representation(self, value: UUID) -> str:
        return str(value)


class DeletedField(serializers.BooleanField):
    """Whether a row is soft-deleted: true, false or null. A form without it leaves it unchanged."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, **kwargs)

    def get_value(self, dictionary: Any) -> Any:
        return super().get_value(dictionary) if self.field_name in dictionary else empty


def dataset_not_found_error(body: Any) -> serializers.ValidationError:
    """Build an error that quotes the id as spelled in the body."""
    detail = f'Invalid pk "{body["dataset"]}" - object does not exist.'
    return serializers.ValidationError({"dataset": [detail]}, code="does_not_exist")
