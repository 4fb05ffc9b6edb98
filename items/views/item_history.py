"""What can be asked of an item beyond v1: its versions, and to archive and restore it."""

from typing import Any

from django.http import Http404
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from items.history.as_of import find_version
from items.history.versions import find_origin, list_versions
from items.idempotency import idempotent
from items.models import CONTENT_COLUMNS, ItemRow
from items.reads import FoundItem
from items.serializers import ItemVersionSerializer, RestoreSerializer
from items.views.dataset_resource import DatasetResource
from rest.conditional import check_match
from rest.intake import Intake
from rest.pagination import LimitOffsetPagination
from rest.representation import Representation


class ItemHistory(DatasetResource):
    version_shape = Representation(
        ItemVersionSerializer, (*ItemRow._fields, "version_created_at", "version_created_by_id")
    )
    restore_intake = Intake(RestoreSerializer)

    def found(self, find: Any) -> FoundItem:
        raise NotImplementedError

    def change(self, found: FoundItem, changes: dict[str, Any], *, is_touched: bool = True) -> Response:
        raise NotImplementedError

    @action(detail=True, methods=["get"])
    def versions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first; also of a deleted item."""
        item_id = self.wanted_id
        pages = LimitOffsetPagination.of(request)
        listed = list_versions(self.project_id, item_id, limit=pages.limit, offset=pages.offset)
        if listed is None:
            raise Http404
        total, versions = listed
        shown = self.show([(*v.row, v.created_at, v.created_by_id) for v in versions], self.version_shape)
        if origin := find_origin(self.project_id, item_id):
            shown = [each | {"origin": origin} for each in shown]
        return pages.respond(shown, total)

    @action(detail=True, methods=["post"])
    @idempotent
    def archive(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.found(self.items.find_also_deleted)
        check_match(request, found.item.version, "item")
        return self.change(found, {"deleted": True}, is_touched=False)

    @action(detail=True, methods=["post"])
    @idempotent
    def restore(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Without a body, or with a version whose content becomes a new version."""
        found = self.found(self.items.find_also_deleted)
        check_match(request, found.item.version, "item")
        return self.change(found, {"deleted": False} | self.content_to_restore(found.item), is_touched=False)

    def content_to_restore(self, item: ItemRow) -> dict[str, Any]:
        values = self.restore_intake.values(self.request.data, partial=True)
        version = values.get("source_version")
        if version is None:
            return {}
        source = find_version(self.project_id, item.id, version)
        if source is None:
            detail = f"Version {version} does not exist."
            raise ValidationError({"source_version": [detail]}, code="does_not_exist")
        return {name: getattr(source.item, name) for name in CONTENT_COLUMNS}
