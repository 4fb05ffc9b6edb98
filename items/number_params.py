"""Query parameters that are numbers or must be there."""

from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.history.snapshots import REVISION_NUMBER, parse_number


def parse_whole_number(request: Request, name: str) -> int | None:
    """None without the parameter, or with an empty one. Raises ValidationError."""
    text = request.query_params.get(name)
    if not text:
        return None
    if not REVISION_NUMBER.fullmatch(text):
        raise ValidationError({name: ["A valid integer is required."]}, code="invalid")
    return parse_number(text)


def required_text(request: Request, name: str) -> str:
    text = request.query_params.get(name)
    if not text:
        raise ValidationError({name: ["This field is required."]}, code="required")
    return text
