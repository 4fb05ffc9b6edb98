"""What can be asked of an item beyond v1: its versions, and to archive and restore it."""

from typing import Any

from django.http import Http404
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from items.history.as_of import get_version
from items.history.versions import get_origin, list_versions
from items.idempotency import idempotent
from items.project_view import DatasetBaseView
from items.queries import ItemWithAuthor
from items.rows import CONTENT_COLUMNS, ItemRow
from items.serializers import ItemVersionSerializer, RestoreSerializer
from rest.deserializer import Deserializer
from rest.etags import check_if_match
from rest.pagination import LimitOffsetPagination
from rest.row_serializer import RowSerializer


class ItemHistoryMixin(DatasetBaseView):
    version_serializer = RowSerializer(
        ItemVersionSerializer, (*ItemRow._fields, "version_created_at", "version_created_by_id")
    )
    restore_deserializer = Deserializer(RestoreSerializer)

    def get_item(self, get: Any) -> ItemWithAuthor:
        raise NotImplementedError

    def update_item_response(
        self, current: ItemWithAuthor, new_values: dict[str, Any], *, touch: bool = True
    ) -> Response:
        raise NotImplementedError

    @action(detail=True, methods=["get"])
    def versions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first; also of a deleted item."""
        item_id = self.object_id
        pages = LimitOffsetPagination.from_request(request)
        page = list_versions(self.project_id, item_id, limit=pages.limit, offset=pages.offset)
        if page is None:
            raise Http404
        total, versions = page
        results = self.serialize([(*v.row, v.created_at, v.created_by_id) for v in versions], self.version_serializer)
        if origin := get_origin(self.project_id, item_id):
            results = [each | {"origin": origin} for each in results]
        return pages.get_response(results, total)

    @action(detail=True, methods=["post"])
    @idempotent
    def archive(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        current = self.get_item(self.items.get_with_archived)
        check_if_match(request, current.item.version, "item")
        return self.update_item_response(current, {"deleted": True}, touch=False)

    @action(detail=True, methods=["post"])
    @idempotent
    def restore(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Without a body, or with a version whose content becomes a new version."""
        current = self.get_item(self.items.get_with_archived)
        check_if_match(request, current.item.version, "item")
        return self.update_item_response(
            current, {"deleted": False} | self.content_to_restore(current.item), touch=False
        )

    def content_to_restore(self, item: ItemRow) -> dict[str, Any]:
        values = self.restore_deserializer.validated(self.request.data, partial=True)
        version = values.get("source_version")
        if version is None:
            return {}
        source = get_version(self.project_id, item.id, version)
        if source is None:
            detail = f"Version {version} does not exist."
            raise ValidationError({"source_version": [detail]}, code="does_not_exist")
        return {name: getattr(source.item, name) for name in CONTENT_COLUMNS}
