"""Reads requests to store many items: their bodies, and what their queries ask for."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET, Raw, UnsetType
from rest_framework.fields import BooleanField
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.bulk.matching import KEY
from items.bulk.outcomes import MAX_ITEMS, not_a_list, too_many_items
from items.bulk.storing import OnConflict
from items.serializers import BulkCreateSerializer
from rest.intake import Intake, read_object
from rest.parsers import RawBody, RawLinesParser, element_texts, parse_json

# msgspec makes an object of each element, however many there are: bodies with more commas are cut otherwise.
MANY_COMMAS = 500_000

Texts = list[bytes]


class Members(msgspec.Struct):
    dataset: Raw | UnsetType = UNSET
    items: list[Raw] | UnsetType = UNSET
    on_conflict: Raw | UnsetType = UNSET


class Creation(NamedTuple):
    dataset_id: UUID
    items: Texts  # which nobody has looked into yet
    is_partial: bool
    on_conflict: OnConflict | None  # None: items are not to be matched
    body: Mapping[str, Any]  # "dataset" as it was spelt


members_decoder = msgspec.json.Decoder(Members)
intake = Intake(BulkCreateSerializer)


def read_creation(request: Request) -> Creation:
    """Raises ValidationError and ParseError."""
    query = {name: value for name in ("dataset", "on_conflict") if (value := request.query_params.get(name))}
    body, items = read_body(request)
    values, error = intake.read(query | body)
    if error:
        raise error
    if items is None:
        raise ValidationError({"items": ["This field is required."]}, code="required")
    if len(items) > MAX_ITEMS:
        raise too_many_items("items")
    on_conflict = wanted_match(request, values.get("on_conflict"))
    return Creation(values["dataset_id"], items, flag(request, "partial"), on_conflict, query | body)


def read_body(request: Request) -> tuple[dict[str, Any], Texts | None]:
    """The members beside the items, and the items; None where there are none."""
    sent = request.data
    if not isinstance(sent, RawBody):  # the body is empty
        return {}, [] if request.content_type.startswith(RawLinesParser.media_type) else None
    if sent.is_lines:
        return {}, lines_of(sent.content)
    if sent.content.count(b",") <= MANY_COMMAS:
        try:
            return members_of(members_decoder.decode(sent.content))
        except (ValueError, RecursionError):
            pass  # what is wrong is told below
    return members_with_care(sent.content)


def members_of(members: Members) -> tuple[dict[str, Any], Texts | None]:
    others = {"dataset": members.dataset, "on_conflict": members.on_conflict}
    given = {name: parse_json(bytes(raw).decode()) for name, raw in others.items() if raw is not UNSET}
    return given, None if members.items is UNSET else [bytes(raw) for raw in members.items]


def members_with_care(content: bytes) -> tuple[dict[str, Any], Texts | None]:
    body = read_object(content)
    items = body.pop("items", None)
    if items is None:
        return body, None
    if not isinstance(items, list):
        raise not_a_list("items", items)
    return body, [text.encode() for text in islice(element_texts(body.texts["items"]), MAX_ITEMS + 1)]


def lines_of(content: bytes) -> Texts:
    """Blank ones are none."""
    if content.count(b"\n") > 2 * MAX_ITEMS:
        raise too_many_items("items")
    return [line for line in content.split(b"\n") if line and not line.isspace()]


def wanted_match(request: Request, on_conflict: str | None) -> OnConflict | None:
    match_on = request.query_params.get("match_on")
    if match_on and match_on != KEY:
        raise ValidationError({"match_on": [f'"{match_on}" is not a valid choice.']}, code="invalid_choice")
    if match_on:
        return OnConflict(on_conflict or OnConflict.ERROR)
    if on_conflict and on_conflict != OnConflict.ERROR:
        raise ValidationError({"match_on": [f"on_conflict takes match_on={KEY}."]}, code="required")
    return None


def flag(request: Request, name: str) -> bool:
    value = request.query_params.get(name)
    if not value:
        return False
    try:
        return bool(BooleanField().run_validation(value))
    except ValidationError as error:
        raise ValidationError({name: error.detail}) from error
