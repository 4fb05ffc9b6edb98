"""A requested list of items: fetch a page of it and encode its cursors."""

from typing import Any, NamedTuple
from uuid import UUID

from items.cursors import ITEM_CURSORS, Cursor
from items.history.snapshots import Snapshot
from items.queries import ItemPage
from items.query_params import raise_invalid
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
        """Return the rows to read. Raises ValidationError for an invalid cursor."""
        cursor = self.query.cursor
        if cursor is None:
            return PageWindow(pagination.limit, pagination.offset)
        if pagination.offset:
            raise_invalid("offset", "Give cursor or offset, not both.")
        # Read one row more than the page shows, to see whether another page follows.
        return PageWindow(
            pagination.limit + self.query.spare_rows,
            cursor=ITEM_CURSORS.decode(cursor, self.cursor_scope) if cursor else None,
        )

    def fetch(self, window: PageWindow) -> ItemPage:
        """Fetch a page. Raises DatasetNotFound, SearchTimeout, and ValidationError for archived items at a revision."""
        if self.snapshot and self.dataset_id:
            return fetch_snapshot_page(self.project_id, self.dataset_id, self.snapshot, self.query, window)
        return fetch_page(self.project_id, self.dataset_id, self.query, window)

    def encode(self, cursor: Cursor | None) -> str | None:
        return cursor and ITEM_CURSORS.encode(cursor, self.cursor_scope)

    @property
    def cursor_scope(self) -> Any:
        """The properties of the list that its cursors are signed with."""
        revision = self.snapshot and self.snapshot.revision
        return self.project_id, self.dataset_id, revision, self.query.conditions, self.query.order
