"""A list that was asked for: of what, how, and a page of it."""

from typing import Any, NamedTuple
from uuid import UUID

from items.history.snapshots import Snapshot
from items.queries import ItemPage
from items.query_params import raise_invalid
from items.search.cursors import Cursor, decode_cursor
from items.search.pages import PageWindow, fetch_page
from items.search.query import ListQuery
from items.search.snapshot_pages import fetch_snapshot_page
from rest.pagination import LimitOffsetPagination


class ItemList(NamedTuple):
    project_id: int
    dataset_id: UUID | None
    query: ListQuery
    snapshot: Snapshot | None = None

    def window(self, pagination: LimitOffsetPagination) -> PageWindow:
        """Raises ValidationError for a bad cursor."""
        cursor = self.query.cursor
        if cursor is None:
            return PageWindow(pagination.limit, pagination.offset)
        if pagination.offset:
            raise_invalid("offset", "Give cursor or offset, not both.")
        # One more than is shown: whether there is a page behind this one.
        return PageWindow(
            pagination.limit + self.query.spare_rows,
            cursor=decode_cursor(cursor, self.cursor_scope) if cursor else None,
        )

    def fetch(self, window: PageWindow) -> ItemPage:
        """Raises UnknownDataset, SearchTimeout, and ValidationError for what the past cannot tell."""
        if self.snapshot and self.dataset_id:
            return fetch_snapshot_page(self.project_id, self.dataset_id, self.snapshot, self.query, window)
        return fetch_page(self.project_id, self.dataset_id, self.query, window)

    def encode(self, cursor: Cursor | None) -> str | None:
        return cursor and cursor.encode(self.cursor_scope)

    @property
    def cursor_scope(self) -> Any:
        """What a cursor is good for."""
        revision = self.snapshot and self.snapshot.revision
        return self.project_id, self.dataset_id, revision, self.query.conditions, self.query.order
