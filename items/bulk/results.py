"""Results of a bulk request, per item, and errors that reject it as a whole."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from rest_framework.exceptions import APIException, ParseError
from rest_framework.serializers import ValidationError

from rest.errors import exception_handler

ItemResult = dict[str, Any]


class ItemStatus(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    ERROR = "error"


WRITTEN = {ItemStatus.CREATED, ItemStatus.UPDATED}


class ItemConflict(ValidationError):
    """An item with this key exists."""

    status_code = 409
    default_code = "conflict"
    default_type = "invalid_request"


# Errors about one item.
ItemError = ValidationError | ParseError


class BulkRejected(APIException):
    """Rejects the whole request because of one item."""

    def __init__(self, error: Mapping[str, Any], status_code: int) -> None:
        super().__init__(error["detail"])
        self.status_code = status_code
        self.members = error


@dataclass
class BulkResult:
    """The results, in the order of the request's items."""

    is_partial: bool = False
    results: list[ItemResult] = field(default_factory=list)
    revisions: dict[UUID, int] = field(default_factory=dict)  # the current one of each dataset involved

    def add(self, status: ItemStatus, item_id: Any) -> ItemResult:
        result = {"index": len(self.results), "id": item_id, "status": status}
        self.results.append(result)
        return result

    def add_error(self, error: ItemError, attr: str = "items") -> None:
        """Raises BulkRejected unless the request is partial."""
        envelope = error_at(error, f"{attr}.{len(self.results)}")
        if not self.is_partial:
            raise BulkRejected(envelope, 409 if isinstance(error, ItemConflict) else 400)
        self.add(ItemStatus.ERROR, None)["error"] = envelope

    def forget_writes(self) -> None:
        """Adjust the result of a dry run: rolled-back creates have no ids, and no revision was made."""
        is_changed = any(result["status"] in WRITTEN for result in self.results)
        self.revisions = {dataset_id: revision - is_changed for dataset_id, revision in self.revisions.items()}
        for result in self.results:
            if result["status"] == ItemStatus.CREATED:
                result["id"] = None

    def summary(self) -> dict[str, Any]:
        counted = Counter(result["status"] for result in self.results)
        plural = {ItemStatus.ERROR: "errors"}
        return {plural.get(status, str(status)): counted[status] for status in ItemStatus}


def error_at(error: APIException, path: str) -> dict[str, Any]:
    """Return the error's envelope, with `attr` as a path in the body: items.3.ref_timestamp."""
    envelope: dict[str, Any] = exception_handler(error).data
    attr = envelope["attr"]
    return envelope | {"attr": f"{path}.{attr}" if attr else path}


def not_a_list(attr: str, value: Any) -> ValidationError:
    detail = f'Expected a list of items but got type "{type(value).__name__}".'
    return ValidationError({attr: [detail]}, code="not_a_list")
