"""The base of views that write one item, and the views that archive and restore it."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from auth.prefetch import Prefetch
from items.fields import dataset_not_found_error
from items.history.as_of import get_version
from items.models import DatasetItem
from items.queries import FIND_ITEM_WITH_ACCESS, DatasetNotFound, ItemWithAuthor, parse_item_row
from items.resource import ResourceView
from items.rows import CONTENT_COLUMNS, ItemRow
from items.search.dataset_filters import DatasetFilter
from items.serializers import DatasetItemSerializer
from items.writes.items import WriteResult, update_item
from items.writes.openapi import ARCHIVE_ITEM, RESTORE_ITEM
from rest.errors import StaleVersion
from rest.etags import check_if_match, strong_etag
from rest.responses import Response
from rest.row_serializer import RowSerializer


class ItemView(ResourceView):
    queryset = DatasetItem.objects.all()
    filter = DatasetFilter()
    row_serializer = RowSerializer(DatasetItemSerializer, ItemRow._fields)

    def get_item(self, get: Any) -> ItemWithAuthor:
        """Return the item prefetched with access, or fetch it with a method of ProjectItems."""
        if current := parse_item_row(self.access.prefetch):
            return current
        dataset_id = self.filter.get_dataset_id(self.request)
        try:
            return self.or_404(get(self.object_id_in(dataset_id), dataset_id=dataset_id))
        except DatasetNotFound:
            raise self.filter.dataset_not_found_error() from None

    def object_id_in(self, dataset_id: UUID | None) -> UUID:
        """Raises Http404 for a malformed id, but DatasetNotFound first, as in v1."""
        try:
            return self.object_id
        except Http404:
            if dataset_id:
                self.items.head(dataset_id)
            raise

    def or_404(self, current: ItemWithAuthor | None) -> ItemWithAuthor:
        if current is None:
            raise Http404
        return current

    def serialize_item(self, current: ItemWithAuthor) -> dict[str, Any]:
        if current.author is None:
            return self.serialize([current.item])[0]
        return self.row_serializer.serialize(current.item, {current.author.id: current.author})

    def get_object(self) -> ItemWithAuthor:
        """Return the item, archived or not. Raises StaleVersion if If-Match does not match."""
        current = self.get_item(self.items.get_with_archived)
        check_if_match(self.request, current.item.version, "item")
        return current

    def update_item_response(
        self,
        current: ItemWithAuthor,
        new_values: dict[str, Any],
        *,
        base_version: int | None = None,
        touch: bool = True,
    ) -> Response:
        """Write the values if the preconditions hold, and return the result."""

        def check_preconditions(item: ItemRow) -> None:
            check_if_match(self.request, item.version, "item")
            if base_version is not None and base_version != item.version:
                raise StaleVersion("item", item.version, base_version)

        try:
            result = update_item(
                items=self.items,
                user_id=self.access.user.id,
                current=current,
                new_values=new_values,
                precondition=check_preconditions,
                touch=touch,
            )
        except DatasetNotFound:
            raise dataset_not_found_error(self.request.data) from None
        return Response(self.serialize_item(result.current), headers=self.headers_for(result))

    def headers_for(self, result: WriteResult) -> dict[str, str]:
        item, revision = result.current.item, result.dataset_revision
        if revision is None:
            revision = self.items.head(item.dataset_id).revision
        return {"ETag": strong_etag(item.version), "Dataset-Revision": str(revision)}


class ItemArchiveView(ItemView):
    prefetch = Prefetch("dataset", {"POST": FIND_ITEM_WITH_ACCESS})
    operations = {"post": ARCHIVE_ITEM}

    def post(self, request: Request, **kwargs: Any) -> Response:
        current = self.get_object()
        base_version = self.validated_body(partial=True).get("base_version")
        return self.update_item_response(current, {"deleted": True}, base_version=base_version, touch=False)


class ItemRestoreView(ItemView):
    """Restores an item; with source_version, also that version's content, as a new version."""

    prefetch = Prefetch("dataset", {"POST": FIND_ITEM_WITH_ACCESS})
    operations = {"post": RESTORE_ITEM}

    def post(self, request: Request, **kwargs: Any) -> Response:
        current = self.get_object()
        body = self.validated_body(partial=True)
        content = self.content_at(current.item, body.get("source_version"))
        return self.update_item_response(
            current, {"deleted": False} | content, base_version=body.get("base_version"), touch=False
        )

    def content_at(self, item: ItemRow, version: int | None) -> dict[str, Any]:
        if version is None:
            return {}
        source = get_version(self.project_id, item.id, version)
        if source is None:
            raise ValidationError({"source_version": [f"Version {version} does not exist."]}, code="does_not_exist")
        return {name: getattr(source.item, name) for name in CONTENT_COLUMNS}
