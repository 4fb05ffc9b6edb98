"""All versions of an item, and the origin of a forked item."""

from typing import Any, NamedTuple
from uuid import UUID

from database.query import fetch_all
from database.sql import sql
from items.history.as_of import VERSION_COLUMNS
from items.models import ItemForkOrigin
from items.page_bytes import bytes_sql, fetch_bounded, measured, page_columns
from items.rows import ItemRow
from rest.pagination import MAX_OFFSET

GUARDED_COLUMNS = page_columns("v", ItemRow._fields, is_text=True)
VERSIONS = """
SELECT live.version AS total, $columns, c.created_at, c.created_by_id
  FROM dataset_item live
  LEFT JOIN LATERAL (
    SELECT $version_columns FROM (
      SELECT $item_columns FROM dataset_item WHERE team_id = %(project_id)s AND id = %(id)s
      UNION ALL
      SELECT $item_columns FROM item_version WHERE team_id = %(project_id)s AND id = %(id)s
    ) every
     WHERE version <= live.version - %(offset)s ORDER BY version DESC LIMIT %(limit)s
  ) v ON true
  LEFT JOIN dataset_change c ON c.team_id = %(project_id)s AND c.dataset_id = v.dataset_id AND c.revision = v.revision
                            AND c.position = 0
 WHERE live.team_id = %(project_id)s AND live.id = %(id)s
 ORDER BY v.version DESC
"""
PARTS = {"version_columns": VERSION_COLUMNS, "item_columns": ", ".join(ItemRow._fields)}
LIST_VERSIONS = sql("list_versions", VERSIONS, columns=GUARDED_COLUMNS.sql, **PARTS)
MEASURE_VERSIONS = sql("measure_versions", VERSIONS, columns=bytes_sql("v", ItemRow._fields), **PARTS)
ORIGIN_COLUMNS = ("origin_dataset_id", "origin_revision", "origin_item_id", "origin_version")


class Version(NamedTuple):
    row: ItemRow
    created_at: Any  # of the version, like created_by_id
    created_by_id: int | None


def list_versions(project_id: int, item_id: UUID, *, limit: int, offset: int) -> tuple[int, list[Version]] | None:
    """Return the number of versions and one page of them, newest first; None if the item does not exist.

    Versions are numbered 1, 2, 3, … without gaps. Raises PageTooLarge.
    """
    parameters = {"project_id": project_id, "id": item_id, "limit": limit, "offset": min(offset, MAX_OFFSET)}
    rows = fetch_bounded(
        lambda guards: fetch_all(LIST_VERSIONS, parameters | guards),
        lambda: measured(fetch_all(MEASURE_VERSIONS, parameters), 1),
        limit=limit,
        json_indexes=GUARDED_COLUMNS.json_indexes,
        start=1,
        has_fields=False,
    )
    if not rows:
        return None
    width = len(ItemRow._fields)
    versions = [Version(ItemRow._make(row[1 : width + 1]), *row[width + 1 :]) for row in rows if row[1] is not None]
    return rows[0][0], versions


def get_origin(project_id: int, item_id: UUID) -> dict[str, Any] | None:
    """Return the item version that a forked item was copied from, or None."""
    origin = ItemForkOrigin.objects.filter(team_id=project_id, id=item_id).values_list(*ORIGIN_COLUMNS).first()
    return dict(zip(("dataset", "revision", "item", "version"), origin, strict=True)) if origin else None
