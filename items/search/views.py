"""Lists of items, current or at a past revision, with or without conditions."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from database.query import Row
from items.cursors import paginate
from items.history.as_of import page_as_of
from items.history.params import snapshot_from_query
from items.history.snapshots import Snapshot
from items.queries import PAGE_COLUMNS, DatasetNotFound, Head
from items.resource import ResourceView
from items.search.dataset_filters import DatasetFilter
from items.search.listing import ItemList
from items.search.pages import SORT_KEY_COLUMNS
from items.search.query import ListQuery, has_v1_params_only, parse_list_query
from items.serializers import DatasetItemSerializer
from rest.etags import is_not_modified, not_modified, weak_etag
from rest.headers import get_header
from rest.pagination import LimitOffsetPagination, absolute_url
from rest.responses import Response
from rest.row_serializer import RowSerializer

DEFAULT_QUERY = ListQuery()
PAGE_SERIALIZER = RowSerializer(DatasetItemSerializer, PAGE_COLUMNS)


@lru_cache(maxsize=100)
def row_serializer_for(fields: tuple[str, ...], columns: tuple[str, ...]) -> RowSerializer:
    return RowSerializer(DatasetItemSerializer, columns, names=fields)


class ItemListHandler:
    """Responds to a request for a list of items on behalf of a view."""

    filter = DatasetFilter()

    def __init__(self, view: ResourceView) -> None:
        self.view = view
        self.request = view.request
        self.project_id = view.project_id
        self.items = view.items

    def list(self, request: Request) -> Response:
        dataset_id = self.filter.get_dataset_id(request)
        query = DEFAULT_QUERY if has_v1_params_only(request.query_params) else parse_list_query(request.query_params)
        try:
            snapshot = snapshot_from_query(request, self.items, dataset_id)
            if snapshot and dataset_id:
                return self.list_as_of(dataset_id, snapshot, query)
            if dataset_id and get_header(request, "If-None-Match") is not None:
                head = self.items.head(dataset_id)
                if is_not_modified(request, self.list_etag(head)):
                    return not_modified(self.list_etag(head), **{"Dataset-Revision": str(head.revision)})
            return self.list_current(dataset_id, query)
        except DatasetNotFound:
            raise self.filter.dataset_not_found_error() from None

    def list_current(self, dataset_id: UUID | None, query: ListQuery) -> Response:
        if query == DEFAULT_QUERY:
            pages = LimitOffsetPagination.from_request(self.request)
            head, rows = self.items.page(dataset_id=dataset_id, limit=pages.limit, offset=pages.offset)
            response = pages.get_response(self.view.serialize(rows, PAGE_SERIALIZER), head.item_count)
        else:
            head, response = self.find(ItemList(self.project_id, dataset_id, query))
        if dataset_id:
            response.headers["ETag"] = self.list_etag(head)
            response.headers["Dataset-Revision"] = str(head.revision)
        return response

    def list_as_of(self, dataset_id: UUID, snapshot: Snapshot, query: ListQuery) -> Response:
        etag = self.list_etag(snapshot)
        headers = {"ETag": etag, "Dataset-Revision": str(snapshot.revision)}
        if is_not_modified(self.request, etag):
            return not_modified(etag, **headers)
        if query == DEFAULT_QUERY:
            pages = LimitOffsetPagination.from_request(self.request)
            rows = page_as_of(self.project_id, dataset_id, snapshot, limit=pages.limit, offset=pages.offset)
            response = pages.get_response(self.view.serialize(rows), snapshot.item_count)
        else:
            _, response = self.find(ItemList(self.project_id, dataset_id, query, snapshot))
        for name, value in headers.items():
            response.headers[name] = value
        return response

    def list_etag(self, state: Head | Snapshot) -> str:
        return weak_etag(state.revision, state.touch_count, absolute_url(self.request))

    def find(self, listing: ItemList) -> tuple[Head, Response]:
        pages = LimitOffsetPagination.from_request(self.request)
        window = listing.window(pages)
        head, rows = listing.fetch(window)
        if listing.query.cursor is None:
            return head, pages.get_response(self.serialize_page(rows, listing.query), head.item_count)
        page = paginate(rows, window.cursor, pages.limit)
        links = listing.encode(page.next), listing.encode(page.previous)
        return head, pages.get_cursor_response(self.serialize_page(page.rows, listing.query), head.item_count, *links)

    def serialize_page(self, rows: Sequence[Row], query: ListQuery) -> Any:
        return self.view.serialize(
            [row[SORT_KEY_COLUMNS:] for row in rows], row_serializer_for(query.fields, query.columns)
        )
