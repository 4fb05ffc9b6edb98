"""From page to page by cursors: what stands beside a page, seen from its first and last row."""

from typing import NamedTuple

from database.statements import Row
from items.finding.cursors import Cursor


class Step(NamedTuple):
    """A page, in the order of the list, and where the pages beside it begin; None where there is none."""

    rows: list[Row]
    next: Cursor | None
    previous: Cursor | None


def step(rows: list[Row], cursor: Cursor | None, limit: int) -> Step:
    """Of rows that begin with their key, in the order of the walk, and one more than the page where there are more."""
    page, has_more = rows[:limit], len(rows) > limit
    on = beyond(page[-1]) if has_more else None
    if cursor is None:
        return Step(page, on, None)
    # Whence the cursor came there were rows. If none are left here, the way back begins with the row it names.
    back = beyond(page[0], is_backwards=not cursor.is_backwards) if page else turned(cursor)
    if cursor.is_backwards:
        on = on and on._replace(is_backwards=True)
        return Step(page[::-1], back, on)
    return Step(page, on, back)


def beyond(row: Row, *, is_backwards: bool = False) -> Cursor:
    return Cursor(row[0], row[1], is_backwards=is_backwards)


def turned(cursor: Cursor) -> Cursor:
    return cursor._replace(is_backwards=not cursor.is_backwards, is_inclusive=not cursor.is_inclusive)
