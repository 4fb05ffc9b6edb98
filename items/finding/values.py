"""What a parameter's text means. Readers raise ValidationError, with the parameter's name, for what means nothing."""

import json
import re
from contextlib import suppress
from datetime import datetime
from typing import Any, Never
from uuid import UUID

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework.fields import DateTimeField
from rest_framework.serializers import ValidationError

from items.fields import parse_uuid
from items.json_values import JSONRefused, check_characters, storable_form_text

NUMBER = re.compile(r"[0-9]{1,18}")
JSON_SCALAR = re.compile(r"true|false|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
# A plus sign that nobody encoded arrives as a blank.
BLANK_FOR_PLUS = re.compile(r"(T.*) (\d\d:?\d\d)")


def refuse(name: str, detail: str, code: str = "invalid") -> Never:
    raise ValidationError({name: [detail]}, code=code)


def refuse_choice(name: str, text: str) -> Never:
    refuse(name, f"Select a valid choice. {text} is not one of the available choices.", "invalid_choice")


def refuse_unknown(name: str) -> Never:
    refuse(name, f"Unknown parameter: {name}", "unknown_parameter")


def plain_text(name: str, text: str) -> str:
    try:
        check_characters(text)
    except JSONRefused as refused:
        refuse(name, refused.detail, refused.code)
    return text


def boolean(name: str, text: str | None) -> bool:
    """False without the parameter, or with an empty one."""
    if not text:
        return False
    value = BOOLEANS.get(text.lower())
    if value is None:
        refuse(name, "Must be a valid boolean.")
    return value


def time(name: str, text: str) -> datetime:
    """Of a date alone its first moment; without an offset UTC."""
    try:
        parsed: datetime = DateTimeField().run_validation(BLANK_FOR_PLUS.sub(r"\1+\2", text))
    except ValidationError as error:
        raise ValidationError({name: error.detail}) from error
    return parsed


def ids(name: str, text: str) -> list[UUID]:
    """Separated by commas; each in any spelling of a UUID."""
    try:
        found = [parse_uuid(plain_text(name, each.strip())) for each in text.split(",") if each.strip()]
    except DjangoValidationError:
        found = []
    return found or refuse(name, "Enter a valid UUID.")


def user(name: str, text: str) -> int | UUID:
    """The number of a user, or its UUID."""
    if NUMBER.fullmatch(text):
        return int(text)
    try:
        return UUID(text)
    except ValueError:
        refuse(name, "A user is named by id or uuid.")


def json_text(name: str, text: str) -> str:
    """A JSON value that some row could hold."""
    try:
        return storable_form_text(plain_text(name, text))
    except JSONRefused as refused:
        refuse(name, refused.detail, refused.code)


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def json_spellings(text: str) -> list[str]:
    """The JSON values that a bare text may mean: itself, and a number or boolean of that spelling."""
    spellings = [as_json(text)]
    if JSON_SCALAR.fullmatch(text):
        with suppress(JSONRefused):  # a number that no row can hold
            spellings.append(storable_form_text(text))
    return spellings
