"""Reads of items, each with a name, all within one project. A read is one statement, and so sees one snapshot."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from auth.access import PERSON_COLUMNS, Person, find_access_statement
from database.statements import Row, fetch_all, fetch_one
from items.models import JSON_COLUMNS, ItemRow
from rest.pagination import MAX_OFFSET

COLUMNS = ", ".join(f"i.{name}::text" if name in JSON_COLUMNS else f"i.{name}" for name in ItemRow._fields)
# Beyond this offset a page walks the index alone, from whichever end is nearer, and joins its rows afterwards.
DEEP_OFFSET = 1000
# A list's order; the indexes dataset_item_page and dataset_item_project_page have it.
NEWEST_FIRST = "created_at DESC, id"
OLDEST_FIRST = "created_at, id DESC"

HEAD_OF_DATASET = """
    SELECT item_count, revision, touches FROM dataset_head WHERE team_id = %(team)s AND dataset_id = %(dataset)s
"""
HEAD_OF_PROJECT = """
    SELECT coalesce(sum(item_count), 0)::bigint AS item_count, 0 AS revision, 0 AS touches
      FROM dataset_head WHERE team_id = %(team)s
"""
OF_DATASET = "team_id = %(team)s AND dataset_id = %(dataset)s AND deleted IS NOT TRUE"
# Spelt otherwise than OF_DATASET, as is the predicate of its index: so no plan takes the project's index for a page of
# one dataset, and walks all newer items of the others.
OF_PROJECT = "team_id = %(team)s AND NOT coalesce(deleted, false)"


class Head(NamedTuple):
    item_count: int
    revision: int
    touches: int


class ItemPage(NamedTuple):
    head: Head  # of the dataset; without a dataset only its item_count means anything
    rows: list[Row]  # of the columns that are wanted


class FoundItem(NamedTuple):
    item: ItemRow
    author: Person | None


class UnknownDataset(Exception):
    """The project has no dataset of that id."""


@dataclass(frozen=True, slots=True)
class ProjectItems:
    """The items of one project."""

    project_id: int

    def page(self, *, dataset_id: UUID | None, limit: int, offset: int) -> ItemPage:
        """Visible items, newest first, with ItemRow's columns. Raises UnknownDataset.

        Costs: page and count are one statement; an offset walks as many index entries, at most half of them all.
        """
        parameters = {"team": self.project_id, "dataset": dataset_id, "limit": limit, "offset": min(offset, MAX_OFFSET)}
        rows = fetch_all(page_statement(of_dataset=dataset_id is not None, deep=offset > DEEP_OFFSET), parameters)
        return page_of(rows)

    def find(self, item_id: UUID, *, dataset_id: UUID | None = None) -> FoundItem | None:
        """A visible item, also of a given dataset only. Raises UnknownDataset."""
        if dataset_id is not None:
            return self._find_in_dataset(item_id, dataset_id)
        return item_of(fetch_one(FIND_VISIBLE, {"team": self.project_id, "id": item_id}))

    def find_also_deleted(self, item_id: UUID, *, dataset_id: UUID | None = None) -> FoundItem | None:
        """Like find, for a write: v1 reaches soft-deleted items."""
        if dataset_id is not None:
            return self._find_in_dataset(item_id, dataset_id, also_deleted=True)
        return item_of(fetch_one(FIND, {"team": self.project_id, "id": item_id}))

    def head(self, dataset_id: UUID) -> Head:
        """Raises UnknownDataset."""
        row = fetch_one(HEAD_OF_DATASET, {"team": self.project_id, "dataset": dataset_id})
        if row is None:
            raise UnknownDataset
        return Head._make(row)

    def _find_in_dataset(self, item_id: UUID, dataset_id: UUID, *, also_deleted: bool = False) -> FoundItem | None:
        parameters = {"team": self.project_id, "id": item_id, "dataset": dataset_id, "also_deleted": also_deleted}
        row = fetch_one(FIND_IN_DATASET, parameters)
        if row is None:
            raise UnknownDataset
        return item_of(row)


def page_of(rows: list[Row]) -> ItemPage:
    """Of rows that begin with the head's columns; one of nulls behind it is none. Raises UnknownDataset."""
    if not rows:
        raise UnknownDataset
    width = len(Head._fields)
    return ItemPage(Head._make(rows[0][:width]), [row[width:] for row in rows if row[width] is not None])


def item_of(row: Row | None) -> FoundItem | None:
    """One of nulls is none either."""
    if not row or row[0] is None:
        return None
    width = len(ItemRow._fields)
    person = Person.from_row(row[width:]) if row[width] is not None else None
    return FoundItem(ItemRow._make(row[:width]), person)


def find_statement(project: str) -> str:
    return f"""
SELECT {COLUMNS}, {PERSON_COLUMNS}
  FROM dataset_item i LEFT JOIN api_auth_user u ON u.id = i.created_by_id
 WHERE i.team_id = {project} AND i.id = %(id)s
"""  # noqa: S608


VISIBLE = "AND i.deleted IS NOT TRUE"
FIND = find_statement("%(team)s")
FIND_VISIBLE = f"{FIND} {VISIBLE}"
# By the project's number in both places: a database that is split by project has to see that it is one.
FIND_ALONG = find_access_statement("%(project)s", find_statement("%(project)s"))
FIND_VISIBLE_ALONG = find_access_statement("%(project)s", f"{find_statement('%(project)s')} {VISIBLE}")
# No row: no such dataset. A row of nulls: the dataset has no such item.
FIND_IN_DATASET = f"""
SELECT {COLUMNS}, {PERSON_COLUMNS}
  FROM dataset_head h
  LEFT JOIN dataset_item i ON i.team_id = %(team)s AND i.id = %(id)s AND i.dataset_id = h.dataset_id
                               AND (i.deleted IS NOT TRUE OR %(also_deleted)s)
  LEFT JOIN api_auth_user u ON u.id = i.created_by_id
 WHERE h.team_id = %(team)s AND h.dataset_id = %(dataset)s
"""  # noqa: S608


def near_page(head: str, condition: str, *, columns: str = COLUMNS, order: str = NEWEST_FIRST) -> str:
    return f"""
SELECT h.*, i.* FROM ({head}) h
  LEFT JOIN LATERAL (
    SELECT {columns} FROM dataset_item i WHERE {condition}
     ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
  ) i ON true
"""  # noqa: S608


def deep_page(
    head: str, condition: str, *, columns: str = COLUMNS, order: str = NEWEST_FIRST, reverse: str = OLDEST_FIRST
) -> str:
    """Two walks of the index, of which a one-time filter runs only the shorter.

    OFFSET 0 keeps the rows from being joined in any other way than by their key, one by one: how many the walks lead
    to is not known to a plan made beforehand, and it would rather read the whole table.
    """
    return f"""
SELECT h.*, i.* FROM ({head}) h
  LEFT JOIN LATERAL (
    (SELECT created_at, id FROM dataset_item WHERE {condition} AND %(offset)s <= h.item_count / 2
      ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s)
    UNION ALL
    (SELECT created_at, id FROM dataset_item WHERE {condition} AND %(offset)s > h.item_count / 2
      ORDER BY {reverse}
      LIMIT least(%(limit)s, greatest(h.item_count - %(offset)s, 0))
      OFFSET greatest(h.item_count - %(offset)s - %(limit)s, 0))
  ) page ON true
  LEFT JOIN LATERAL (
    SELECT {columns} FROM dataset_item i WHERE i.team_id = %(team)s AND i.id = page.id OFFSET 0
  ) i ON true
 ORDER BY page.{order.replace(", ", ", page.")}
"""  # noqa: S608


PAGES: dict[tuple[bool, bool], str] = {
    (True, False): near_page(HEAD_OF_DATASET, OF_DATASET),
    (False, False): near_page(HEAD_OF_PROJECT, OF_PROJECT),
    (True, True): deep_page(HEAD_OF_DATASET, OF_DATASET),
    (False, True): deep_page(HEAD_OF_PROJECT, OF_PROJECT),
}


def page_statement(*, of_dataset: bool, deep: bool) -> str:
    return PAGES[of_dataset, deep]
