"""Reads requests to change many items."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.bulk.outcomes import MAX_ITEMS, Refused, envelope_at, not_a_list, too_many_items
from items.bulk.patching import Changes, Selection
from items.finding.conditions import read_conditions
from items.serializers import DatasetItemSerializer
from rest.intake import Intake, read_object, refuse_non_object
from rest.parsers import JSONObject, RawBody, parse_json

intake = Intake(DatasetItemSerializer)


def read_patch(request: Request) -> tuple[Selection, Changes, JSONObject]:
    """And the changes as they were spelt. Raises ValidationError, ParseError, UnsupportedMediaType and Refused."""
    body = read_body(request)
    selection = read_selection(body)
    sent = member(body, "changes")
    values, error = intake.read(sent, partial=True)
    if error:
        raise Refused(envelope_at(error, "changes"), 400)
    return selection, values, sent


def read_body(request: Request) -> JSONObject:
    sent = request.data
    if not isinstance(sent, RawBody):
        return JSONObject()  # a request without a body
    if sent.is_lines:
        raise UnsupportedMediaType(request.content_type)
    return read_object(sent.content)


def member(body: JSONObject, name: str) -> JSONObject:
    """One that is an object itself."""
    if name not in body:
        raise ValidationError({name: ["This field is required."]}, code="required")
    refusal = refuse_non_object(body[name])
    if refusal:
        raise Refused(envelope_at(refusal, name), 400)
    return parse_json(body.texts[name])  # type: ignore[no-any-return]


def read_selection(body: JSONObject) -> Selection:
    if "ids" in body and "filter" in body:
        raise ValidationError({"filter": ["Give ids or filter, not both."]}, code="invalid")
    if "filter" in body:
        return selected_by_filter(member(body, "filter"))
    if "ids" not in body:
        raise ValidationError({"ids": ["Give ids or filter."]}, code="required")
    return Selection(ids=read_ids(body["ids"]))


def read_ids(ids: Any) -> list[UUID]:
    if not isinstance(ids, list):
        raise not_a_list("ids", ids)
    if len(ids) > MAX_ITEMS:
        raise too_many_items("ids")
    return [read_id(text, f"ids.{index}") for index, text in enumerate(ids)]


def read_id(text: Any, attr: str) -> UUID:
    try:
        return UUID(text)
    except (TypeError, ValueError, AttributeError):  # also of what is no text
        raise ValidationError({attr: ["Must be a valid UUID."]}, code="invalid") from None


def selected_by_filter(sent: JSONObject) -> Selection:
    """The names and values of the list's filters. None may be empty: an empty one would select everything."""
    parameters = dict(parameters_in(sent))
    if "dataset" not in parameters:
        raise ValidationError({"filter.dataset": ["This field is required."]}, code="required")
    dataset_id = read_id(parameters["dataset"], "filter.dataset")
    try:
        conditions = read_conditions(parameters, is_strict=True, also=("dataset",))
    except ValidationError as error:
        raise Refused(envelope_at(error, "filter"), 400) from error
    return Selection(dataset_id=dataset_id, conditions=conditions)


def parameters_in(sent: JSONObject) -> Iterator[tuple[str, str]]:
    for name, value in sent.items():
        text = parameter_text(name, value, sent.texts[name])
        if not text:
            raise ValidationError({f"filter.{name}": ["This field may not be empty."]}, code="empty")
        yield name, text


def parameter_text(name: str, value: Any, json_text: str) -> str:
    """As it would stand in a query."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and name.endswith("__in"):
        return ",".join(map(str, value))
    return "" if value is None else json_text
