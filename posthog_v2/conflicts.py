"""Errors with status 409, whose body differs from the envelope of other errors."""

from typing import Any

from rest_framework.exceptions import APIException

from items.rows import ItemRow


class Conflict(APIException):
    """The body has `code`, `detail` and the extras, in this order; without a code, only the detail."""

    status_code = 409
    default_type = "invalid_request"

    def __init__(self, code: str | None, detail: str, **extras: Any) -> None:
        super().__init__(detail, code)
        self.body: dict[str, Any] = ({"code": code} if code else {}) | {"detail": detail} | extras


def dataset_name_conflict() -> Conflict:
    return Conflict("dataset_name_conflict", "A dataset with this name already exists.")


def dataset_archived(action: str) -> Conflict:
    return Conflict("dataset_archived", f"Restore this dataset before {action}.")


def item_conflict(code: str, detail: str, item: ItemRow) -> Conflict:
    return Conflict(code, detail, current_version=item.version, current_item_id=item.id)


def stale_version(item: ItemRow) -> Conflict:
    detail = "This dataset item changed after it was loaded. Reload it and try again."
    return item_conflict("stale_version", detail, item)


def item_archived_before_update(item: ItemRow) -> Conflict:
    return item_conflict("dataset_item_archived", "Restore this dataset item before updating it.", item)


def item_already_archived(item: ItemRow) -> Conflict:
    return item_conflict("dataset_item_archived", "This dataset item is already archived.", item)


def item_already_active(item: ItemRow) -> Conflict:
    return item_conflict("dataset_item_active", "This dataset item is already active.", item)


def client_item_id_conflict(item: ItemRow) -> Conflict:
    detail = "An item with this client item ID already exists with different content."
    if item.deleted:
        detail = "An archived item already uses this client item ID. Unarchive that item to use it again."
    return item_conflict("client_item_id_conflict", detail, item)


def export_conflict(detail: str) -> Conflict:
    return Conflict(None, detail)
