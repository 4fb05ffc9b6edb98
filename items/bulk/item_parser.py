"""Parse and validate the items of a bulk request.

The rules are those of a single create, but running the fields of DatasetItemSerializer costs more than storing the
item. So values in their usual forms, which the fields would accept unchanged, bypass them. An item with any other value
goes through the fields, which also report all errors.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Raw, UnsetType
from rest_framework.serializers import ValidationError

from items.json_text import is_normalized, normalize
from items.serializers import LATER_API_FIELDS, LATER_API_MESSAGE, DatasetItemSerializer
from rest.deserializer import Deserializer, unknown_field_error
from rest.parsers import parse_json, read_json

Values = dict[str, Any]
Member = Raw | UnsetType

BOOLEANS = {b"true": True, b"false": False, b"null": None}
MAX_TEXT = 255


class Members(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """The JSON texts of an item's members. The last five are read-only, but may be sent back with an item."""

    dataset: Member = UNSET
    input: Member = UNSET
    output: Member = UNSET
    metadata: Member = UNSET
    ref_trace_id: Member = UNSET
    ref_timestamp: Member = UNSET
    ref_source_id: Member = UNSET
    deleted: Member = UNSET
    id: Member = UNSET
    created_at: Member = UNSET
    updated_at: Member = UNSET
    created_by: Member = UNSET
    team: Member = UNSET


class ItemParser:
    """Parses the items of one request, each from its text."""

    deserializer = Deserializer(DatasetItemSerializer)
    decoder = msgspec.json.Decoder(Members)

    def __init__(self, dataset_id: UUID, *, has_ids: bool = False) -> None:
        """With has_ids, values include the items' ids."""
        self.dataset_id = dataset_id
        self.has_ids = has_ids
        self.quoted_dataset_id = f'"{dataset_id}"'.encode()

    def parse(self, text: bytes) -> Values:
        """Return the values of the given members, by column. Raises ValidationError and ParseError."""
        try:
            return self.parse_fast(text)
        except (ValueError, KeyError, OverflowError, RecursionError):
            return self.parse_with_fields(text)

    def parse_fast(self, text: bytes) -> Values:
        """Raises one of several errors for any unusual value."""
        members = self.decoder.decode(text.decode())
        if members.dataset is not UNSET and bytes(members.dataset) != self.quoted_dataset_id:
            raise ValueError
        values: Values = {}
        if (raw := members.input) is not UNSET:
            values["input"] = json_value(raw)
        if (raw := members.output) is not UNSET:
            values["output"] = json_value(raw)
        if (raw := members.metadata) is not UNSET:
            values["metadata"] = json_value(raw)
        if (raw := members.ref_trace_id) is not UNSET:
            values["ref_trace_id"] = fast_text(raw)
        if (raw := members.ref_timestamp) is not UNSET:
            values["ref_timestamp"] = fast_time(raw)
        if (raw := members.ref_source_id) is not UNSET:
            values["ref_source_id"] = fast_text(raw)
        if (raw := members.deleted) is not UNSET:
            values["deleted"] = BOOLEANS[bytes(raw)]
        if self.has_ids and (raw := members.id) is not UNSET:
            values["id"] = parse_id(parse_json(bytes(raw).decode()))
        return values

    def parse_with_fields(self, text: bytes) -> Values:
        data = read_json(text)
        check_item_members(data)
        values, error = self.deserializer.partial_result(data, partial=True)
        if error:
            raise error
        if values.pop("dataset_id", self.dataset_id) != self.dataset_id:
            raise ValidationError({"dataset": ["This is not the dataset of the request."]}, code="invalid")
        if self.has_ids and "id" in data:
            values["id"] = parse_id(data["id"])
        return values


def parse_id(value: Any) -> UUID | None:
    """Return None for a new item. Raises ValidationError."""
    if value is None:
        return None
    try:
        return UUID(str(value))
    except ValueError:
        raise ValidationError({"id": ["Must be a valid UUID."]}, code="invalid") from None


def check_item_members(data: Any) -> None:
    """Raises ValidationError for an unknown member."""
    if isinstance(data, dict):
        for name in data:
            if name not in ItemParser.deserializer.names:
                raise unknown_field_error(name, LATER_API_MESSAGE if name in LATER_API_FIELDS else "")


def json_value(raw: Raw) -> str | None:
    content = bytes(raw)
    text = content.decode()
    if text == "null":
        return None
    return text if is_normalized(content) else normalize(text)


def fast_text(raw: Raw) -> str | None:
    """Parse a string without escapes or surrounding white space."""
    text = bytes(raw).decode()
    if text == "null":
        return None
    inner = text[1:-1]
    if text[0] != '"' or "\\" in inner or not 0 < len(inner) <= MAX_TEXT or inner != inner.strip():
        raise ValueError
    return inner


def fast_time(raw: Raw) -> datetime | None:
    """Parse a time with an offset."""
    text = bytes(raw).decode()
    if text == "null":
        return None
    time = datetime.fromisoformat(text[1:-1])
    if text[0] != '"' or time.tzinfo is None:
        raise ValueError
    return time.astimezone(UTC)
