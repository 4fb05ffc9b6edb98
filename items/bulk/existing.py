"""Find live items of a dataset by their id or ref_source_id, and what a request would change in them."""

import hashlib
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from database.query import fetch_all
from database.sql import sql
from items.bulk.item_parser import Values
from items.bulk.results import ItemResult, ItemStatus
from items.queries import IN_DATASET, IS_LIVE_BY_ID
from items.rows import JSON_COLUMNS, DatasetRef
from items.writes.bulk_insert import NewItem, new_id
from items.writes.bulk_update import ItemUpdate, SetClause

MATCH_KEY = "ref_source_id"
MATCH_KEYS = ("id", MATCH_KEY)
DEFAULTS = NewItem()._asdict()
COMPARED_COLUMNS = tuple(DEFAULTS)
ARRAY_TYPES = dict.fromkeys(COMPARED_COLUMNS, "text") | {"ref_timestamp": "timestamptz", "deleted": "boolean"}


def in_order(names: Container[str]) -> list[str]:
    """Return these fields in the order of the API."""
    return [name for name in COMPARED_COLUMNS if name in names]


def comparison_sql(column: str) -> str:
    """Select what values are compared by: a digest of JSON, since values may be large."""
    if column in JSON_COLUMNS:
        return f"CASE WHEN %({column})s THEN sha256(convert_to(i.{column}::text, 'UTF8')) END"
    return f"i.{column}"


# Two items with the same key are enough to report the conflict.
FIND_EXISTING = sql(
    "find_items_by_source_id",
    """
SELECT k.match_key, i.id, i.version, i.created_at, $compared
  FROM unnest(%(keys)s::text[]) AS k (match_key)
 CROSS JOIN LATERAL (
   SELECT * FROM dataset_item WHERE $in_dataset AND $match_key = k.match_key LIMIT 2
 ) i
""",
    compared=", ".join(map(comparison_sql, COMPARED_COLUMNS)),
    in_dataset=IN_DATASET,
    match_key=MATCH_KEY,
)


FIND_EXISTING_BY_ID = sql(
    "find_items_by_id",
    """
SELECT i.id, i.id, i.version, i.created_at, $compared
  FROM dataset_item i
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND id = ANY(%(keys)s::uuid[]) AND $is_live
""",
    compared=", ".join(map(comparison_sql, COMPARED_COLUMNS)),
    is_live=IS_LIVE_BY_ID,
)
FIND_BY_KEY = {"id": FIND_EXISTING_BY_ID, MATCH_KEY: FIND_EXISTING}


class PlannedInsert:
    """An item that the request creates."""

    def __init__(self, values: Values) -> None:
        self.id = new_id()
        self.values = values

    @property
    def is_live(self) -> bool:
        return self.values.get("deleted") is not True

    def differing(self, values: Values) -> set[str]:
        return {name for name, value in values.items() if self.values.get(name, DEFAULTS[name]) != value}


@dataclass
class ExistingItem:
    """A live item that exists already."""

    id: UUID
    version: int
    created_at: datetime
    stored_values: dict[str, Any]  # as comparison_sql() selects them
    values: Values = field(default_factory=dict)  # the new values
    results: list[ItemResult] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return self.values.get("deleted", self.stored_values["deleted"]) is not True

    def differing(self, values: Values) -> set[str]:
        return {name for name, value in values.items() if self.comparable(name) != comparable(name, value)}

    def comparable(self, name: str) -> Any:
        return comparable(name, self.values[name]) if name in self.values else self.stored_values[name]

    @property
    def is_changed(self) -> bool:
        return any(self.comparable(name) != self.stored_values[name] for name in self.values)

    def mark_unchanged(self) -> None:
        """For an item whose changes later items of the request have undone."""
        for result in self.results:
            result["status"] = ItemStatus.UNCHANGED
            result.pop("fields", None)


def comparable(name: str, value: Any) -> Any:
    if name in JSON_COLUMNS and value is not None:
        return hashlib.sha256(value.encode()).digest()
    return value


Target = PlannedInsert | ExistingItem


def find_existing(
    project_id: int,
    dataset_id: UUID,
    requested: Iterable[Values],
    *,
    match_on: str = MATCH_KEY,
    is_compared: bool,
) -> list[tuple[Any, ExistingItem]]:
    """Return items with their keys, at most two per key. `is_compared` selects the columns to compare."""
    keys = list(dict.fromkeys(key for values in requested if (key := values.get(match_on))))
    if not keys:
        return []
    columns = {name for values in requested for name in values} if is_compared else set()
    parameters = DatasetRef(project_id, dataset_id).parameters | {"keys": keys}
    rows = fetch_all(FIND_BY_KEY[match_on], parameters | {name: name in columns for name in JSON_COLUMNS})
    return [
        (row[0], ExistingItem(row[1], row[2], row[3], dict(zip(COMPARED_COLUMNS, row[4:], strict=True))))
        for row in rows
    ]


def updates_of(dataset_id: UUID, changed: Collection[ExistingItem]) -> list[ItemUpdate]:
    return [
        ItemUpdate(item.id, item.created_at, item.version, dataset_id, True, dataset_id, item.is_live)
        for item in changed
    ]


def set_clause_of(changed: Collection[ExistingItem]) -> SetClause:
    """Set each item's own values; columns without a new value keep theirs."""
    columns = [name for name in COMPARED_COLUMNS if any(name in item.values for item in changed)]
    expressions: dict[str, str] = {}
    types: dict[str, str] = {}
    parameters: dict[str, Any] = {}
    for name in columns:
        cast = "::json" if name in JSON_COLUMNS else ""
        expressions[name] = f"CASE WHEN c.has_{name} THEN c.{name}{cast} ELSE i.{name} END"
        types |= {f"has_{name}": "boolean", name: ARRAY_TYPES[name]}
        parameters[f"has_{name}"] = [name in item.values for item in changed]
        parameters[name] = [item.values.get(name) for item in changed]
    return SetClause(expressions, types, parameters)
