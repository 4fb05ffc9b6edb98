"""A page of the items that a list is asked for, as they were at a revision; the counterpart of pages.py.

The presences have the rows in order, and the moment knows their number; where there is a condition, it is about the
rows of the versions that the list showed then, which stand in two tables.
"""

from typing import Any
from uuid import UUID

from database.query import Row, fetch_all
from items.history.as_of import (
    VALID_AT_REVISION,
    nearest_slice,
    snapshot_page_sql,
    snapshot_parameters,
    version_row_sql,
)
from items.history.snapshots import Snapshot
from items.queries import Head, ItemPage, parse_page
from items.query_params import raise_invalid
from items.search.conditions import DeletedFilter
from items.search.pages import COUNT_SQL, PageWindow
from items.search.query import ListQuery
from items.search.timeout import search_timeout


def fetch_snapshot_page(
    project_id: int, dataset_id: UUID, snapshot: Snapshot, query: ListQuery, window: PageWindow
) -> ItemPage:
    """Raises SearchTimeout, and ValidationError for the trash, which no revision remembers as a list."""
    if query.conditions.deleted_filter is not DeletedFilter.LIVE:
        raise_invalid(
            "deleted", "A past revision is known by the items that it showed; those deleted then cannot be listed."
        )
    parameters = snapshot_parameters(project_id, dataset_id, snapshot) | window.parameters
    if not query.needs_scan:
        return ItemPage(
            Head(snapshot.item_count, snapshot.revision, 0), indexed_rows(snapshot, query, window, parameters)
        )
    with search_timeout():
        page = parse_page(
            fetch_all(filtered_snapshot_page_sql(query, window), parameters | query.conditions.parameters)
        )
    return ItemPage(page.head._replace(revision=snapshot.revision), page.rows)


def indexed_rows(snapshot: Snapshot, query: ListQuery, window: PageWindow, parameters: dict[str, Any]) -> list[Row]:
    columns = version_columns(("created_at", "id", *query.columns))
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


def version_columns(columns: tuple[str, ...]) -> str:
    return ", ".join(f"x.{name}" for name in columns)


def filtered_snapshot_page_sql(query: ListQuery, window: PageWindow) -> str:
    order = window.scan_order(query.order)
    return f"""
WITH matches AS MATERIALIZED (
  {filtered_rows_sql("dataset_item", query)}
   UNION ALL
  {filtered_rows_sql("item_version", query)}
)
SELECT h.*, page.key_time, page.id, {version_columns(query.columns)}
  FROM (SELECT {COUNT_SQL}, 0 AS revision, 0 AS touch_count) h
  LEFT JOIN (
    SELECT key_time, id, version FROM matches WHERE {window.after_sql(query.order, "key_time", "id")}
     ORDER BY {order.order_by_sql("key_time", "id")} LIMIT %(limit)s OFFSET %(offset)s
  ) page ON true
  LEFT JOIN LATERAL ({version_row_sql("page.id", "page.version")}) x ON true
 ORDER BY {order.order_by_sql("page.key_time", "page.id")}
"""  # noqa: S608


def filtered_rows_sql(table: str, query: ListQuery) -> str:
    return f"""
  SELECT i.id, i.version, i.{query.order.column} AS key_time
    FROM (SELECT item_id, version FROM item_validity WHERE {VALID_AT_REVISION}) p
    JOIN {table} i ON i.team_id = %(project_id)s AND i.id = p.item_id AND i.version = p.version
   WHERE {query.conditions.content_sql}"""  # noqa: S608
