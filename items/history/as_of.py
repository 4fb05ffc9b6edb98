"""Items as they were at a revision of their dataset."""

from typing import Any, NamedTuple
from uuid import UUID

from auth.access import USER_COLUMNS
from database.query import Row, fetch_all, fetch_one
from items.history.snapshots import Snapshot
from items.models import JSON_COLUMNS, ItemRow, item_columns
from items.queries import NEWEST_FIRST, OLDEST_FIRST, ItemWithAuthor, parse_item_row

VERSION_COLUMNS = ", ".join(f"{name}::text AS {name}" if name in JSON_COLUMNS else name for name in ItemRow._fields)
PAGE_ROW_COLUMNS = item_columns("x")


def version_row_sql(item: str, version: str) -> str:
    """A subquery for the row of a version: the item's own while it is the present one, else the superseded one."""
    return f"""
      SELECT {VERSION_COLUMNS} FROM dataset_item WHERE team_id = %(project_id)s AND id = {item} AND version = {version}
      UNION ALL
      SELECT {VERSION_COLUMNS} FROM item_version WHERE team_id = %(project_id)s AND id = {item} AND version = {version}
"""  # noqa: S608


# No list shows an item that is younger than its revision (see NEXT_TIME): the walk begins behind what came later.
VALID_AT_REVISION = """
    team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND created_at <= %(time)s
    AND valid_from <= %(revision)s AND valid_to > %(revision)s
"""


def snapshot_page_sql(
    order: str, *, columns: str = PAGE_ROW_COLUMNS, condition: str = "true", shown: str = NEWEST_FIRST
) -> str:
    """One walk of the index of presences, then the rows `x` of the page."""
    return f"""
SELECT {columns} FROM (
    SELECT item_id AS id, version, created_at FROM item_validity WHERE {VALID_AT_REVISION} AND {condition}
     ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
  ) page
 CROSS JOIN LATERAL ({version_row_sql("page.id", "page.version")}) x
 ORDER BY page.{shown.replace(", ", ", page.")}
"""  # noqa: S608


PAGE_FROM_NEWEST = snapshot_page_sql(NEWEST_FIRST)
PAGE_FROM_OLDEST = snapshot_page_sql(OLDEST_FIRST)
FIND_VERSION = f"""
SELECT {PAGE_ROW_COLUMNS}, {USER_COLUMNS}
  FROM ({version_row_sql("%(id)s", "%(version)s")}) x LEFT JOIN api_auth_user u ON u.id = x.created_by_id
"""  # noqa: S608
# created_at never changes; with it the presence is found by its key.
VERSION_AT_REVISION = """
SELECT version FROM item_validity
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
   AND created_at = (SELECT created_at FROM dataset_item WHERE team_id = %(project_id)s AND id = %(id)s)
   AND item_id = %(id)s AND valid_from <= %(revision)s AND valid_to > %(revision)s
"""


def page_as_of(project_id: int, dataset_id: UUID, snapshot: Snapshot, *, limit: int, offset: int) -> list[Row]:
    """Rows of ItemRow's columns, newest first."""
    page_slice = nearest_slice(snapshot.item_count, limit=limit, offset=offset)
    if not page_slice.limit:
        return []
    statement = PAGE_FROM_OLDEST if page_slice.is_reversed else PAGE_FROM_NEWEST
    return fetch_all(statement, snapshot_parameters(project_id, dataset_id, snapshot) | page_slice.parameters)


class Slice(NamedTuple):
    """A page, counted from the end of the list that is nearer to it."""

    limit: int
    offset: int
    is_reversed: bool

    @property
    def parameters(self) -> dict[str, int]:
        return {"limit": self.limit, "offset": self.offset}


def nearest_slice(count: int, *, limit: int, offset: int) -> Slice:
    """Of a list of so many items. Past the middle the walk begins at the far end."""
    count_on_page = max(0, min(limit, count - offset))
    is_reversed = offset > count // 2
    return Slice(count_on_page, count - offset - count_on_page if is_reversed else offset, is_reversed)


def snapshot_parameters(project_id: int, dataset_id: UUID, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "dataset_id": dataset_id,
        "revision": snapshot.revision,
        "time": snapshot.created_at,
    }


def get_version(project_id: int, item_id: UUID, version: int) -> ItemWithAuthor | None:
    return parse_item_row(fetch_one(FIND_VERSION, {"project_id": project_id, "id": item_id, "version": version}))


def get_as_of(project_id: int, item_id: UUID, dataset_id: UUID, snapshot: Snapshot) -> ItemWithAuthor | None:
    """The item as the dataset's list showed it then; None where it did not."""
    parameters = {"project_id": project_id, "id": item_id, "dataset_id": dataset_id, "revision": snapshot.revision}
    row = fetch_one(VERSION_AT_REVISION, parameters)
    return get_version(project_id, item_id, row[0]) if row else None
