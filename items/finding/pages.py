"""A page of the items that a list is asked for, as they are now.

Without a condition, by created_at, an index has the rows in order and the head has their number: walked_page. Else all
that is wanted is looked for first, by its id and time alone; it is counted and put in order, and the rows are read for
the page only: found_page. Either is one statement, and so one snapshot.
"""

from typing import Any, NamedTuple
from uuid import UUID

from database.statements import fetch_all
from items.finding.cursors import Cursor
from items.finding.orders import Order
from items.finding.time_limit import time_limit
from items.finding.wanted import Wanted
from items.models import JSON_COLUMNS
from items.reads import (
    DEEP_OFFSET,
    HEAD_OF_DATASET,
    HEAD_OF_PROJECT,
    OF_DATASET,
    OF_PROJECT,
    ItemPage,
    deep_page,
    near_page,
    page_of,
)
from rest.pagination import MAX_OFFSET

COUNT = "(SELECT count(*) FROM found) AS item_count"
FOUND_HEAD_OF_DATASET = f"""
    SELECT {COUNT}, revision, touches FROM dataset_head WHERE team_id = %(team)s AND dataset_id = %(dataset)s
"""  # noqa: S608
FOUND_HEAD_OF_PROJECT = f"SELECT {COUNT}, 0 AS revision, 0 AS touches"
# Before a row's columns: the time that it is ordered by, and its id.
KEY_WIDTH = 2


class Span(NamedTuple):
    """Which rows of the list: so many from an offset, or from a cursor on."""

    limit: int
    offset: int = 0
    cursor: Cursor | None = None

    def walk(self, order: Order) -> Order:
        """The order in which the rows are read."""
        return order.reverse if self.cursor and self.cursor.is_backwards else order

    def behind(self, order: Order, time: str, item: str) -> str:
        if self.cursor is None:
            return "true"
        return self.walk(order).behind(time, item, is_inclusive=self.cursor.is_inclusive)

    @property
    def parameters(self) -> dict[str, Any]:
        place = {"key_time": self.cursor.time, "key_id": self.cursor.item_id} if self.cursor else {}
        return place | {"limit": self.limit, "offset": min(self.offset, MAX_OFFSET)}


def find_page(project_id: int, dataset_id: UUID | None, wanted: Wanted, span: Span) -> ItemPage:
    """Rows in the order of the walk: each its key, then the columns that are wanted.

    Raises UnknownDataset and SearchTimeout.
    """
    parameters = {"team": project_id, "dataset": dataset_id} | span.parameters
    if not wanted.is_found:
        statement = walked_page(wanted, span, of_dataset=dataset_id is not None)
        return page_of(fetch_all(statement, parameters))
    statement = found_page(wanted, span, of_dataset=dataset_id is not None)
    with time_limit():
        return page_of(fetch_all(statement, parameters | wanted.conditions.parameters))


def columns_of(row: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{row}.{name}::text" if name in JSON_COLUMNS else f"{row}.{name}" for name in columns)


def walked_page(wanted: Wanted, span: Span, *, of_dataset: bool) -> str:
    head, condition = (HEAD_OF_DATASET, OF_DATASET) if of_dataset else (HEAD_OF_PROJECT, OF_PROJECT)
    columns = columns_of("i", ("created_at", "id", *wanted.columns))
    order = span.walk(wanted.order).by("created_at", "id")
    if span.offset > DEEP_OFFSET:
        reverse = wanted.order.reverse.by("created_at", "id")
        return deep_page(head, condition, columns=columns, order=order, reverse=reverse)
    behind = span.behind(wanted.order, "created_at", "id")
    return near_page(head, f"{condition} AND {behind}", columns=columns, order=order)


def found_page(wanted: Wanted, span: Span, *, of_dataset: bool) -> str:
    order = span.walk(wanted.order)
    return f"""
WITH found AS MATERIALIZED (
  SELECT i.id, i.{wanted.order.column} AS key_time FROM dataset_item i
   WHERE i.team_id = %(team)s {"AND i.dataset_id = %(dataset)s" if of_dataset else ""}
     AND {wanted.conditions.sql_of(of_dataset=of_dataset)}
)
SELECT h.*, page.key_time, page.id, {columns_of("i", wanted.columns)}
  FROM ({FOUND_HEAD_OF_DATASET if of_dataset else FOUND_HEAD_OF_PROJECT}) h
  LEFT JOIN (
    SELECT key_time, id FROM found WHERE {span.behind(wanted.order, "key_time", "id")}
     ORDER BY {order.by("key_time", "id")} LIMIT %(limit)s OFFSET %(offset)s
  ) page ON true
  LEFT JOIN dataset_item i ON i.team_id = %(team)s AND i.id = page.id
 ORDER BY {order.by("page.key_time", "page.id")}
"""  # noqa: S608
