"""Views of items: list, create, retrieve, update, archive, restore, versions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from auth.prefetch import Prefetch
from items.history.as_of import get_version
from items.history.versions import list_versions
from items.queries import DatasetNotFound, Head, ItemPage
from items.rows import ItemRow
from items.sources import (
    FIND_DETAILED_ITEM_WITH_ACCESS,
    DetailedItem,
    ItemDetails,
    add_details,
    find_creation_target,
    read_details,
)
from items.writes.client_item_ids import ClientItemIdTaken
from items.writes.items import CreatedItem, create_item_with_source
from posthog_v2 import operations
from posthog_v2.conflicts import (
    client_item_id_conflict,
    dataset_archived,
    item_already_active,
    item_already_archived,
    item_archived_before_update,
)
from posthog_v2.equality import is_same_json
from posthog_v2.item_resource import (
    check_writable,
    get_item_or_404,
    get_item_to_write,
    item_response,
    show_items,
    update_response,
)
from posthog_v2.items import get_item_as_of, get_snapshot, list_items, list_items_as_of
from posthog_v2.params import ItemPages, VersionPages, dataset_from_query, is_archived, revision_from_query
from posthog_v2.representation import input_text, metadata_text
from posthog_v2.resource import V2View
from rest.etags import is_not_modified, not_modified, strong_etag, weak_etag
from rest.headers import get_header
from rest.pagination import absolute_url
from rest.responses import Response

# The columns that a restore brings back; the source of an item never changes.
RESTORED_COLUMNS = ("input", "output", "metadata")


class ItemListView(V2View):
    operations = {"get": operations.LIST_ITEMS, "post": operations.CREATE_ITEM}
    operation_ids = {"get": "dataset_items_list", "post": "dataset_items_create"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        pages = ItemPages.from_request(request)
        dataset_id, revision, archived = dataset_from_query(request), revision_from_query(request), is_archived(request)
        try:
            if get_header(request, "If-None-Match") is not None and revision is None:
                head = self.items.head(dataset_id)
                if is_not_modified(request, self.etag(head)):
                    return not_modified(self.etag(head), **{"Dataset-Revision": str(head.revision)})
            page = self.get_page(dataset_id, revision, archived=archived, pages=pages)
        except DatasetNotFound:
            raise Http404 from None
        response = pages.get_response(show_items(self, page.rows), page.head.item_count)
        response.headers["ETag"] = self.etag(page.head)
        response.headers["Dataset-Revision"] = str(page.head.revision)
        return response

    def get_page(self, dataset_id: UUID, revision: int | None, *, archived: bool, pages: ItemPages) -> ItemPage:
        window = {"limit": pages.limit, "offset": pages.offset}
        if revision is None:
            return list_items(self.items, dataset_id, archived=archived, **window)
        snapshot = get_snapshot(self.items, dataset_id, revision)
        if snapshot is None:
            raise Http404
        return list_items_as_of(self.project_id, dataset_id, snapshot, archived=archived, **window)

    def etag(self, head: Head) -> str:
        return weak_etag(head.revision, head.touch_count, absolute_url(self.request))

    def post(self, request: Request, **kwargs: Any) -> Response:
        values = self.validated_body()
        check_provenance(values)
        while True:
            target = find_creation_target(self.project_id, values["dataset_id"], values.get("client_item_id"))
            if target is None:
                raise Http404
            if target.is_archived:
                raise dataset_archived("adding items")
            if target.existing:
                return self.repeat_response(target.existing, values)
            try:
                return self.created_response(
                    create_item_with_source(project_id=self.project_id, user_id=self.access.user.id, values=values),
                    values,
                )
            except ClientItemIdTaken:
                continue  # another request has just taken it
            except DatasetNotFound:
                raise Http404 from None

    def created_response(self, created: CreatedItem, values: Mapping[str, Any]) -> Response:
        details = ItemDetails(
            values.get("client_item_id"), values.get("source_output"), created.changed_at, self.access.user.id
        )
        current = DetailedItem(created.item, details, is_dataset_archived=False)
        return item_response(self, current, created.item.revision, status=status.HTTP_201_CREATED)

    def repeat_response(self, existing: DetailedItem, values: Mapping[str, Any]) -> Response:
        if existing.item.deleted or not has_content(existing, values):
            raise client_item_id_conflict(existing.item)
        return item_response(self, existing, None)


def check_provenance(values: Mapping[str, Any]) -> None:
    """Require a trace id and its time together, and a trace for an event. Raises ValidationError."""
    trace_id, time = values.get("ref_trace_id"), values.get("ref_timestamp")
    if trace_id is not None and time is None:
        detail = "This field is required when source_trace_id is given."
        raise ValidationError({"source_timestamp": [detail]}, code="invalid")
    if trace_id is None and (time is not None or values.get("ref_source_id") is not None):
        detail = "This field is required when source_timestamp or source_event_id is given."
        raise ValidationError({"source_trace_id": [detail]}, code="invalid")


def has_content(current: DetailedItem, values: Mapping[str, Any]) -> bool:
    """Whether creating an item with these values would result in this item."""
    item, details = current.item, current.details
    return (
        is_same_json(input_text(item.input), values["input"])
        and is_same_json(item.output, values.get("output"))
        and is_same_json(details.source_output, values.get("source_output"))
        and is_same_json(metadata_text(item.metadata), metadata_text(values.get("metadata")))
        and (item.ref_trace_id or None) == values.get("ref_trace_id")
        and (item.ref_source_id or None) == values.get("ref_source_id")
        and item.ref_timestamp == values.get("ref_timestamp")
    )


class ItemView(V2View):
    prefetch = Prefetch("dataset", {"GET": FIND_DETAILED_ITEM_WITH_ACCESS, "PATCH": FIND_DETAILED_ITEM_WITH_ACCESS})
    operations = {"get": operations.RETRIEVE_ITEM, "patch": operations.UPDATE_ITEM}
    operation_ids = {"get": "dataset_items_retrieve", "patch": "dataset_items_partial_update"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        revision = revision_from_query(request) if request.META.get("QUERY_STRING") else None
        if revision is not None:
            return self.as_of_response(revision)
        current = get_item_or_404(self)
        etag = strong_etag(current.item.version)
        if is_not_modified(request, etag):
            return not_modified(etag)
        return Response(show_items(self, [current.row])[0], headers={"ETag": etag})

    def as_of_response(self, revision: int) -> Response:
        item = get_item_as_of(self.project_id, self.object_id, revision)
        if item is None:
            raise Http404
        etag, headers = strong_etag(item.version), {"Dataset-Revision": str(revision)}
        if is_not_modified(self.request, etag):
            return not_modified(etag, **headers)
        shown = show_items(self, [(*item, *read_details(self.project_id, item))])
        return Response(shown[0], headers={"ETag": etag} | headers)

    def patch(self, request: Request, **kwargs: Any) -> Response:
        current = get_item_to_write(self)
        values = self.validated_body()
        base_version = values.pop("base_version")
        check_writable(current, base_version, "updating its items")
        if current.item.deleted:
            raise item_archived_before_update(current.item)
        return update_response(self, current, base_version, changed_values(current.item, values))


def changed_values(item: ItemRow, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that differ from those shown; spelling alone makes no version."""
    shown = {
        "input": input_text(item.input),
        "output": item.output,
        "metadata": metadata_text(item.metadata),
    }
    return {name: value for name, value in values.items() if not is_same_json(shown[name], value)}


class ItemArchiveView(V2View):
    prefetch = Prefetch("dataset", {"POST": FIND_DETAILED_ITEM_WITH_ACCESS})
    operations = {"post": operations.ARCHIVE_ITEM}
    operation_ids = {"post": "dataset_items_archive"}

    def post(self, request: Request, **kwargs: Any) -> Response:
        current = get_item_to_write(self)
        base_version = self.validated_body()["base_version"]
        check_writable(current, base_version, "archiving its items")
        if current.item.deleted:
            raise item_already_archived(current.item)
        return update_response(self, current, base_version, {"deleted": True})


class ItemRestoreView(V2View):
    prefetch = Prefetch("dataset", {"POST": FIND_DETAILED_ITEM_WITH_ACCESS})
    operations = {"post": operations.RESTORE_ITEM}
    operation_ids = {"post": "dataset_items_restore"}

    def post(self, request: Request, **kwargs: Any) -> Response:
        current = get_item_to_write(self)
        values = self.validated_body()
        base_version = values["base_version"]
        check_writable(current, base_version, "restoring its items")
        if not current.item.deleted:
            raise item_already_active(current.item)
        content = self.content_of(values.get("source_version"))
        return update_response(self, current, base_version, {"deleted": False} | content)

    def content_of(self, version: int | None) -> dict[str, Any]:
        if version is None:
            return {}
        source = get_version(self.project_id, self.object_id, version)
        if source is None:
            raise Http404
        return {name: getattr(source.item, name) for name in RESTORED_COLUMNS}


class ItemVersionsView(V2View):
    operations = {"get": operations.LIST_VERSIONS}
    operation_ids = {"get": "dataset_items_versions_list"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        pages = VersionPages.from_request(request)
        page = list_versions(self.project_id, self.object_id, limit=pages.limit, offset=pages.offset)
        if page is None:
            raise Http404
        count, versions = page
        rows = add_details(self.project_id, [each.row for each in versions])
        return pages.get_response(show_items(self, rows), count)
