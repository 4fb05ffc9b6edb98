"""Parse query parameters, and set the lengths of pages."""

from uuid import UUID

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from items.fields import parse_uuid
from items.history.snapshots import REVISION_NUMBER, parse_number
from items.search.openapi import order_schema
from posthog_v2.datasets import ORDERS, DatasetQuery
from posthog_v2.fields import parse_tag_names
from rest.pagination import LimitOffsetPagination
from rest.query_params import MAX_IDS, MAX_TEXT_LENGTH, QueryParam, RepeatableParam, parse_boolean

MAX_LISTED_IDS = 100
MAX_FILTER_TAGS = 20
MAX_SEARCH_LENGTH = 1000
# The length of a JSON array with as many names as are allowed, with every character escaped.
MAX_TAGS_LENGTH = MAX_FILTER_TAGS * 6 * (MAX_TEXT_LENGTH + 2)
TAG_MATCHES = ("any", "all")

ARCHIVED = QueryParam("archived", bool, description="List archived ones instead of active ones.")
SEARCH = QueryParam(
    "search", {"type": "string", "minLength": 1}, max_length=MAX_SEARCH_LENGTH,
    description="Search in name, description, or metadata.",
)  # fmt: skip
ORDER_BY = QueryParam("order_by", order_schema(ORDERS), description="Default: -created_at.")
ID_IN = RepeatableParam(
    "id__in", max_length=MAX_IDS * 48, description="At most 100 IDs, separated by commas or in repeated parameters."
)
TAGS = QueryParam(
    "tags", max_length=MAX_TAGS_LENGTH, description="A JSON array of at most 20 tag names, as one string."
)
TAG_MATCH = QueryParam("tag_match", str, enum=[*TAG_MATCHES], description="Default: any.")
DATASET = QueryParam("dataset", {"type": "string", "format": "uuid"}, required=True, description="The dataset's ID.")
REVISION = QueryParam("revision", {"type": "integer", "minimum": 1}, description="The state at this revision.")


class DatasetPages(LimitOffsetPagination):
    default_limit = 50
    max_limit = 100


class ItemPages(LimitOffsetPagination):
    default_limit = 10
    max_limit = 25


class RevisionPages(LimitOffsetPagination):
    default_limit = 50
    max_limit = 100


class VersionPages(LimitOffsetPagination):
    default_limit = 25
    max_limit = 100


def invalid_param(name: str, detail: str, code: str = "invalid") -> ValidationError:
    return ValidationError({name: [detail]}, code=code)


def is_archived(request: Request) -> bool:
    return parse_boolean("archived", request.query_params.get("archived"))


def revision_from_query(request: Request) -> int | None:
    text = request.query_params.get("revision")
    if text is None:
        return None
    if not REVISION_NUMBER.fullmatch(text):
        raise invalid_param("revision", "A valid integer is required.")
    number = parse_number(text)
    if number < 1:
        raise invalid_param("revision", "Ensure this value is greater than or equal to 1.", "min_value")
    return number


def dataset_from_query(request: Request) -> UUID:
    text = request.query_params.get("dataset")
    if not text:
        raise invalid_param("dataset", "This field is required.", "required")
    return parse_id("dataset", text)


def parse_id(name: str, text: str) -> UUID:
    try:
        parsed: UUID = parse_uuid(text.strip())
        return parsed
    except DjangoValidationError:
        raise invalid_param(name, "Must be a valid UUID.") from None


def dataset_query(request: Request) -> DatasetQuery:
    params = request.query_params
    conditions: dict[str, object] = {}
    if (search := params.get("search")) is not None:
        conditions["search"] = parse_search(search)
    if "id__in" in params:
        conditions["ids"] = parse_ids(params.getlist("id__in"))
    match = choice_from_query(request, "tag_match", TAG_MATCHES, "any")
    if tags := parse_tags(params.get("tags", "[]")):
        conditions[f"{match}_tags"] = tags
    order = choice_from_query(request, "order_by", tuple(ORDERS), "-created_at")
    return DatasetQuery(conditions, is_archived(request), order)


def parse_search(text: str) -> str:
    if not text.strip():
        raise invalid_param("search", "This field may not be blank.", "blank")
    if "\0" in text:
        raise invalid_param("search", "Null characters are not allowed.", "null_characters_not_allowed")
    return text


def parse_ids(texts: list[str]) -> list[UUID]:
    parts = [part for text in texts for part in text.split(",")]
    if len(parts) > MAX_LISTED_IDS:
        raise invalid_param("id__in", f"At most {MAX_LISTED_IDS} IDs are allowed.", "max_length")
    return [parse_id("id__in", part) for part in parts]


def parse_tags(text: str) -> list[str]:
    try:
        return parse_tag_names(text, limit=MAX_FILTER_TAGS)
    except ValidationError as error:
        raise ValidationError({"tags": error.detail}) from None


def choice_from_query(request: Request, name: str, choices: tuple[str, ...], default: str) -> str:
    value = request.query_params.get(name)
    if value is None:
        return default
    if value not in choices:
        raise invalid_param(name, f'"{value}" is not a valid choice.', "invalid_choice")
    return value
