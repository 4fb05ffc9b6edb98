"""Parse requests that update many items."""

from typing import Any
from uuid import UUID

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.bulk.create_request import check_body_members
from items.bulk.item_parser import check_item_members
from items.bulk.limits import MAX_ITEMS, too_many_items
from items.bulk.results import BulkRejected, error_at, not_a_list
from items.bulk.update import NewValues, Selection
from items.search.filter_body import filter_parameters, parse_filter
from items.serializers import DatasetItemSerializer
from rest.deserializer import Deserializer, check_is_object, read_object
from rest.parsers import JSONObject, RawBody, parse_json

deserializer = Deserializer(DatasetItemSerializer)
MEMBERS = ("ids", "filter", "changes")


def parse_bulk_update(request: Request) -> tuple[Selection, NewValues, JSONObject]:
    """Return the selection, the new values, and the changes as sent.

    Raises ValidationError, ParseError, UnsupportedMediaType and BulkRejected.
    """
    body = parse_body(request)
    check_body_members(body, MEMBERS)
    selection = parse_selection(body)
    raw = object_member(body, "changes")
    try:
        check_item_members(raw)
    except ValidationError as unknown:
        raise BulkRejected(error_at(unknown, "changes"), 400) from unknown
    values, error = deserializer.partial_result(raw, partial=True)
    if error:
        raise BulkRejected(error_at(error, "changes"), 400)
    return selection, values, raw


def parse_body(request: Request) -> JSONObject:
    raw = request.data
    if not isinstance(raw, RawBody):
        return JSONObject()  # a request without a body
    if raw.is_ndjson:
        raise UnsupportedMediaType(request.content_type)
    return read_object(raw.content)


def object_member(body: JSONObject, name: str) -> JSONObject:
    """Return a member that is an object. Raises ValidationError and BulkRejected."""
    if name not in body:
        raise ValidationError({name: ["This field is required."]}, code="required")
    error = check_is_object(body[name])
    if error:
        raise BulkRejected(error_at(error, name), 400)
    return parse_json(body.texts[name])  # type: ignore[no-any-return]


def parse_selection(body: JSONObject) -> Selection:
    if "ids" in body and "filter" in body:
        raise ValidationError({"filter": ["Give ids or filter, not both."]}, code="invalid")
    if "filter" in body:
        return selection_by_filter(object_member(body, "filter"))
    if "ids" not in body:
        raise ValidationError({"ids": ["Give ids or filter."]}, code="required")
    return Selection(ids=parse_ids(body["ids"]))


def parse_ids(ids: Any) -> list[UUID]:
    if not isinstance(ids, list):
        raise not_a_list("ids", ids)
    if len(ids) > MAX_ITEMS:
        raise too_many_items("ids")
    return [parse_id(text, f"ids.{index}") for index, text in enumerate(ids)]


def parse_id(text: Any, attr: str) -> UUID:
    try:
        return UUID(text)
    except (TypeError, ValueError, AttributeError):  # not a string, or not a UUID
        raise ValidationError({attr: ["Must be a valid UUID."]}, code="invalid") from None


def selection_by_filter(raw: JSONObject) -> Selection:
    """Parse a list's conditions and the required dataset."""
    parameters = dict(filter_parameters(raw))
    if "dataset" not in parameters:
        raise ValidationError({"filter.dataset": ["This field is required."]}, code="required")
    dataset_id = parse_id(parameters["dataset"], "filter.dataset")
    return Selection(dataset_id=dataset_id, conditions=parse_filter(parameters, extra_params=("dataset",)))
