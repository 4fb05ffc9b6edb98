"""Steps that the views of items share: find an item, check and write it, respond with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404

from database.query import Row
from items.queries import ItemWithAuthor
from items.rows import ItemRow
from items.sources import DetailedItem, find_detailed_item
from items.writes.items import update_item
from posthog_v2.conflicts import dataset_archived, stale_version
from posthog_v2.representation import item_user_ids, show_item
from posthog_v2.resource import V2View
from rest.etags import check_if_match, strong_etag
from rest.responses import Response


def show_items(view: V2View, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Represent rows of items; authors other than the caller cost one statement."""
    users = view.users(item_user_ids(rows))
    return [show_item(row, users) for row in rows]


def item_response(view: V2View, current: DetailedItem, revision: int | None, **options: Any) -> Response:
    """Read the dataset's revision if it is None."""
    item = current.item
    if revision is None:
        revision = view.items.head(item.dataset_id).revision
    headers = {"ETag": strong_etag(item.version), "Dataset-Revision": str(revision)}
    return Response(show_items(view, [current.row])[0], headers=headers, **options)


def get_item_or_404(view: V2View) -> DetailedItem:
    """Return the current item, archived or not: prefetched with access, or by a statement of its own."""
    current = DetailedItem.from_row(view.access.prefetch) or find_detailed_item(view.project_id, view.object_id)
    if current is None:
        raise Http404
    return current


def get_item_to_write(view: V2View) -> DetailedItem:
    """Raises Http404, and StaleVersion if If-Match does not match."""
    current = get_item_or_404(view)
    check_if_match(view.request, current.item.version, "item")
    return current


def check_writable(current: DetailedItem, base_version: int, action: str) -> None:
    """Raises Conflict."""
    if current.is_dataset_archived:
        raise dataset_archived(action)
    if current.item.version != base_version:
        raise stale_version(current.item)


def update_response(view: V2View, current: DetailedItem, base_version: int, new_values: Mapping[str, Any]) -> Response:
    """Write the values if the item is still at this version, and return the result."""

    def check_preconditions(item: ItemRow) -> None:
        check_if_match(view.request, item.version, "item")
        if item.version != base_version:
            raise stale_version(item)

    user_id = view.access.user.id
    result = update_item(
        items=view.items,
        user_id=user_id,
        current=ItemWithAuthor(current.item, None),
        new_values=new_values,
        precondition=check_preconditions,
        touch=False,
    )
    if result.changed_at is None:
        return item_response(view, current, None)
    details = current.details._replace(version_created_at=result.changed_at, version_created_by_id=user_id)
    written = current._replace(item=result.current.item, details=details)
    return item_response(view, written, result.dataset_revision)
