"""Details of items in PostHog's later API beyond their rows: the source, and the user and time of a version."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from auth.access import access_sql
from database.query import Row, fetch_all, fetch_one
from database.sql import fragment, sql
from items.page_bytes import SHOWN_TIME, bytes_sql, check_bytes, fetch_bounded, guarded, length_sql, measured
from items.queries import (
    DATASET_HEAD,
    GUARDED_COLUMNS,
    IN_DATASET,
    ITEM_COLUMNS,
    NEWEST_FIRST,
    Head,
    ItemPage,
    parse_page,
)
from items.rows import JSON_COLUMNS, DatasetRef, ItemRow, item_columns

WIDTH = len(ItemRow._fields)
DETAIL_COLUMNS = "s.client_item_id, s.source_output::text, c.created_at, c.created_by_id"
SHOWN_DETAILS = (
    f"s.client_item_id, {guarded('s.source_output')}, {fragment(SHOWN_TIME, column='c.created_at')}, c.created_by_id"
)
SOURCE_OUTPUT_INDEX = 1  # among the details
ID_INDEXES = tuple(ItemRow._fields.index(name) for name in ("id", "dataset_id", "revision"))
JSON_INDEXES = GUARDED_COLUMNS.json_indexes


class ItemDetails(NamedTuple):
    client_item_id: str | None
    source_output: str | None
    version_created_at: Any
    version_created_by_id: int | None


class DetailedItem(NamedTuple):
    item: ItemRow
    details: ItemDetails
    is_dataset_archived: bool

    @property
    def row(self) -> Row:
        """The columns of the item and of its details, as pages have them."""
        return (*self.item, *self.details)

    @classmethod
    def from_row(cls, row: Row | None) -> "DetailedItem | None":
        """Return None if there is no row, or one of nulls."""
        if not row or row[0] is None:
            return None
        return cls(ItemRow._make(row[:WIDTH]), ItemDetails._make(row[WIDTH:-1]), row[-1])


class CreationTarget(NamedTuple):
    """The dataset to create an item in, and the item that has its client_item_id already."""

    is_archived: bool
    existing: DetailedItem | None


# The change at position 0 of the version's revision has its user and time.
JOIN_DETAILS = """
  LEFT JOIN item_source s ON s.team_id = %(project_id)s AND s.item_id = i.id
  LEFT JOIN dataset_change c ON c.team_id = %(project_id)s AND c.dataset_id = i.dataset_id
                            AND c.revision = i.revision AND c.position = 0"""


def detailed_page_sql(name: str, columns: str, item_columns: str) -> str:
    """Read a page like queries.page_sql, with the details of the items."""
    return sql(
        name,
        """
SELECT $columns FROM ($head) h
  LEFT JOIN LATERAL (
    SELECT $item_columns FROM dataset_item i WHERE $in_dataset
     ORDER BY $newest_first LIMIT %(limit)s OFFSET %(offset)s
  ) i ON true $join_details
 ORDER BY i.created_at DESC, i.id
""",
        columns=columns,
        head=DATASET_HEAD,
        item_columns=item_columns,
        in_dataset=IN_DATASET,
        newest_first=NEWEST_FIRST,
        join_details=JOIN_DETAILS,
    )


LIST_DETAILED = detailed_page_sql(
    "list_detailed_items", f"h.*, {GUARDED_COLUMNS.sql}, {SHOWN_DETAILS}", item_columns("i")
)
MEASURE_DETAILED = detailed_page_sql(
    "measure_detailed_items",
    f"i.bytes + {length_sql('s.source_output')}",
    f"i.created_at, i.id, i.dataset_id, i.revision, {bytes_sql('i', JSON_COLUMNS)} AS bytes",
)
FIND_DETAILED_ITEM_SQL = fragment(
    """
SELECT $item_columns, $detail_columns, d.deleted IS TRUE
  FROM dataset_item i JOIN dataset d ON d.team_id = %(project_id)s AND d.id = i.dataset_id $join_details
 WHERE i.team_id = %(project_id)s AND i.id = %(id)s""",
    item_columns=ITEM_COLUMNS,
    detail_columns=DETAIL_COLUMNS,
    join_details=JOIN_DETAILS,
)
FIND_DETAILED_ITEM = sql("find_detailed_item", FIND_DETAILED_ITEM_SQL)
FIND_DETAILED_ITEM_WITH_ACCESS = access_sql("find_detailed_item_with_access", "%(project_id)s", FIND_DETAILED_ITEM_SQL)
# No row: no such dataset. Nulls after the first column: no item has the client_item_id.
FIND_CREATION_TARGET = sql(
    "find_creation_target",
    """
SELECT d.deleted IS TRUE, existing.* FROM dataset d
  LEFT JOIN LATERAL (
    SELECT $item_columns, $detail_columns, d.deleted IS TRUE
      FROM item_source k JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = k.item_id $join_details
     WHERE k.team_id = %(project_id)s AND k.dataset_id = d.id AND k.client_item_id = %(client_item_id)s
  ) existing ON true
 WHERE d.team_id = %(project_id)s AND d.id = %(dataset_id)s
""",
    item_columns=ITEM_COLUMNS,
    detail_columns=DETAIL_COLUMNS,
    join_details=JOIN_DETAILS,
)
# Not by a null client_item_id, which finds nothing: Citus refuses a join of which nothing is left.
FIND_TARGET_DATASET = sql(
    "find_target_dataset", "SELECT deleted IS TRUE FROM dataset WHERE team_id = %(project_id)s AND id = %(dataset_id)s"
)


def details_sql(name: str, columns: str) -> str:
    return sql(
        name,
        """
SELECT $columns
  FROM unnest(%(ids)s::uuid[], %(dataset_ids)s::uuid[], %(revisions)s::bigint[])
       WITH ORDINALITY AS i (id, dataset_id, revision, number) $join_details
 ORDER BY i.number
""",
        columns=columns,
        join_details=JOIN_DETAILS,
    )


READ_DETAILS = details_sql("read_item_details", DETAIL_COLUMNS)
READ_PAGE_DETAILS = details_sql("read_page_details", SHOWN_DETAILS)
MEASURE_PAGE_DETAILS = details_sql("measure_page_details", length_sql("s.source_output"))


def list_detailed(project_id: int, dataset_id: UUID, *, limit: int, offset: int) -> ItemPage:
    """Return live items, newest first, with the columns of ItemRow and ItemDetails, ids as text.

    One statement, for small offsets. Raises DatasetNotFound and PageTooLarge.
    """
    parameters = DatasetRef(project_id, dataset_id).parameters | {"limit": limit, "offset": offset}
    rows = fetch_bounded(
        lambda guards: fetch_all(LIST_DETAILED, parameters | guards),
        lambda: measured(fetch_all(MEASURE_DETAILED, parameters)),
        limit=limit,
        json_indexes=(*JSON_INDEXES, WIDTH + SOURCE_OUTPUT_INDEX),
        start=len(Head._fields),
        has_fields=False,
    )
    return parse_page(rows)


def find_detailed_item(project_id: int, item_id: UUID) -> DetailedItem | None:
    """Return the current item, archived or not, or None."""
    return DetailedItem.from_row(fetch_one(FIND_DETAILED_ITEM, {"project_id": project_id, "id": item_id}))


def find_creation_target(project_id: int, dataset_id: UUID, client_item_id: str | None) -> CreationTarget | None:
    """Return None if the project has no such dataset."""
    parameters = DatasetRef(project_id, dataset_id).parameters
    if client_item_id is None:
        row = fetch_one(FIND_TARGET_DATASET, parameters)
    else:
        row = fetch_one(FIND_CREATION_TARGET, parameters | {"client_item_id": client_item_id})
    return CreationTarget(row[0], DetailedItem.from_row(row[1:])) if row else None


def read_details(project_id: int, item: ItemRow) -> ItemDetails:
    """Return the details of any version of an item."""
    row = fetch_one(READ_DETAILS, detail_parameters(project_id, [item]))
    assert row is not None  # noqa: S101  the joins keep the row
    return ItemDetails._make(row)


def add_details(project_id: int, items: Sequence[Row]) -> list[Row]:
    """Return rows of any versions of items with their details, read by one statement. Raises PageTooLarge."""
    if not items:
        return []
    parameters, lengths = detail_parameters(project_id, items), [json_bytes(item) for item in items]
    details = fetch_bounded(
        lambda guards: fetch_all(READ_PAGE_DETAILS, parameters | guards),
        lambda: add_lengths(lengths, measured(fetch_all(MEASURE_PAGE_DETAILS, parameters))),
        limit=len(items),
        json_indexes=(SOURCE_OUTPUT_INDEX,),
        has_fields=False,
    )
    sources = [text_bytes(each[SOURCE_OUTPUT_INDEX]) for each in details]
    check_bytes(add_lengths(lengths, sources), has_fields=False)
    return [(*item, *more) for item, more in zip(items, details, strict=True)]


def detail_parameters(project_id: int, items: Sequence[Row]) -> dict[str, Any]:
    arrays = (f"{{{','.join([str(item[index]) for item in items])}}}" for index in ID_INDEXES)
    # As text: psycopg would inspect each member of a list.
    return {"project_id": project_id} | dict(zip(("ids", "dataset_ids", "revisions"), arrays, strict=True))


def json_bytes(item: Row) -> int:
    return sum(text_bytes(item[index]) for index in JSON_INDEXES)


def text_bytes(text: str | None) -> int:
    if not text:
        return 0
    return len(text) if text.isascii() else len(text.encode())


def add_lengths(items: list[int], sources: list[int]) -> list[int]:
    return [item + source for item, source in zip(items, sources, strict=True)]
