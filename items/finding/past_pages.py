"""A page of the items that a list is asked for, as they were at a revision; the counterpart of pages.py.

The presences have the rows in order, and the moment knows their number; where there is a condition, it is about the
rows of the versions that the list showed then, which stand in two tables.
"""

from typing import Any
from uuid import UUID

from database.statements import Row, fetch_all
from items.finding.conditions import Shown
from items.finding.pages import COUNT, Span
from items.finding.time_limit import time_limit
from items.finding.values import refuse
from items.finding.wanted import Wanted
from items.history.as_of import SHOWN_THEN, nearer_stretch, page_statement, parameters_of, row_of_version
from items.history.moments import Moment
from items.reads import Head, ItemPage, page_of


def find_past_page(project_id: int, dataset_id: UUID, moment: Moment, wanted: Wanted, span: Span) -> ItemPage:
    """Raises SearchTimeout, and ValidationError for the trash, which no revision remembers as a list."""
    if wanted.conditions.shown is not Shown.LIVE:
        refuse("deleted", "A past revision is known by the items that it showed; those deleted then cannot be listed.")
    parameters = parameters_of(project_id, dataset_id, moment) | span.parameters
    if not wanted.is_found:
        return ItemPage(Head(moment.item_count, moment.revision, 0), walked_rows(moment, wanted, span, parameters))
    with time_limit():
        page = page_of(fetch_all(found_page(wanted, span), parameters | wanted.conditions.parameters))
    return ItemPage(page.head._replace(revision=moment.revision), page.rows)


def walked_rows(moment: Moment, wanted: Wanted, span: Span, parameters: dict[str, Any]) -> list[Row]:
    columns = columns_of(("created_at", "id", *wanted.columns))
    shown = span.walk(wanted.order)
    order = shown.by("created_at", "item_id")
    if span.cursor:
        condition = span.behind(wanted.order, "created_at", "item_id")
    else:
        stretch = nearer_stretch(moment.item_count, limit=span.limit, offset=span.offset)
        if not stretch.limit:
            return []
        condition, parameters = "true", parameters | stretch.parameters
        order = shown.reverse.by("created_at", "item_id") if stretch.is_from_end else order
    statement = page_statement(order, columns=columns, condition=condition, shown=shown.by("created_at", "id"))
    return fetch_all(statement, parameters)


def columns_of(columns: tuple[str, ...]) -> str:
    return ", ".join(f"x.{name}" for name in columns)


def found_page(wanted: Wanted, span: Span) -> str:
    order = span.walk(wanted.order)
    return f"""
WITH found AS MATERIALIZED (
  {found_in("dataset_item", wanted)}
   UNION ALL
  {found_in("item_version", wanted)}
)
SELECT h.*, page.key_time, page.id, {columns_of(wanted.columns)}
  FROM (SELECT {COUNT}, 0 AS revision, 0 AS touches) h
  LEFT JOIN (
    SELECT key_time, id, version FROM found WHERE {span.behind(wanted.order, "key_time", "id")}
     ORDER BY {order.by("key_time", "id")} LIMIT %(limit)s OFFSET %(offset)s
  ) page ON true
  LEFT JOIN LATERAL ({row_of_version("page.id", "page.version")}) x ON true
 ORDER BY {order.by("page.key_time", "page.id")}
"""  # noqa: S608


def found_in(table: str, wanted: Wanted) -> str:
    return f"""
  SELECT i.id, i.version, i.{wanted.order.column} AS key_time
    FROM (SELECT item_id, version FROM item_presence WHERE {SHOWN_THEN}) p
    JOIN {table} i ON i.team_id = %(team)s AND i.id = p.item_id AND i.version = p.version
   WHERE {wanted.conditions.content_sql}"""  # noqa: S608
