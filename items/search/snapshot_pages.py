"""Fetch a page of items as they were at a revision; the counterpart of pages.py.

item_validity has the rows in order, and the snapshot knows their count. Conditions apply to the rows of the versions
that the list showed at the revision, which are in two tables.
"""

from typing import Any
from uuid import UUID

from database.query import Row, fetch_all
from database.sql import fragment, sql_shape
from items.history.as_of import (
    VALID_AT_REVISION,
    nearest_slice,
    snapshot_page_sql,
    snapshot_parameters,
    version_row_sql,
)
from items.history.snapshots import Snapshot
from items.page_bytes import bytes_sql, fetch_bounded, measured, page_columns
from items.queries import Head, ItemPage, parse_page
from items.query_params import raise_invalid
from items.search.conditions import Conditions, DeletedFilter
from items.search.pages import COUNT_SQL, PAGE_START, SORT_KEY_COLUMNS, PageWindow
from items.search.query import ListQuery
from items.search.timeout import search_timeout

# Every version of an item has the item's created_at: with it, a row found by an index on content finds its validity by
# one look-up, not by a scan of the dataset's.
FILTERED_ROWS = """
  SELECT i.id, i.version, i.$time AS key_time
    FROM (SELECT item_id, version, created_at FROM item_validity WHERE $valid_at_revision) p
    JOIN $table i ON i.team_id = %(project_id)s AND i.id = p.item_id AND i.version = p.version
                 AND i.created_at = p.created_at
   WHERE $conditions
"""
FILTERED_PAGE = """
WITH matches AS MATERIALIZED ($matches)
SELECT h.*, page.key_time, page.id, $columns
  FROM (SELECT $count, 0 AS revision, 0 AS touch_count) h
  LEFT JOIN (
    SELECT key_time, id, version FROM matches WHERE $after ORDER BY $order LIMIT %(limit)s OFFSET %(offset)s
  ) page ON true
  LEFT JOIN LATERAL ($version_row) x ON true
 ORDER BY $page_order
"""


def fetch_snapshot_page(
    project_id: int, dataset_id: UUID, snapshot: Snapshot, query: ListQuery, window: PageWindow
) -> ItemPage:
    """Return a page in scan order. Raises SearchTimeout, PageTooLarge, and ValidationError for archived items."""
    check_deleted_filter(query.conditions)
    parameters = snapshot_parameters(project_id, dataset_id, snapshot) | window.parameters
    if not query.needs_scan:
        rows = fetch_bounded(
            lambda guards: indexed_rows(snapshot, query, window, parameters | guards, page_columns_of(query)),
            lambda: measured(indexed_rows(snapshot, query, window, parameters, bytes_sql("x", query.columns))),
            limit=window.limit,
            json_indexes=query.json_indexes,
            start=SORT_KEY_COLUMNS,
            spare=query.spare_rows,
        )
        return ItemPage(Head(snapshot.item_count, snapshot.revision, 0), rows)
    parameters |= query.conditions.parameters
    with search_timeout():
        rows = fetch_bounded(
            lambda guards: fetch_all(filtered_snapshot_page_sql(query, window), parameters | guards),
            lambda: measured(fetch_all(filtered_snapshot_bytes_sql(query, window), parameters)),
            limit=window.limit,
            json_indexes=query.json_indexes,
            start=PAGE_START,
            spare=query.spare_rows,
        )
    page = parse_page(rows)
    return ItemPage(page.head._replace(revision=snapshot.revision), page.rows)


def check_deleted_filter(conditions: Conditions) -> None:
    """Raises ValidationError for archived items, which no revision lists."""
    if conditions.deleted_filter is not DeletedFilter.LIVE:
        raise_invalid("deleted", "Deleted items cannot be listed for a past revision.")


def indexed_rows(
    snapshot: Snapshot, query: ListQuery, window: PageWindow, parameters: dict[str, Any], columns: str
) -> list[Row]:
    scan_order = window.scan_order(query.order)
    order = scan_order.order_by_sql("created_at", "item_id")
    if window.cursor:
        condition = window.after_sql(query.order, "created_at", "item_id")
    else:
        page_slice = nearest_slice(snapshot.item_count, limit=window.limit, offset=window.offset)
        if not page_slice.limit:
            return []
        condition, parameters = "true", parameters | page_slice.parameters
        order = scan_order.reverse.order_by_sql("created_at", "item_id") if page_slice.is_reversed else order
    statement = snapshot_page_sql(
        order, columns=columns, condition=condition, shown=scan_order.order_by_sql("created_at", "id")
    )
    return fetch_all(statement, parameters)


def page_columns_of(query: ListQuery) -> str:
    return page_columns("x", ("created_at", "id", *query.columns), is_text=True).sql


def filtered_snapshot_page_sql(query: ListQuery, window: PageWindow) -> str:
    return page_of_matches(query, window, page_columns("x", query.columns, is_text=True).sql)


def filtered_snapshot_bytes_sql(query: ListQuery, window: PageWindow) -> str:
    return page_of_matches(query, window, bytes_sql("x", query.columns))


def page_of_matches(query: ListQuery, window: PageWindow, columns: str) -> str:
    order = window.scan_order(query.order)
    return sql_shape(
        "list_snapshot_matches",
        FILTERED_PAGE,
        matches=snapshot_matches_sql(query.conditions, time=query.order.column),
        columns=columns,
        count=COUNT_SQL,
        after=window.after_sql(query.order, "key_time", "id"),
        order=order.order_by_sql("key_time", "id"),
        version_row=version_row_sql("page.id", "page.version"),
        page_order=order.order_by_sql("page.key_time", "page.id"),
    )


def snapshot_matches_sql(conditions: Conditions, *, time: str = "created_at") -> str:
    """Select id, version and key_time of the items listed at a revision that match the conditions.

    Takes the parameters of snapshot_parameters() and of the conditions.
    """
    current, superseded = (
        fragment(
            FILTERED_ROWS,
            time=time,
            valid_at_revision=VALID_AT_REVISION,
            table=table,
            conditions=conditions.content_sql,
        )
        for table in ("dataset_item", "item_version")
    )
    both = fragment("$current UNION ALL $superseded", current=current, superseded=superseded)
    if not conditions.sample:
        return both
    return fragment("SELECT i.* FROM ($matches) i $first", matches=both, first=conditions.sample_sql)
