"""Base classes of views of items."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404

from auth.prefetch import KeyRequestState
from items.queries import ItemWithAuthor
from items.rows import ItemRow
from items.sources import DetailedItem, ItemDetails, find_detailed_item, read_details
from items.writes.items import update_item
from posthog_v2.conflicts import dataset_archived, stale_version
from posthog_v2.representation import item_user_ids, show_item
from posthog_v2.resource import V2View
from rest.etags import check_if_match, strong_etag
from rest.responses import Response


class ItemsV2View(V2View):
    def show_items(self, items: Sequence[ItemRow]) -> list[dict[str, Any]]:
        """Represent items; their details cost one statement, and authors other than the caller another."""
        return self.show_detailed([*zip(items, read_details(self.project_id, items), strict=True)])

    def show_detailed(self, items: Sequence[tuple[ItemRow, ItemDetails]]) -> list[dict[str, Any]]:
        users = self.users(item_user_ids(items))
        return [show_item(item, details, users) for item, details in items]

    def item_response(self, current: DetailedItem, revision: int | None, **options: Any) -> Response:
        """Read the dataset's revision if it is None."""
        item = current.item
        if revision is None:
            revision = self.items.head(item.dataset_id).revision
        headers = {"ETag": strong_etag(item.version), "Dataset-Revision": str(revision)}
        return Response(self.show_detailed([current[:2]])[0], headers=headers, **options)


class ItemV2View(ItemsV2View):
    """A view of one item."""

    def make_state(self) -> KeyRequestState:
        """Pass on the item's id, which PostHog's route names differently."""
        return KeyRequestState({**self.kwargs, "id": self.kwargs.get("dataset_item_id", "")}, prefetch=self.prefetch)

    @property
    def object_id(self) -> UUID:
        try:
            return UUID(self.kwargs["dataset_item_id"])
        except ValueError:
            raise Http404 from None

    def get_object(self) -> DetailedItem:
        """Return the current item, archived or not: prefetched with access, or by a statement of its own."""
        current = DetailedItem.from_row(self.access.prefetch) or find_detailed_item(self.project_id, self.object_id)
        if current is None:
            raise Http404
        return current

    def get_object_to_write(self) -> DetailedItem:
        current = self.get_object()
        check_if_match(self.request, current.item.version, "item")
        return current

    def check_writable(self, current: DetailedItem, base_version: int, action: str) -> None:
        """Raises Conflict."""
        if current.is_dataset_archived:
            raise dataset_archived(action)
        if current.item.version != base_version:
            raise stale_version(current.item)

    def update_response(self, current: DetailedItem, base_version: int, new_values: Mapping[str, Any]) -> Response:
        """Write the values if the item is still at this version, and return the result."""

        def check_preconditions(item: ItemRow) -> None:
            check_if_match(self.request, item.version, "item")
            if item.version != base_version:
                raise stale_version(item)

        result = update_item(
            items=self.items,
            user_id=self.access.user.id,
            current=ItemWithAuthor(current.item, None),
            new_values=new_values,
            precondition=check_preconditions,
            touch=False,
        )
        if result.changed_at is None:
            return self.item_response(current, None)
        details = current.details._replace(
            version_created_at=result.changed_at, version_created_by_id=self.access.user.id
        )
        written = current._replace(item=result.current.item, details=details)
        return self.item_response(written, result.dataset_revision)
