"""Parse the text of query parameters. Functions raise ValidationError with the parameter's name."""

import json
import re
from contextlib import suppress
from datetime import datetime
from typing import Any, Never
from uuid import UUID

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework.fields import DateTimeField
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.fields import parse_uuid
from items.json_text import InvalidJSONValue, check_characters, normalize_form_text

NUMBER = re.compile(r"[0-9]{1,18}")
JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
JSON_SCALAR = re.compile(r"true|false|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# An unencoded plus sign arrives as a blank.
UNENCODED_PLUS = re.compile(r"(T[^T]*) (\d\d:?\d\d)")


def raise_invalid(name: str, detail: str, code: str = "invalid") -> Never:
    raise ValidationError({name: [detail]}, code=code)


def raise_invalid_choice(name: str, text: str) -> Never:
    raise_invalid(name, f"Select a valid choice. {text} is not one of the available choices.", "invalid_choice")


def raise_unknown_param(name: str) -> Never:
    raise_invalid(name, f"Unknown parameter: {name}", "unknown_parameter")


def raise_too_long(name: str, limit: str) -> Never:
    raise_invalid(name, f"Ensure this field has no more than {limit}.", "max_length")


def parse_text(name: str, text: str) -> str:
    try:
        check_characters(text)
    except InvalidJSONValue as error:
        raise_invalid(name, error.detail, error.code)
    return text


def required_text(request: Request, name: str) -> str:
    text = request.query_params.get(name)
    if not text:
        raise_invalid(name, "This field is required.", "required")
    return text


def parse_time(name: str, text: str) -> datetime:
    """Parse a time; a date alone is its midnight, and a time without an offset is UTC."""
    try:
        parsed: datetime = DateTimeField().run_validation(UNENCODED_PLUS.sub(r"\1+\2", text))
    except ValidationError as error:
        raise ValidationError({name: error.detail}) from error
    return parsed


def parse_ids(name: str, text: str) -> list[UUID]:
    """Parse UUIDs separated by commas, each in any spelling."""
    try:
        parsed = [parse_uuid(parse_text(name, each.strip())) for each in text.split(",") if each.strip()]
    except DjangoValidationError:
        parsed = []
    return parsed or raise_invalid(name, "Enter a valid UUID.")


def parse_count(name: str, text: str) -> int:
    """Parse a whole number that PostgreSQL can hold."""
    if not NUMBER.fullmatch(text):
        raise_invalid(name, "A valid integer is required.")
    return int(text)


def parse_number(name: str, text: str) -> str | None:
    """Return a number as JSON spells it, or None for other text. Raises ValidationError if it is too long to store."""
    if not JSON_NUMBER.fullmatch(text):
        return None
    try:
        return normalize_form_text(text)
    except InvalidJSONValue:
        raise_invalid(name, "This number has more digits than can be stored.")


def parse_user(name: str, text: str) -> int | UUID:
    """Parse a user's id or UUID."""
    if NUMBER.fullmatch(text):
        return int(text)
    try:
        return UUID(text)
    except ValueError:
        raise_invalid(name, "Enter the id or the uuid of a user.")


def parse_json(name: str, text: str) -> str:
    """Parse a JSON value that could be stored."""
    try:
        return normalize_form_text(parse_text(name, text))
    except InvalidJSONValue as error:
        raise_invalid(name, error.detail, error.code)


def dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def json_interpretations(text: str) -> list[str]:
    """Return the JSON values that a bare text may mean: the text itself, and a number or boolean of that spelling."""
    interpretations = [dump_json(text)]
    if JSON_SCALAR.fullmatch(text):
        with suppress(InvalidJSONValue):  # a number too long to store
            interpretations.append(normalize_form_text(text))
    return interpretations
