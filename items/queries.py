"""Named reads of items, each within one project. A read is one statement, so it sees one snapshot."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from auth.access import USER_COLUMNS, UserRow, access_sql
from database.citus import has_citus
from database.query import Row, fetch_all, fetch_one
from database.sql import fragment, sql, sql_shape
from items.page_bytes import bytes_sql, fetch_bounded, measured, page_columns
from items.rows import JSON_COLUMNS, DatasetRef, ItemRow
from rest.pagination import MAX_OFFSET, LimitOffsetPagination

ITEM_COLUMNS = ", ".join(f"i.{name}::text" if name in JSON_COLUMNS else f"i.{name}" for name in ItemRow._fields)
GUARDED_COLUMNS = page_columns("i", ItemRow._fields, only_shown=True)
# Beyond this offset, a page scans only the index, from the nearer end, and joins its rows afterwards.
DEEP_OFFSET = 1000
# The most entries that a page scans by its place: one of these is in the text of its statement. PostgreSQL expects a
# parameter of LIMIT to be a tenth of all rows, and would plan each page for its values rather than keep that plan.
SCAN_LIMITS = (16, 32, 64, 128, 256, 512, 1024, DEEP_OFFSET + LimitOffsetPagination.max_limit + 1)
# The order of lists, which the indexes dataset_item_page and dataset_item_project_page have.
NEWEST_FIRST = "created_at DESC, id"
OLDEST_FIRST = "created_at, id DESC"

DATASET_HEAD = """
    SELECT item_count, revision, touch_count FROM dataset_head
     WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
"""
READ_HEAD = sql("read_dataset_head", DATASET_HEAD)
PROJECT_HEAD = """
    SELECT coalesce(sum(item_count), 0)::bigint AS item_count, 0 AS revision, 0 AS touch_count
      FROM dataset_head WHERE team_id = %(project_id)s
"""
IN_DATASET = "team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND deleted IS NOT TRUE"
# Spelled differently from IN_DATASET, like the predicate of its index, so that no plan uses the project's index for a
# page of one dataset, scanning all newer items of the others.
IN_PROJECT = "team_id = %(project_id)s AND NOT coalesce(deleted, false)"
# For rows that are found by their ids. Spelled differently from the predicate of any index: where projects have few
# items on average, the planner expects one row of any project and dataset, and would look for the ids in all its rows.
IS_LIVE_BY_ID = "deleted IS DISTINCT FROM true"


class Head(NamedTuple):
    item_count: int
    revision: int
    touch_count: int


# The columns of a row of ProjectItems.page(): the page's head comes with each.
PAGE_COLUMNS = (*Head._fields, *ItemRow._fields)


class ItemPage(NamedTuple):
    head: Head  # of the dataset; without one, only item_count is meaningful
    rows: list[Row]  # with the requested columns


class ItemWithAuthor(NamedTuple):
    item: ItemRow
    author: UserRow | None  # None also if it was not read with the item


class DatasetNotFound(Exception):
    """The project has no dataset with this id."""


@dataclass(frozen=True, slots=True)
class ProjectItems:
    """The items of one project."""

    project_id: int

    def page(self, *, dataset_id: UUID | None, limit: int, offset: int, has_fields: bool = True) -> ItemPage:
        """Return live items, newest first, with PAGE_COLUMNS. Raises DatasetNotFound and PageTooLarge.

        Page and count are one statement; an offset scans as many index entries, at most half of all.
        """
        parameters = {
            "project_id": self.project_id,
            "dataset_id": dataset_id,
            "limit": limit,
            "offset": min(offset, MAX_OFFSET),
        }
        kind = dataset_id is not None, scan_limit(limit, offset)
        rows = fetch_bounded(
            lambda guards: fetch_all(PAGES[kind], parameters | guards),
            lambda: measured(fetch_all(PAGE_BYTES[kind], parameters)),
            limit=limit,
            json_indexes=GUARDED_COLUMNS.json_indexes,
            start=len(Head._fields),
            has_fields=has_fields,
        )
        # Copies without the head take 2 % of a list.
        return ItemPage(read_head(rows), rows if rows[0][len(Head._fields)] is not None else [])

    def get(self, item_id: UUID, *, dataset_id: UUID | None = None) -> ItemWithAuthor | None:
        """Return a live item, only of the given dataset if any. Raises DatasetNotFound."""
        if dataset_id is not None:
            return self._get_in_dataset(item_id, dataset_id)
        return self._find(item_id, FIND_LIVE_ITEM, FIND_LIVE_ITEM_ALONE)

    def get_with_archived(self, item_id: UUID, *, dataset_id: UUID | None = None) -> ItemWithAuthor | None:
        """Return an item for a write, archived or not: v1 allows writes to archived items. Raises DatasetNotFound."""
        if dataset_id is not None:
            return self._get_in_dataset(item_id, dataset_id, include_archived=True)
        return self._find(item_id, FIND_ITEM, FIND_ITEM_ALONE)

    def head(self, dataset_id: UUID) -> Head:
        """Raises DatasetNotFound."""
        row = fetch_one(READ_HEAD, DatasetRef(self.project_id, dataset_id).parameters)
        if row is None:
            raise DatasetNotFound
        return Head._make(row)

    def _find(self, item_id: UUID, with_author: str, alone: str) -> ItemWithAuthor | None:
        """Leave the author, who is mostly the caller, to be read later on Citus: it keeps plans for one table only."""
        parameters = {"project_id": self.project_id, "id": item_id}
        if not has_citus():
            return parse_item_row(fetch_one(with_author, parameters))
        row = fetch_one(alone, parameters)
        return ItemWithAuthor(ItemRow._make(row), None) if row else None

    def _get_in_dataset(
        self, item_id: UUID, dataset_id: UUID, *, include_archived: bool = False
    ) -> ItemWithAuthor | None:
        item = {"id": item_id, "include_archived": include_archived}
        row = fetch_one(FIND_ITEM_IN_DATASET, DatasetRef(self.project_id, dataset_id).parameters | item)
        if row is None:
            raise DatasetNotFound
        return parse_item_row(row)


def parse_page(rows: list[Row]) -> ItemPage:
    """Split each row into head and item columns; an all-NULL item means the page is empty.

    Raises DatasetNotFound.
    """
    width = len(Head._fields)
    return ItemPage(read_head(rows), [row[width:] for row in rows if row[width] is not None])


def read_head(rows: list[Row]) -> Head:
    """Raises DatasetNotFound."""
    if not rows:
        raise DatasetNotFound
    return Head._make(rows[0][: len(Head._fields)])


def parse_item_row(row: Row | None) -> ItemWithAuthor | None:
    """Return None if there is no row, or one of nulls."""
    if not row or row[0] is None:
        return None
    width = len(ItemRow._fields)
    author = UserRow.from_row(row[width:]) if row[width] is not None else None
    return ItemWithAuthor(ItemRow._make(row[:width]), author)


FIND_ITEM_SQL = fragment(
    """
SELECT $item_columns, $user_columns
  FROM dataset_item i LEFT JOIN api_auth_user u ON u.id = i.created_by_id
 WHERE i.team_id = %(project_id)s AND i.id = %(id)s""",
    item_columns=ITEM_COLUMNS,
    user_columns=USER_COLUMNS,
)
IS_LIVE = " AND i.deleted IS NOT TRUE"
FIND_LIVE_ITEM_SQL = FIND_ITEM_SQL + IS_LIVE
FIND_ITEM = sql("find_item", FIND_ITEM_SQL)
FIND_LIVE_ITEM = sql("find_live_item", FIND_LIVE_ITEM_SQL)
FIND_ITEM_ALONE_SQL = fragment(
    "SELECT $columns FROM dataset_item i WHERE i.team_id = %(project_id)s AND i.id = %(id)s", columns=ITEM_COLUMNS
)
FIND_ITEM_ALONE = sql("find_item_alone", FIND_ITEM_ALONE_SQL)
FIND_LIVE_ITEM_ALONE = sql("find_live_item_alone", FIND_ITEM_ALONE_SQL + IS_LIVE)
# Access also names the project by its number, so that a sharded database sees a single shard.
FIND_ITEM_WITH_ACCESS = access_sql("find_item_with_access", "%(project_id)s", FIND_ITEM_SQL)
FIND_LIVE_ITEM_WITH_ACCESS = access_sql("find_live_item_with_access", "%(project_id)s", FIND_LIVE_ITEM_SQL)
# No row: no such dataset. A row of nulls: no such item in the dataset.
FIND_ITEM_IN_DATASET = sql(
    "find_item_in_dataset",
    """
SELECT $item_columns, $user_columns
  FROM dataset_head h
  LEFT JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = %(id)s AND i.dataset_id = h.dataset_id
                               AND (i.deleted IS NOT TRUE OR %(include_archived)s)
  LEFT JOIN api_auth_user u ON u.id = i.created_by_id
 WHERE h.team_id = %(project_id)s AND h.dataset_id = %(dataset_id)s
""",
    item_columns=ITEM_COLUMNS,
    user_columns=USER_COLUMNS,
)


def scan_limit(limit: int, offset: int = 0) -> int | None:
    """Return the one of SCAN_LIMITS that a page needs; None for a deep page, which has another statement."""
    if offset > DEEP_OFFSET:
        return None
    return next((most for most in SCAN_LIMITS if limit + offset <= most), None)


def page_sql(
    head: str,
    condition: str,
    *,
    scanned: int | None = None,
    columns: str = ITEM_COLUMNS,
    order: str = NEWEST_FIRST,
    name: str = "list_page",
) -> str:
    """Scan the list's index once, from its start or from where the condition begins; `scanned` is a scan_limit()."""
    return sql_shape(
        name,
        """
SELECT h.*, i.* FROM ($head) h
  LEFT JOIN LATERAL (
    SELECT $columns FROM (SELECT * FROM dataset_item i WHERE $condition ORDER BY $order $scan_limit) i
     LIMIT %(limit)s OFFSET %(offset)s
  ) i ON true
""",
        head=head,
        columns=columns,
        condition=condition,
        order=order,
        scan_limit=f"LIMIT {scanned}" if scanned else "",
    )


def deep_page_sql(
    head: str,
    condition: str,
    *,
    columns: str = ITEM_COLUMNS,
    order: str = NEWEST_FIRST,
    reverse: str = OLDEST_FIRST,
    name: str = "deep_list_page",
) -> str:
    """Scan the index from either end; a LIMIT of 0 keeps the longer scan from starting.

    A condition in WHERE would do so too, but PostgreSQL checks it in a step of its own for each scanned entry, which
    takes 9 % of the statement's time at 10,000 entries.

    OFFSET 0 makes PostgreSQL join the rows one by one by their key: a generic plan does not know how few rows the scans
    return, and would rather read the whole table.
    """
    return sql_shape(
        name,
        """
SELECT h.*, i.* FROM ($head) h
  LEFT JOIN LATERAL (
    (SELECT created_at, id FROM dataset_item WHERE $condition
      ORDER BY $order
      LIMIT CASE WHEN %(offset)s <= h.item_count / 2 THEN %(limit)s ELSE 0 END
      OFFSET %(offset)s)
    UNION ALL
    (SELECT created_at, id FROM dataset_item WHERE $condition
      ORDER BY $reverse
      LIMIT CASE WHEN %(offset)s > h.item_count / 2
            THEN least(%(limit)s, greatest(h.item_count - %(offset)s, 0)) ELSE 0 END
      OFFSET greatest(h.item_count - %(offset)s - %(limit)s, 0))
  ) page ON true
  LEFT JOIN LATERAL (
    SELECT $columns FROM dataset_item i WHERE i.team_id = %(project_id)s AND i.id = page.id OFFSET 0
  ) i ON true
 ORDER BY $page_order
""",
        head=head,
        condition=condition,
        columns=columns,
        order=order,
        reverse=reverse,
        page_order=f"page.{order.replace(', ', ', page.')}",
    )


def page_sqls(columns: str, suffix: str = "") -> dict[tuple[bool, int | None], str]:
    """Return statements by whether a page is of one dataset, and by its scan_limit()."""
    near: dict[tuple[bool, int | None], str] = {
        (in_dataset, scanned): page_sql(head, condition, scanned=scanned, columns=columns, name=f"{name}{suffix}")
        for in_dataset, head, condition, name in (
            (True, DATASET_HEAD, IN_DATASET, "dataset_page"),
            (False, PROJECT_HEAD, IN_PROJECT, "project_page"),
        )
        for scanned in SCAN_LIMITS
    }
    return {
        **near,
        (True, None): deep_page_sql(DATASET_HEAD, IN_DATASET, columns=columns, name=f"deep_dataset_page{suffix}"),
        (False, None): deep_page_sql(PROJECT_HEAD, IN_PROJECT, columns=columns, name=f"deep_project_page{suffix}"),
    }


PAGES = page_sqls(GUARDED_COLUMNS.sql)
PAGE_BYTES = page_sqls(f"{bytes_sql('i', ItemRow._fields)} AS bytes", "_bytes")


def get_page_sql(*, in_dataset: bool, limit: int, offset: int = 0) -> str:
    return PAGES[in_dataset, scan_limit(limit, offset)]
