"""Items as they were at a revision of their dataset."""

from typing import Any, NamedTuple
from uuid import UUID

from auth.access import PERSON_COLUMNS
from database.statements import Row, fetch_all, fetch_one
from items.history.moments import Moment
from items.models import JSON_COLUMNS, ItemRow, item_columns
from items.reads import NEWEST_FIRST, OLDEST_FIRST, FoundItem, item_of

COLUMNS = ", ".join(f"{name}::text AS {name}" if name in JSON_COLUMNS else name for name in ItemRow._fields)
PAGE_COLUMNS = item_columns("x")


def row_of_version(item: str, version: str) -> str:
    """A subquery for the row of a version: the item's own while it is the present one, else the superseded one."""
    return f"""
      SELECT {COLUMNS} FROM dataset_item WHERE team_id = %(team)s AND id = {item} AND version = {version}
      UNION ALL
      SELECT {COLUMNS} FROM item_version WHERE team_id = %(team)s AND id = {item} AND version = {version}
"""  # noqa: S608


# No list shows an item that is younger than its revision (see NEXT_TIME): the walk begins behind what came later.
SHOWN_THEN = """
    team_id = %(team)s AND dataset_id = %(dataset)s AND created_at <= %(time)s
    AND since_revision <= %(revision)s AND until_revision > %(revision)s
"""


def page_statement(
    order: str, *, columns: str = PAGE_COLUMNS, condition: str = "true", shown: str = NEWEST_FIRST
) -> str:
    """One walk of the index of presences, then the rows `x` of the page."""
    return f"""
SELECT {columns} FROM (
    SELECT item_id AS id, version, created_at FROM item_presence WHERE {SHOWN_THEN} AND {condition}
     ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
  ) page
 CROSS JOIN LATERAL ({row_of_version("page.id", "page.version")}) x
 ORDER BY page.{shown.replace(", ", ", page.")}
"""  # noqa: S608


PAGE_FROM_NEWEST = page_statement(NEWEST_FIRST)
PAGE_FROM_OLDEST = page_statement(OLDEST_FIRST)
FIND_VERSION = f"""
SELECT {PAGE_COLUMNS}, {PERSON_COLUMNS}
  FROM ({row_of_version("%(id)s", "%(version)s")}) x LEFT JOIN api_auth_user u ON u.id = x.created_by_id
"""  # noqa: S608
# created_at never changes; with it the presence is found by its key.
VERSION_AT = """
SELECT version FROM item_presence
 WHERE team_id = %(team)s AND dataset_id = %(dataset)s
   AND created_at = (SELECT created_at FROM dataset_item WHERE team_id = %(team)s AND id = %(id)s)
   AND item_id = %(id)s AND since_revision <= %(revision)s AND until_revision > %(revision)s
"""


def page_as_of(project_id: int, dataset_id: UUID, moment: Moment, *, limit: int, offset: int) -> list[Row]:
    """Rows of ItemRow's columns, newest first."""
    stretch = nearer_stretch(moment.item_count, limit=limit, offset=offset)
    if not stretch.limit:
        return []
    statement = PAGE_FROM_OLDEST if stretch.is_from_end else PAGE_FROM_NEWEST
    return fetch_all(statement, parameters_of(project_id, dataset_id, moment) | stretch.parameters)


class Stretch(NamedTuple):
    """A page, counted from the end of the list that is nearer to it."""

    limit: int
    offset: int
    is_from_end: bool

    @property
    def parameters(self) -> dict[str, int]:
        return {"limit": self.limit, "offset": self.offset}


def nearer_stretch(count: int, *, limit: int, offset: int) -> Stretch:
    """Of a list of so many items. Past the middle the walk begins at the far end."""
    length = max(0, min(limit, count - offset))
    is_from_end = offset > count // 2
    return Stretch(length, count - offset - length if is_from_end else offset, is_from_end)


def parameters_of(project_id: int, dataset_id: UUID, moment: Moment) -> dict[str, Any]:
    return {"team": project_id, "dataset": dataset_id, "revision": moment.revision, "time": moment.created_at}


def find_version(project_id: int, item_id: UUID, version: int) -> FoundItem | None:
    return item_of(fetch_one(FIND_VERSION, {"team": project_id, "id": item_id, "version": version}))


def find_as_of(project_id: int, item_id: UUID, dataset_id: UUID, moment: Moment) -> FoundItem | None:
    """The item as the dataset's list showed it then; None where it did not."""
    parameters = {"team": project_id, "id": item_id, "dataset": dataset_id, "revision": moment.revision}
    row = fetch_one(VERSION_AT, parameters)
    return find_version(project_id, item_id, row[0]) if row else None
