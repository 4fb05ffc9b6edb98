"""Fetch a page of the current items.

Without conditions, in the order of created_at, an index has the rows in order and the head has their count:
indexed_page_sql. Otherwise filtered_page_sql finds the ids of all matches, counts and sorts them, and reads rows only
for the page. Either is one statement, so it reads one snapshot.
"""

from typing import Any, NamedTuple
from uuid import UUID

from database.query import fetch_all
from database.sql import fragment, sql_shape
from items.cursors import Cursor
from items.page_bytes import bytes_sql, fetch_bounded, measured, page_columns
from items.queries import (
    DATASET_HEAD,
    IN_DATASET,
    IN_PROJECT,
    PROJECT_HEAD,
    Head,
    ItemPage,
    deep_page_sql,
    page_sql,
    parse_page,
    scan_limit,
)
from items.search.ordering import Ordering
from items.search.query import ListQuery
from items.search.timeout import search_timeout
from rest.pagination import MAX_OFFSET

COUNT_SQL = "(SELECT count(*) FROM matches) AS item_count"
DATASET_HEAD_WITH_COUNT = fragment(
    """
    SELECT $count, revision, touch_count FROM dataset_head
     WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
""",
    count=COUNT_SQL,
)
PROJECT_HEAD_WITH_COUNT = fragment("SELECT $count, 0 AS revision, 0 AS touch_count", count=COUNT_SQL)
FILTERED_PAGE = """
WITH matches AS MATERIALIZED (
  SELECT i.id, i.$time AS key_time FROM dataset_item i
   WHERE i.team_id = %(project_id)s $in_dataset AND $conditions $sample
)
SELECT h.*, page.key_time, page.id, $columns
  FROM ($head) h
  LEFT JOIN (
    SELECT key_time, id FROM matches WHERE $after ORDER BY $order LIMIT %(limit)s OFFSET %(offset)s
  ) page ON true
  LEFT JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = page.id
 ORDER BY $page_order
"""
# The sort key, time and id, precedes a row's columns.
SORT_KEY_COLUMNS = 2
PAGE_START = len(Head._fields) + SORT_KEY_COLUMNS


class PageWindow(NamedTuple):
    """The rows of a page: `limit` rows from an offset, or after a cursor."""

    limit: int
    offset: int = 0
    cursor: Cursor | None = None

    def scan_order(self, order: Ordering) -> Ordering:
        """Return the order in which rows are read, which a backwards cursor reverses."""
        return order.reverse if self.cursor and self.cursor.is_backwards else order

    def after_sql(self, order: Ordering, time: str, item: str) -> str:
        if self.cursor is None:
            return "true"
        return self.scan_order(order).after_sql(time, item, is_inclusive=self.cursor.is_inclusive)

    @property
    def parameters(self) -> dict[str, Any]:
        sort_key = dict(zip(("key_time", "key_id"), self.cursor.key, strict=True)) if self.cursor else {}
        return sort_key | {"limit": self.limit, "offset": min(self.offset, MAX_OFFSET)}


def fetch_page(project_id: int, dataset_id: UUID | None, query: ListQuery, window: PageWindow) -> ItemPage:
    """Return a page in scan order; each row has its sort key, then the requested columns.

    Raises DatasetNotFound, SearchTimeout and PageTooLarge.
    """
    parameters = {"project_id": project_id, "dataset_id": dataset_id} | window.parameters
    in_dataset = dataset_id is not None
    if not query.needs_scan:
        return parse_page(
            fetch_bounded(
                lambda guards: fetch_all(indexed_page_sql(query, window, in_dataset=in_dataset), parameters | guards),
                lambda: measured(fetch_all(indexed_bytes_sql(query, window, in_dataset=in_dataset), parameters)),
                limit=window.limit,
                json_indexes=query.json_indexes,
                start=PAGE_START,
                spare=query.spare_rows,
            )
        )
    parameters |= query.conditions.parameters
    with search_timeout():
        return parse_page(
            fetch_bounded(
                lambda guards: fetch_all(filtered_page_sql(query, window, in_dataset=in_dataset), parameters | guards),
                lambda: measured(fetch_all(filtered_bytes_sql(query, window, in_dataset=in_dataset), parameters)),
                limit=window.limit,
                json_indexes=query.json_indexes,
                start=PAGE_START,
                spare=query.spare_rows,
            )
        )


def indexed_page_sql(query: ListQuery, window: PageWindow, *, in_dataset: bool) -> str:
    columns = page_columns("i", ("created_at", "id", *query.columns)).sql
    return page_of_index(query, window, columns, in_dataset=in_dataset)


def indexed_bytes_sql(query: ListQuery, window: PageWindow, *, in_dataset: bool) -> str:
    return page_of_index(query, window, f"{bytes_sql('i', query.columns)} AS bytes", in_dataset=in_dataset)


def page_of_index(query: ListQuery, window: PageWindow, columns: str, *, in_dataset: bool) -> str:
    head, condition = (DATASET_HEAD, IN_DATASET) if in_dataset else (PROJECT_HEAD, IN_PROJECT)
    order = window.scan_order(query.order).order_by_sql("created_at", "id")
    scanned = scan_limit(window.limit, window.offset)
    if scanned is None:
        reverse = query.order.reverse.order_by_sql("created_at", "id")
        return deep_page_sql(head, condition, columns=columns, order=order, reverse=reverse)
    after_sql = window.after_sql(query.order, "created_at", "id")
    return page_sql(head, f"{condition} AND {after_sql}", scanned=scanned, columns=columns, order=order)


def filtered_page_sql(query: ListQuery, window: PageWindow, *, in_dataset: bool) -> str:
    return page_of_matches(query, window, page_columns("i", query.columns).sql, in_dataset=in_dataset)


def filtered_bytes_sql(query: ListQuery, window: PageWindow, *, in_dataset: bool) -> str:
    return page_of_matches(query, window, bytes_sql("i", query.columns), in_dataset=in_dataset)


def page_of_matches(query: ListQuery, window: PageWindow, columns: str, *, in_dataset: bool) -> str:
    order = window.scan_order(query.order)
    return sql_shape(
        "list_matches",
        FILTERED_PAGE,
        time=query.order.column,
        in_dataset="AND i.dataset_id = %(dataset_id)s" if in_dataset else "",
        conditions=query.conditions.sql_for(in_dataset=in_dataset),
        sample=query.conditions.sample_sql,
        columns=columns,
        head=DATASET_HEAD_WITH_COUNT if in_dataset else PROJECT_HEAD_WITH_COUNT,
        after=window.after_sql(query.order, "key_time", "id"),
        order=order.order_by_sql("key_time", "id"),
        page_order=order.order_by_sql("page.key_time", "page.id"),
    )
