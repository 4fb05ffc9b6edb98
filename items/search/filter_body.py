"""`filter` in a request body: the conditions of a list as a JSON object of names and values."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from rest_framework.serializers import ValidationError

from items.search.conditions import NO_CONDITIONS, Conditions, parse_conditions
from rest.deserializer import check_is_object
from rest.parsers import JSONObject, element_texts, parse_json

FILTER = "filter"


def read_filter(body: JSONObject) -> JSONObject:
    """Return the member `filter`. Raises ValidationError unless it is an object."""
    error = check_is_object(body[FILTER])
    if error:
        (details,) = error.detail.values()  # type: ignore[union-attr]
        raise ValidationError({FILTER: details})
    return parse_json(body.texts[FILTER])  # type: ignore[no-any-return]


def parse_filter(parameters: Mapping[str, str], *, extra_params: Collection[str] = ()) -> Conditions:
    """Parse conditions from a body. Raises ValidationError whose attr is the path in the body."""
    try:
        return parse_conditions(parameters, is_strict=True, extra_params=extra_params)
    except ValidationError as error:
        details: Any = error.detail
        raise ValidationError({f"{FILTER}.{name}": detail for name, detail in details.items()}) from error


def filter_parameters(raw: JSONObject) -> Iterator[tuple[str, str]]:
    """Yield names and values as they would be in a query string.

    Raises ValidationError for an empty value, since an empty filter would select everything.
    """
    for name, value in raw.items():
        text = parameter_text(name, value, raw.texts[name])
        if not text:
            raise ValidationError({f"{FILTER}.{name}": ["This field may not be empty."]}, code="empty")
        yield name, text


def parameter_text(name: str, value: Any, json_text: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and name.endswith("__in"):
        return ",".join(list_elements(name, json_text))
    return "" if value is None else json_text


def list_elements(name: str, json_text: str) -> Iterator[str]:
    for text in element_texts(json_text):
        element = parse_json(text) if text.startswith('"') else text
        if "," in element:
            raise ValidationError({f"{FILTER}.{name}": ["A value must not contain a comma."]}, code="invalid")
        yield element


def parse_request_conditions(parameters: Mapping[str, str], body: Any = None) -> Conditions:
    """Parse conditions from the query string or from `filter` in the body. Raises ValidationError for both."""
    conditions = parse_conditions(parameters)
    if not isinstance(body, JSONObject) or body.get(FILTER) is None:
        return conditions
    if conditions != NO_CONDITIONS:
        raise ValidationError({FILTER: ["Give conditions in the query or as filter, not both."]}, code="invalid")
    return parse_filter(dict(filter_parameters(read_filter(body))))
