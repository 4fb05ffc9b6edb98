"""From page to page by cursors: what stands beside a page, seen from its first and last row."""

from typing import NamedTuple

from database.query import Row
from items.search.cursors import Cursor


class CursorPage(NamedTuple):
    """A page, in the order of the list, and where the pages beside it begin; None where there is none."""

    rows: list[Row]
    next: Cursor | None
    previous: Cursor | None


def paginate(rows: list[Row], cursor: Cursor | None, limit: int) -> CursorPage:
    """Of rows that begin with their key, in the order of the walk, and one more than the page where there are more."""
    page, has_more = rows[:limit], len(rows) > limit
    next_cursor = cursor_after(page[-1]) if has_more else None
    if cursor is None:
        return CursorPage(page, next_cursor, None)
    # Whence the cursor came there were rows. If none are left here, the way back begins with the row it names.
    previous_cursor = cursor_after(page[0], is_backwards=not cursor.is_backwards) if page else reversed_cursor(cursor)
    if cursor.is_backwards:
        next_cursor = next_cursor and next_cursor._replace(is_backwards=True)
        return CursorPage(page[::-1], previous_cursor, next_cursor)
    return CursorPage(page, next_cursor, previous_cursor)


def cursor_after(row: Row, *, is_backwards: bool = False) -> Cursor:
    return Cursor(row[0], row[1], is_backwards=is_backwards)


def reversed_cursor(cursor: Cursor) -> Cursor:
    return cursor._replace(is_backwards=not cursor.is_backwards, is_inclusive=not cursor.is_inclusive)
