"""Dataset items: list, create, retrieve, update."""

from typing import Any

from rest_framework import status
from rest_framework.request import Request
from rest_framework.viewsets import ViewSetMixin

from auth.prefetch import Prefetch
from items.fields import dataset_not_found_error
from items.history.as_of import get_as_of, get_version
from items.history.params import asks_for_snapshot, snapshot_from_query, version_from_query
from items.queries import FIND_ITEM_WITH_ACCESS, FIND_LIVE_ITEM_WITH_ACCESS, DatasetNotFound, ItemWithAuthor
from items.search.views import ItemListHandler
from items.viewsets.openapi import ITEM_OPERATIONS
from items.writes.items import create_item
from items.writes.views import ItemView
from rest.etags import is_not_modified, not_modified, strong_etag
from rest.responses import Response


class DatasetItemViewSet(ViewSetMixin, ItemView):
    # Reads fetch the live item; writes reach archived ones.
    prefetch = Prefetch(
        "dataset",
        {"GET": FIND_LIVE_ITEM_WITH_ACCESS, "PUT": FIND_ITEM_WITH_ACCESS, "PATCH": FIND_ITEM_WITH_ACCESS},
    )
    operations = ITEM_OPERATIONS
    # Any text but the names of the routes beside.
    lookup_value_regex = r"(?!(?:bulk|erase)(?:[/.]|$))[^/.]+"

    def list(self, request: Request, **kwargs: Any) -> Response:
        return ItemListHandler(self).list(request)

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        current, headers = self.get_requested_item(request)
        etag = strong_etag(current.item.version)
        if is_not_modified(request, etag):
            return not_modified(etag, **headers)
        return Response(self.serialize_item(current), headers={"ETag": etag} | headers)

    def get_requested_item(self, request: Request) -> tuple[ItemWithAuthor, dict[str, str]]:
        """Return the current item, or the item at a version, a revision or a time."""
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
        assert snapshot is not None  # noqa: S101  the query asks for one
        current = self.or_404(get_as_of(self.project_id, item_id, dataset_id, snapshot))
        return current, {"Dataset-Revision": str(snapshot.revision)}

    def create(self, request: Request, **kwargs: Any) -> Response:
        values = self.parse_body(request, partial=False)
        try:
            item = create_item(project_id=self.project_id, user_id=self.access.user.id, values=values)
        except DatasetNotFound:
            raise dataset_not_found_error(request.data) from None
        headers = {"ETag": strong_etag(item.version), "Dataset-Revision": str(item.revision)}
        return Response(self.serialize([item])[0], status=status.HTTP_201_CREATED, headers=headers)

    def update(self, request: Request, *, partial: bool = False, **kwargs: Any) -> Response:
        current = self.get_object()
        return self.update_item_response(current, self.parse_body(request, partial=partial))

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        return self.update(request, partial=True)

    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Reject with an empty body, as in v1; a PATCH soft-deletes."""
        return Response(status=status.HTTP_405_METHOD_NOT_ALLOWED)

    def parse_body(self, request: Request, *, partial: bool) -> dict[str, Any]:
        self.check_members()
        values, error = self.declared.deserializer.partial_result(request.data, partial=partial)
        if error is None:
            return values
        # The dataset is the first field, so report an unknown one before errors in other fields.
        if "dataset_id" in values:
            try:
                self.items.head(values["dataset_id"])
            except DatasetNotFound:
                raise dataset_not_found_error(request.data) from None
        raise error
