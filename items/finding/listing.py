"""A list that was asked for: of what, how, and a page of it."""

from typing import Any, NamedTuple
from uuid import UUID

from items.finding.cursors import Cursor, read_cursor
from items.finding.pages import Span, find_page
from items.finding.past_pages import find_past_page
from items.finding.values import refuse
from items.finding.wanted import Wanted
from items.history.moments import Moment
from items.reads import ItemPage
from rest.pagination import LimitOffsetPagination


class Listing(NamedTuple):
    project_id: int
    dataset_id: UUID | None
    wanted: Wanted
    moment: Moment | None = None

    def span(self, pages: LimitOffsetPagination) -> Span:
        """Raises ValidationError for a bad cursor."""
        cursor = self.wanted.cursor
        if cursor is None:
            return Span(pages.limit, pages.offset)
        if pages.offset:
            refuse("offset", "Give cursor or offset, not both.")
        # One more than is shown: whether there is a page behind this one.
        return Span(pages.limit + 1, cursor=read_cursor(cursor, self.walk) if cursor else None)

    def find(self, span: Span) -> ItemPage:
        """Raises UnknownDataset, SearchTimeout, and ValidationError for what the past cannot tell."""
        if self.moment and self.dataset_id:
            return find_past_page(self.project_id, self.dataset_id, self.moment, self.wanted, span)
        return find_page(self.project_id, self.dataset_id, self.wanted, span)

    def written(self, cursor: Cursor | None) -> str | None:
        return cursor and cursor.written(self.walk)

    @property
    def walk(self) -> Any:
        """What a cursor is good for."""
        revision = self.moment and self.moment.revision
        return self.project_id, self.dataset_id, revision, self.wanted.conditions, self.wanted.order
