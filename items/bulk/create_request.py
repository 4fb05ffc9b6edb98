"""Parse requests that store many items."""

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET, Raw, UnsetType
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.bulk.existing import MATCH_KEYS
from items.bulk.limits import MAX_ITEMS, too_many_items
from items.bulk.results import not_a_list
from items.bulk.serializers import BulkCreateSerializer
from items.bulk.upsert import OnConflict
from rest.deserializer import Deserializer, read_object, unknown_field_error
from rest.operations import KEY_PARAMETER
from rest.parsers import JSONLParser, NDJSONParser, RawBody, element_texts, parse_json
from rest.query_params import parse_boolean

# msgspec creates an object per element, however many there are; bodies with more commas are split otherwise.
FAST_PATH_MAX_COMMAS = 500_000

ItemTexts = list[bytes]


class Members(msgspec.Struct, forbid_unknown_fields=True):
    dataset: Raw | UnsetType = UNSET
    items: list[Raw] | UnsetType = UNSET
    on_conflict: Raw | UnsetType = UNSET
    personal_api_key: Raw | UnsetType = UNSET


class BulkCreate(NamedTuple):
    dataset_id: UUID
    items: ItemTexts  # not parsed yet
    is_partial: bool
    match_on: str
    on_conflict: OnConflict | None  # None: do not match items
    is_dry_run: bool
    body: Mapping[str, Any]  # with "dataset" as sent


members_decoder = msgspec.json.Decoder(Members)
deserializer = Deserializer(BulkCreateSerializer)


def parse_bulk_create(request: Request) -> BulkCreate:
    query = {name: value for name in ("dataset", "on_conflict") if (value := request.query_params.get(name))}
    body, items = parse_body(request)
    values, error = deserializer.partial_result(query | body)
    if error:
        raise error
    if items is None:
        raise ValidationError({"items": ["This field is required."]}, code="required")
    if len(items) > MAX_ITEMS:
        raise too_many_items("items")
    on_conflict = conflict_policy(request, values.get("on_conflict"))
    return BulkCreate(
        values["dataset_id"],
        items,
        parse_boolean("partial", request.query_params.get("partial")),
        request.query_params.get("match_on") or MATCH_KEYS[1],
        on_conflict,
        parse_boolean("dry_run", request.query_params.get("dry_run")),
        query | body,
    )


def parse_body(request: Request) -> tuple[dict[str, Any], ItemTexts | None]:
    """Return the members beside the items, and the items, or None if they are missing."""
    data = request.data
    if not isinstance(data, RawBody):  # the body is empty
        is_lines = request.content_type.startswith((NDJSONParser.media_type, JSONLParser.media_type))
        return {}, [] if is_lines else None
    if data.is_ndjson:
        return {}, split_lines(data.content)
    if data.content.count(b",") <= FAST_PATH_MAX_COMMAS:
        try:
            return split_members(members_decoder.decode(data.content))
        except (ValueError, RecursionError):
            pass  # the slow path reports the error
    return parse_members_slowly(data.content)


def split_members(members: Members) -> tuple[dict[str, Any], ItemTexts | None]:
    others = {"dataset": members.dataset, "on_conflict": members.on_conflict}
    parsed = {name: parse_json(bytes(raw).decode()) for name, raw in others.items() if raw is not UNSET}
    return parsed, None if members.items is UNSET else [bytes(raw) for raw in members.items]


def parse_members_slowly(content: bytes) -> tuple[dict[str, Any], ItemTexts | None]:
    body = read_object(content)
    check_body_members(body, Members.__struct_fields__)
    items = body.pop("items", None)
    if items is None:
        return body, None
    if not isinstance(items, list):
        raise not_a_list("items", items)
    return body, [text.encode() for text in islice(element_texts(body.texts["items"]), MAX_ITEMS + 1)]


def check_body_members(body: Iterable[str], known: Collection[str]) -> None:
    """Raises ValidationError for an unknown member; personal_api_key is always allowed."""
    for name in body:
        if name not in known and name != KEY_PARAMETER:
            raise unknown_field_error(name)


def split_lines(content: bytes) -> ItemTexts:
    """Skip blank lines. Raises ValidationError for too many."""
    if content.count(b"\n") > 2 * MAX_ITEMS:
        raise too_many_items("items")
    return [line for line in content.split(b"\n") if line and not line.isspace()]


def conflict_policy(request: Request, on_conflict: str | None) -> OnConflict | None:
    match_on = request.query_params.get("match_on")
    if match_on and match_on not in MATCH_KEYS:
        raise ValidationError({"match_on": [f'"{match_on}" is not a valid choice.']}, code="invalid_choice")
    if match_on:
        return OnConflict(on_conflict or OnConflict.ERROR)
    if on_conflict and on_conflict != OnConflict.ERROR:
        raise ValidationError(
            {"match_on": ["on_conflict requires match_on=id or match_on=ref_source_id."]}, code="required"
        )
    return None
