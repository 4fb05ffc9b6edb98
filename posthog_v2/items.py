"""Reads of items that v1 does not need: archived ones, now and at a revision."""

from uuid import UUID

from database.query import Row, fetch_all, fetch_one
from database.sql import fragment, sql
from items.history.as_of import SHOWN_COLUMNS, VERSION_COLUMNS, page_as_of, version_row_sql
from items.history.snapshots import RevisionNotFound, Snapshot, resolve_revision
from items.page_bytes import bytes_sql, fetch_bounded, measured
from items.queries import DEEP_OFFSET, GUARDED_COLUMNS, Head, ItemPage, ProjectItems, page_sql, parse_page
from items.rows import DatasetRef, ItemRow, item_columns
from items.search.timeout import search_timeout
from items.sources import add_details, list_detailed
from rest.pagination import MAX_OFFSET

ARCHIVED = "team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND deleted"
ARCHIVED_HEAD = fragment(
    """
    SELECT (SELECT count(*) FROM dataset_item WHERE $archived) AS item_count, revision, touch_count FROM dataset_head
     WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
""",
    archived=ARCHIVED,
)
ARCHIVED_PAGE = page_sql(ARCHIVED_HEAD, ARCHIVED, columns=GUARDED_COLUMNS.sql, name="archived_items_page")
ARCHIVED_BYTES = page_sql(ARCHIVED_HEAD, ARCHIVED, columns=bytes_sql("i", ItemRow._fields), name="archived_items_bytes")


def archived_as_of_sql(name: str, columns: str) -> str:
    """Find each item's last change up to the revision: it has the version then, unless the item moved out."""
    return sql(
        name,
        """
WITH last_changes AS (
  SELECT DISTINCT ON (item_id) item_id, version, operation FROM dataset_change
   WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND revision <= %(revision)s
   ORDER BY item_id, revision DESC, position DESC
)
SELECT $columns, count(*) OVER () FROM last_changes l CROSS JOIN LATERAL ($version_row) x
 WHERE l.operation <> 'moved_out' AND x.deleted
 ORDER BY x.created_at DESC, x.id LIMIT %(limit)s OFFSET %(offset)s
""",
        columns=columns,
        version_row=version_row_sql("l.item_id", "l.version"),
    )


ARCHIVED_PAGE_AS_OF = archived_as_of_sql("archived_items_page_as_of", SHOWN_COLUMNS.sql)
ARCHIVED_BYTES_AS_OF = archived_as_of_sql("archived_items_bytes_as_of", bytes_sql("x", ItemRow._fields))
# The newest version that the item had in its current dataset up to the revision. No row: no such item.
ITEM_AS_OF = sql(
    "find_item_as_of",
    """
SELECT h.revision, $columns
  FROM dataset_item live
  JOIN dataset_head h ON h.team_id = %(project_id)s AND h.dataset_id = live.dataset_id
  LEFT JOIN LATERAL (
    SELECT $version_columns FROM (
      SELECT $item_columns FROM dataset_item WHERE team_id = %(project_id)s AND id = %(id)s
      UNION ALL
      SELECT $item_columns FROM item_version WHERE team_id = %(project_id)s AND id = %(id)s
    ) every
     WHERE every.dataset_id = live.dataset_id AND every.revision <= %(revision)s ORDER BY version DESC LIMIT 1
  ) x ON true
 WHERE live.team_id = %(project_id)s AND live.id = %(id)s
""",
    columns=item_columns("x"),
    version_columns=VERSION_COLUMNS,
    item_columns=", ".join(ItemRow._fields),
)


def list_items(items: ProjectItems, dataset_id: UUID, *, archived: bool, limit: int, offset: int) -> ItemPage:
    """Return a page of items with their details, newest first. Raises DatasetNotFound and PageTooLarge."""
    if not archived and offset <= DEEP_OFFSET:
        return list_detailed(items.project_id, dataset_id, limit=limit, offset=offset)
    if archived:
        head, rows = archived_page(items.project_id, dataset_id, limit=limit, offset=offset)
    else:
        head, page = items.page(dataset_id=dataset_id, limit=limit, offset=offset, has_fields=False)
        rows = [row[len(Head._fields) :] for row in page]
    return ItemPage(head, add_details(items.project_id, rows))


def archived_page(project_id: int, dataset_id: UUID, *, limit: int, offset: int) -> ItemPage:
    parameters = DatasetRef(project_id, dataset_id).parameters | {"limit": limit, "offset": min(offset, MAX_OFFSET)}
    rows = fetch_bounded(
        lambda guards: fetch_all(ARCHIVED_PAGE, parameters | guards),
        lambda: measured(fetch_all(ARCHIVED_BYTES, parameters)),
        limit=limit,
        json_indexes=GUARDED_COLUMNS.json_indexes,
        start=len(Head._fields),
        has_fields=False,
    )
    return parse_page(rows)


def list_items_as_of(
    project_id: int, dataset_id: UUID, snapshot: Snapshot, *, archived: bool, limit: int, offset: int
) -> ItemPage:
    if not archived:
        rows = page_as_of(project_id, dataset_id, snapshot, limit=limit, offset=offset, has_fields=False)
        count = snapshot.item_count
    else:
        count, rows = archived_as_of(project_id, dataset_id, snapshot.revision, limit=limit, offset=offset)
    head = Head(count, snapshot.revision, snapshot.touch_count)
    return ItemPage(head, add_details(project_id, rows))


def archived_as_of(
    project_id: int, dataset_id: UUID, revision: int, *, limit: int, offset: int
) -> tuple[int, list[Row]]:
    """Return the number of archived items and one page of them. Reads all changes up to the revision.

    Raises PageTooLarge.
    """
    parameters = DatasetRef(project_id, dataset_id).parameters | {"revision": revision}
    window = parameters | {"limit": limit, "offset": min(offset, MAX_OFFSET)}
    with search_timeout("Use a lower revision.", "archived items"):
        rows = fetch_bounded(
            lambda guards: fetch_all(ARCHIVED_PAGE_AS_OF, window | guards),
            lambda: measured(fetch_all(ARCHIVED_BYTES_AS_OF, window), 0),
            limit=limit,
            json_indexes=SHOWN_COLUMNS.json_indexes,
            has_fields=False,
        )
        if not rows and offset:
            first = fetch_all(ARCHIVED_BYTES_AS_OF, parameters | {"limit": 1, "offset": 0})
            return (first[0][-1] if first else 0), []
    return (rows[0][-1] if rows else 0), [row[:-1] for row in rows]


def get_item_as_of(project_id: int, item_id: UUID, revision: int) -> ItemRow | None:
    """Return the item at the revision, archived or not.

    Returns None for an unknown item or revision, and for an item that was created later.
    """
    row = fetch_one(ITEM_AS_OF, {"project_id": project_id, "id": item_id, "revision": revision})
    if row is None or revision > row[0] or row[1] is None:
        return None
    return ItemRow._make(row[1:])


def get_snapshot(items: ProjectItems, dataset_id: UUID, revision: int) -> Snapshot | None:
    """Return None for an unknown revision. Raises DatasetNotFound."""
    try:
        return resolve_revision(items.project_id, dataset_id, str(revision))
    except RevisionNotFound:
        items.head(dataset_id)
        return None
