"""Query parameters that are numbers or must be there."""

from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.history.moments import NUMBER, number_in


def whole_number(request: Request, name: str) -> int | None:
    """None without the parameter, or with an empty one. Raises ValidationError."""
    text = request.query_params.get(name)
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise ValidationError({name: ["A valid integer is required."]}, code="invalid")
    return number_in(text)


def required_text(request: Request, name: str) -> str:
    text = request.query_params.get(name)
    if not text:
        raise ValidationError({name: ["This field is required."]}, code="required")
    return text
