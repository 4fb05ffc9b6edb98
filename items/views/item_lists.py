"""Lists of items: as they are or were, all of them or those that are looked for."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from database.statements import Row
from items.filters import DatasetFilter
from items.finding.listing import Listing
from items.finding.pages import KEY_WIDTH
from items.finding.walks import step
from items.finding.wanted import Wanted, is_plain, read_wanted
from items.history.as_of import page_as_of
from items.history.moments import Moment
from items.moment_filter import wanted_moment
from items.reads import Head, UnknownDataset
from items.serializers import DatasetItemSerializer
from items.views.dataset_resource import DatasetResource
from rest.conditional import is_unchanged, not_modified, weak
from rest.headers import header
from rest.pagination import LimitOffsetPagination, address_of
from rest.representation import Representation

EVERYTHING = Wanted()


@lru_cache(maxsize=100)
def shape_of(wanted: tuple[str, ...], columns: tuple[str, ...]) -> Representation:
    return Representation(DatasetItemSerializer, columns, names=wanted)


class ItemLists(DatasetResource):
    filter = DatasetFilter()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset_id = self.filter.wanted(request)
        wanted = EVERYTHING if is_plain(request.query_params) else read_wanted(request.query_params)
        try:
            moment = wanted_moment(request, self.items, dataset_id)
            if moment and dataset_id:
                return self.list_as_of(dataset_id, moment, wanted)
            if dataset_id and header(request, "If-None-Match") is not None:
                head = self.items.head(dataset_id)
                if is_unchanged(request, self.list_tag(head)):
                    return not_modified(self.list_tag(head), **{"Dataset-Revision": str(head.revision)})
            return self.list_now(dataset_id, wanted)
        except UnknownDataset:
            raise self.filter.no_such_dataset() from None

    def list_now(self, dataset_id: UUID | None, wanted: Wanted) -> Response:
        if wanted == EVERYTHING:
            pages = LimitOffsetPagination.of(self.request)
            page = self.items.page(dataset_id=dataset_id, limit=pages.limit, offset=pages.offset)
            head, response = page.head, pages.respond(self.show(page.rows), page.head.item_count)
        else:
            head, response = self.find(Listing(self.project_id, dataset_id, wanted))
        if dataset_id:
            response.headers["ETag"] = self.list_tag(head)
            response.headers["Dataset-Revision"] = str(head.revision)
        return response

    def list_as_of(self, dataset_id: UUID, moment: Moment, wanted: Wanted) -> Response:
        tag = self.list_tag(moment)
        headers = {"ETag": tag, "Dataset-Revision": str(moment.revision)}
        if is_unchanged(self.request, tag):
            return not_modified(tag, **headers)
        if wanted == EVERYTHING:
            pages = LimitOffsetPagination.of(self.request)
            rows = page_as_of(self.project_id, dataset_id, moment, limit=pages.limit, offset=pages.offset)
            response = pages.respond(self.show(rows), moment.item_count)
        else:
            _, response = self.find(Listing(self.project_id, dataset_id, wanted, moment))
        for name, value in headers.items():
            response.headers[name] = value
        return response

    def list_tag(self, state: Head | Moment) -> str:
        return weak(state.revision, state.touches, address_of(self.request))

    def find(self, listing: Listing) -> tuple[Head, Response]:
        pages = LimitOffsetPagination.of(self.request)
        span = listing.span(pages)
        head, rows = listing.find(span)
        if listing.wanted.cursor is None:
            return head, pages.respond(self.show_wanted(rows, listing.wanted), head.item_count)
        page = step(rows, span.cursor, pages.limit)
        links = listing.written(page.next), listing.written(page.previous)
        return head, pages.respond_to_walk(self.show_wanted(page.rows, listing.wanted), head.item_count, *links)

    def show_wanted(self, rows: Sequence[Row], wanted: Wanted) -> Any:
        return self.show([row[KEY_WIDTH:] for row in rows], shape_of(wanted.fields, wanted.columns))
