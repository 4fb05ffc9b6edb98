"""Find items of a dataset that are equal in some fields. JSON is compared by value, however it is spelled."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from database.backend.timeouts import statement_timeout
from database.query import fetch_all
from database.sql import fragment, sql_shape
from items.heads import lock_head
from items.queries import IN_DATASET
from items.rows import CONTENT_COLUMNS, JSON_COLUMNS, DatasetRef
from items.search.timeout import fetch_within_timeout
from items.writes.bulk_update import ItemUpdate, SetClause, write_revisions
from rest.pagination import MAX_OFFSET

# The fields that may be compared.
COMPARABLE_FIELDS = CONTENT_COLUMNS
MAX_IDS_PER_GROUP = 100
# The most items archived by one request, which bounds its memory and how long other writers wait.
MAX_ARCHIVED = 100_000
TOO_LARGE_ADVICE = "This dataset is too large to search in one request."


class DuplicateGroup(NamedTuple):
    """A group of equal items; ids are oldest first."""

    item_count: int
    ids: list[UUID]


def comparable_sql(name: str) -> str:
    """Cast JSON to jsonb, which compares by value and can be grouped."""
    return f"i.{name}::jsonb" if name in JSON_COLUMNS else f"i.{name}"


def hash_sql(name: str) -> str:
    """Return a hash that is equal for equal values: jsonb's ignores the order of keys and the spelling of numbers."""
    kind = "jsonb_hash_extended" if name in JSON_COLUMNS else "hashtextextended"
    value = comparable_sql(name) if name in JSON_COLUMNS else f"i.{name}::text"
    return f"coalesce({kind}({value}, 0), 0)"


def groups(on: Sequence[str]) -> str:
    """Build the CTEs that group equal items.

    Two passes, so that only values with equal hashes are compared and sorted. Items that have none of the fields are
    not duplicates of each other.
    """
    has_any = f"num_nonnulls({', '.join(f'i.{name}' for name in on)}) > 0"
    hashes = ", ".join(f"{hash_sql(name)} AS h_{name}" for name in on)
    names = ", ".join(f"h_{name}" for name in on)
    values = ", ".join(comparable_sql(name) for name in on)
    return fragment(
        """
  hashed AS MATERIALIZED (SELECT i.id, $hashes FROM dataset_item i WHERE $in_dataset AND $has_any),
  collisions AS (SELECT $names FROM hashed GROUP BY $names HAVING count(*) > 1),
  duplicates AS MATERIALIZED (
    SELECT count(*) AS items, min(i.created_at) AS since, array_agg(i.id ORDER BY i.created_at, i.id) AS ids
      FROM collisions JOIN hashed USING ($names) JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = hashed.id
     GROUP BY $values HAVING count(*) > 1
  )
""",
        hashes=hashes,
        in_dataset=IN_DATASET,
        has_any=has_any,
        names=names,
        values=values,
    )


def duplicates_page_sql(on: Sequence[str]) -> str:
    return sql_shape(
        "list_duplicates",
        """
WITH $groups
SELECT total.groups, page.items, page.ids FROM (SELECT count(*) AS groups FROM duplicates) total
  LEFT JOIN LATERAL (
    SELECT items, ids[1:$max_ids] AS ids, since FROM duplicates
     ORDER BY items DESC, since, ids[1] LIMIT %(limit)s OFFSET %(offset)s
  ) page ON true
 ORDER BY page.items DESC, page.since, page.ids[1]
""",
        groups=groups(on),
        max_ids=str(MAX_IDS_PER_GROUP),
    )


def surplus_items_sql(on: Sequence[str]) -> str:
    """Select the number of groups, the number of items to archive, and these items, oldest first."""
    return sql_shape(
        "list_surplus_items",
        """
WITH $groups, total AS (
  SELECT count(*) AS groups, coalesce(sum(items - 1), 0)::bigint AS duplicates FROM duplicates
)
SELECT total.groups, total.duplicates, i.id, i.created_at, i.version
  FROM total, duplicates, LATERAL unnest(ids[2:]) AS d (id)
  JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = d.id
 ORDER BY i.created_at, i.id LIMIT %(limit)s
""",
        groups=groups(on),
    )


def list_duplicates(
    project_id: int, dataset_id: UUID, on: Sequence[str], *, limit: int, offset: int
) -> tuple[int, list[DuplicateGroup]]:
    """Return the number of groups and one page of them, largest first. Reads all live items of the dataset."""
    page = {"limit": limit, "offset": min(offset, MAX_OFFSET)}
    rows = fetch_all(duplicates_page_sql(on), DatasetRef(project_id, dataset_id).parameters | page)
    return rows[0][0], [DuplicateGroup(*row[1:]) for row in rows if row[1] is not None]


class ArchiveResult(NamedTuple):
    dataset_revision: int
    groups: int
    archived: int
    remaining: int


def archive_duplicates(*, project_id: int, user_id: int, dataset_id: UUID, on: Sequence[str]) -> ArchiveResult:
    """Archive all but the oldest item of each group, in one revision or none.

    Other writers of the dataset wait from the search on. Raises DatasetNotFound and SearchTimeout.
    """
    with statement_timeout(0):
        head = lock_head(project_id, dataset_id)
        parameters = DatasetRef(project_id, dataset_id).parameters | {"limit": MAX_ARCHIVED}
        rows = fetch_within_timeout(surplus_items_sql(on), parameters, TOO_LARGE_ADVICE)
        if not rows:
            return ArchiveResult(head.revision, 0, 0, 0)
        updates = [
            ItemUpdate(
                item_id, created_at, version, dataset_id, was_live=True, new_dataset_id=dataset_id, is_live=False
            )
            for *_, item_id, created_at, version in rows
        ]
        assignments = SetClause({"deleted": "true"}, {}, {})
        revisions = write_revisions(project_id, user_id, updates, assignments, {dataset_id: head})
        groups, duplicates = rows[0][:2]
        return ArchiveResult(revisions[dataset_id], groups, len(rows), duplicates - len(rows))
