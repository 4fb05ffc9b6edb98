"""Items as they were at a revision of their dataset."""

from typing import Any, NamedTuple
from uuid import UUID

from auth.access import USER_COLUMNS
from database.query import Row, fetch_all, fetch_one
from database.sql import fragment, sql, sql_shape
from items.history.snapshots import Snapshot
from items.page_bytes import bytes_sql, fetch_bounded, measured, page_columns
from items.queries import NEWEST_FIRST, OLDEST_FIRST, ItemWithAuthor, parse_item_row
from items.rows import JSON_COLUMNS, DatasetRef, ItemRow, item_columns

VERSION_COLUMNS = ", ".join(f"{name}::text AS {name}" if name in JSON_COLUMNS else name for name in ItemRow._fields)
PAGE_ROW_COLUMNS = item_columns("x")


VERSION_ROW_SQL = """
      SELECT $columns FROM dataset_item WHERE team_id = %(project_id)s AND id = $item AND version = $version
      UNION ALL
      SELECT $columns FROM item_version WHERE team_id = %(project_id)s AND id = $item AND version = $version
"""


def version_row_sql(item: str, version: str, *, columns: str = VERSION_COLUMNS) -> str:
    """Select the row of one version: from dataset_item if it is the current one, otherwise from item_version."""
    return fragment(VERSION_ROW_SQL, columns=columns, item=item, version=version)


# An item is never newer than a revision that lists it (see NEXT_TIME), so the scan skips items created later.
VALID_AT_REVISION = """
    team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND created_at <= %(time)s
    AND valid_from <= %(revision)s AND valid_to > %(revision)s
"""


def snapshot_page_sql(
    order: str,
    *,
    columns: str = PAGE_ROW_COLUMNS,
    condition: str = "true",
    shown: str = NEWEST_FIRST,
    name: str = "snapshot_list_page",
) -> str:
    """Scan the validity index once, then read the rows `x` of the page."""
    return sql_shape(
        name,
        """
SELECT $columns FROM (
    SELECT item_id AS id, version, created_at FROM item_validity WHERE $valid_at_revision AND $condition
     ORDER BY $order LIMIT %(limit)s OFFSET %(offset)s
  ) page
 CROSS JOIN LATERAL ($version_row) x
 ORDER BY $page_order
""",
        columns=columns,
        valid_at_revision=VALID_AT_REVISION,
        condition=condition,
        order=order,
        version_row=version_row_sql("page.id", "page.version"),
        page_order=f"page.{shown.replace(', ', ', page.')}",
    )


GUARDED_COLUMNS = page_columns("x", ItemRow._fields, is_text=True)
SHOWN_COLUMNS = page_columns("x", ItemRow._fields, is_text=True, only_shown=True)
ROW_BYTES = bytes_sql("x", ItemRow._fields)
PAGE_FROM_NEWEST = snapshot_page_sql(NEWEST_FIRST, columns=SHOWN_COLUMNS.sql, name="snapshot_page_from_newest")
PAGE_FROM_OLDEST = snapshot_page_sql(OLDEST_FIRST, columns=SHOWN_COLUMNS.sql, name="snapshot_page_from_oldest")
BYTES_FROM_NEWEST = snapshot_page_sql(NEWEST_FIRST, columns=ROW_BYTES, name="snapshot_bytes_from_newest")
BYTES_FROM_OLDEST = snapshot_page_sql(OLDEST_FIRST, columns=ROW_BYTES, name="snapshot_bytes_from_oldest")
FIND_VERSION = sql(
    "find_version",
    "SELECT $columns, $users FROM ($version_row) x LEFT JOIN api_auth_user u ON u.id = x.created_by_id",
    columns=PAGE_ROW_COLUMNS,
    users=USER_COLUMNS,
    version_row=version_row_sql("%(id)s", "%(version)s"),
)
# created_at never changes, and the index on item_validity needs it.
VERSION_AT_REVISION = sql(
    "find_version_at_revision",
    """
SELECT version FROM item_validity
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
   AND created_at = (SELECT created_at FROM dataset_item WHERE team_id = %(project_id)s AND id = %(id)s)
   AND item_id = %(id)s AND valid_from <= %(revision)s AND valid_to > %(revision)s
""",
)


def page_as_of(
    project_id: int, dataset_id: UUID, snapshot: Snapshot, *, limit: int, offset: int, has_fields: bool = True
) -> list[Row]:
    """Return one page of rows with the columns of ItemRow, only to be shown, newest first. Raises PageTooLarge."""
    page_slice = nearest_slice(snapshot.item_count, limit=limit, offset=offset)
    if not page_slice.limit:
        return []
    parameters = snapshot_parameters(project_id, dataset_id, snapshot) | page_slice.parameters
    page, page_bytes = (
        (PAGE_FROM_OLDEST, BYTES_FROM_OLDEST) if page_slice.is_reversed else (PAGE_FROM_NEWEST, BYTES_FROM_NEWEST)
    )
    return fetch_bounded(
        lambda guards: fetch_all(page, parameters | guards),
        lambda: measured(fetch_all(page_bytes, parameters)),
        limit=page_slice.limit,
        json_indexes=SHOWN_COLUMNS.json_indexes,
        has_fields=has_fields,
    )


class Slice(NamedTuple):
    """LIMIT and OFFSET of a page, counted from the nearer end of the list."""

    limit: int
    offset: int
    is_reversed: bool

    @property
    def parameters(self) -> dict[str, int]:
        return {"limit": self.limit, "offset": self.offset}


def nearest_slice(count: int, *, limit: int, offset: int) -> Slice:
    """Locate a page in a list of `count` items; past the middle, count from the far end."""
    count_on_page = max(0, min(limit, count - offset))
    is_reversed = offset > count // 2
    return Slice(count_on_page, count - offset - count_on_page if is_reversed else offset, is_reversed)


def snapshot_parameters(project_id: int, dataset_id: UUID, snapshot: Snapshot) -> dict[str, Any]:
    return DatasetRef(project_id, dataset_id).parameters | {"revision": snapshot.revision, "time": snapshot.created_at}


def get_version(project_id: int, item_id: UUID, version: int) -> ItemWithAuthor | None:
    return parse_item_row(fetch_one(FIND_VERSION, {"project_id": project_id, "id": item_id, "version": version}))


def get_as_of(project_id: int, item_id: UUID, dataset_id: UUID, snapshot: Snapshot) -> ItemWithAuthor | None:
    """Return the item as its dataset listed it at the snapshot, or None if it was not listed."""
    parameters = DatasetRef(project_id, dataset_id).parameters | {"id": item_id, "revision": snapshot.revision}
    row = fetch_one(VERSION_AT_REVISION, parameters)
    return get_version(project_id, item_id, row[0]) if row else None
