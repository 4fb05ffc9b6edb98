"""Dataset items."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from auth.access import Prefetch
from items.bulk.views import ItemBulkMixin
from items.fields import dataset_not_found_error
from items.history.as_of import get_as_of, get_version
from items.history.item_views import ItemHistoryMixin
from items.history.params import asks_for_snapshot, snapshot_from_query, version_from_query
from items.idempotency import idempotent
from items.models import DatasetItem
from items.openapi import item_operations
from items.queries import (
    FIND_ITEM_WITH_ACCESS,
    FIND_LIVE_ITEM_WITH_ACCESS,
    DatasetNotFound,
    ItemWithAuthor,
    parse_item_row,
)
from items.rows import ItemRow
from items.search.filters import DatasetFilter
from items.search.views import ItemListMixin
from items.serializers import DatasetItemSerializer
from items.writes.items import WriteResult, create_item, update_item
from rest.deserializer import Deserializer
from rest.etags import check_if_match, is_not_modified, not_modified, strong_etag
from rest.row_serializer import RowSerializer

# By the method of the view.
PREFETCHED_ACTIONS = {"retrieve": FIND_LIVE_ITEM_WITH_ACCESS} | dict.fromkeys(
    ("update", "partial_update", "archive", "restore"), FIND_ITEM_WITH_ACCESS
)


@item_operations
class DatasetItemViewSet(ItemListMixin, ItemBulkMixin, ItemHistoryMixin):
    queryset = DatasetItem.objects.all()
    serializer_class = DatasetItemSerializer
    filter_backends = [DatasetFilter]
    deserializer = Deserializer(DatasetItemSerializer)
    row_serializer = RowSerializer(DatasetItemSerializer, ItemRow._fields)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        current, headers = self.get_requested_item(request)
        etag = strong_etag(current.item.version)
        if is_not_modified(request, etag):
            return not_modified(etag, **headers)
        return Response(self.serialize_item(current), headers={"ETag": etag} | headers)

    def get_requested_item(self, request: Request) -> tuple[ItemWithAuthor, dict[str, str]]:
        """The item as it is, or as it was at a version, a revision or a time."""
        if not request.META.get("QUERY_STRING"):
            return self.get_item(self.items.get), {}
        version = version_from_query(request)
        if version is not None:
            return self.or_404(get_version(self.project_id, self.object_id, version)), {}
        if not asks_for_snapshot(request):
            return self.get_item(self.items.get), {}
        item_id = self.object_id
        dataset_id = self.filter.get_dataset_id(request) or self.get_item(self.items.get_with_archived).item.dataset_id
        try:
            snapshot = snapshot_from_query(request, self.items, dataset_id)
        except DatasetNotFound:
            raise self.filter.dataset_not_found_error() from None
        assert snapshot is not None  # noqa: S101  one is wanted
        current = self.or_404(get_as_of(self.project_id, item_id, dataset_id, snapshot))
        return current, {"Dataset-Revision": str(snapshot.revision)}

    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        values = self.parse_body(request, partial=False)
        try:
            item = create_item(project_id=self.project_id, user_id=self.access.user.id, values=values)
        except DatasetNotFound:
            raise dataset_not_found_error(request.data) from None
        headers = {"ETag": strong_etag(item.version), "Dataset-Revision": str(item.revision)}
        return Response(self.serialize([item])[0], status=status.HTTP_201_CREATED, headers=headers)

    def write(self, request: Request, *, partial: bool) -> Response:
        current = self.get_item(self.items.get_with_archived)
        check_if_match(request, current.item.version, "item")
        return self.update_item_response(current, self.parse_body(request, partial=partial))

    def update_item_response(
        self, current: ItemWithAuthor, new_values: dict[str, Any], *, touch: bool = True
    ) -> Response:
        """Writes, if If-Match still holds, and shows what came of it."""
        try:
            result = update_item(
                items=self.items,
                user_id=self.access.user.id,
                current=current,
                new_values=new_values,
                precondition=lambda item: check_if_match(self.request, item.version, "item"),
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

    def prefetch(self) -> Prefetch | None:
        """The item, for whoever asks for it as it is, or to change it, without a parameter."""
        statement = PREFETCHED_ACTIONS.get(self.action)
        if statement is None or self.request.META.get("QUERY_STRING"):
            return None
        try:
            return Prefetch(statement, {"id": self.object_id}, self.required_scope)
        except Http404:
            return None

    def get_item(self, get: Any) -> ItemWithAuthor:
        if current := parse_item_row(self.access.prefetch):
            return current
        dataset_id = self.filter.get_dataset_id(self.request)
        try:
            return self.or_404(get(self.object_id_in(dataset_id), dataset_id=dataset_id))
        except DatasetNotFound:
            raise self.filter.dataset_not_found_error() from None

    def object_id_in(self, dataset_id: UUID | None) -> UUID:
        """404 for what is no id. Raises UnknownDataset, which comes first, as in v1."""
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
        users = {current.author.id: current.author} if current.author else {}
        return self.row_serializer.serialize(current.item, users)

    def parse_body(self, request: Request, *, partial: bool) -> dict[str, Any]:
        values, error = self.deserializer.partial_result(request.data, partial=partial)
        if error is None:
            return values
        # The dataset is the first field: that it is unknown comes before what is wrong with the others.
        if "dataset_id" in values:
            try:
                self.items.head(values["dataset_id"])
            except DatasetNotFound:
                raise dataset_not_found_error(request.data) from None
        raise error
