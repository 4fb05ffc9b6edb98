"""Read datasets with the state of their heads, and write them with unique names in a project."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.query import Row, fetch_all, fetch_one
from database.sql import fragment, sql, sql_shape
from items.page_bytes import GUARDED, GUARDED_TEXT, fetch_bounded, guarded, length_sql, measured
from items.rows import JSON_COLUMNS, DatasetRef, DatasetRow
from items.search.dataset_filters import METADATA_TEXT_SQL
from items.search.timeout import search_timeout
from items.writes.datasets import DatasetNameTaken, create_dataset, reserved_name, update_dataset
from posthog_v2.conflicts import dataset_name_conflict
from posthog_v2.representation import DatasetState

WIDTH = len(DatasetRow._fields)
COLUMNS = ", ".join(f"d.{name}::text" if name in JSON_COLUMNS else f"d.{name}" for name in DatasetRow._fields)
UPDATED_AT = "greatest(d.updated_at, h.changed_at)"
STATE_COLUMNS = f"{COLUMNS}, h.revision, {UPDATED_AT}"
# The columns of any length, which a page reads only up to its limit.
GUARDS = {"description": GUARDED_TEXT, "metadata": GUARDED}
GUARDED_INDEXES = tuple(map(DatasetRow._fields.index, GUARDS))
GUARDED_COLUMNS = ", ".join(
    guarded(f"d.{name}", GUARDS[name]) if name in GUARDS else f"d.{name}" for name in DatasetRow._fields
)
GUARDED_STATE = f"{GUARDED_COLUMNS}, h.revision, {UPDATED_AT}"
STATE_BYTES = " + ".join(length_sql(f"d.{name}") for name in GUARDS)
DATASETS = "dataset d JOIN dataset_head h ON h.team_id = %(project_id)s AND h.dataset_id = d.id"
FIND_DATASET = sql(
    "find_dataset_with_head",
    "SELECT $columns FROM $datasets WHERE d.team_id = %(project_id)s AND d.id = %(dataset_id)s",
    columns=STATE_COLUMNS,
    datasets=DATASETS,
)
ORDERS = {
    f"{sign}{name}": f"{expression}{' DESC' if sign else ''}, d.id"
    for name, expression in (("created_at", "d.created_at"), ("updated_at", UPDATED_AT))
    for sign in ("", "-")
}


def contains_sql(expression: str) -> str:
    """Search for a substring, ignoring case, without wildcards."""
    return f"position(upper(%(search)s) IN upper({expression})) > 0"


SEARCHED = ("d.name", "d.description", METADATA_TEXT_SQL % {"expressions": "d.metadata"})
CONDITIONS = {
    "search": f"({' OR '.join(map(contains_sql, SEARCHED))})",
    "ids": "d.id = ANY(%(ids)s::uuid[])",
    "any_tags": "d.labels && %(any_tags)s::text[]",
    "all_tags": "d.labels @> %(all_tags)s::text[]",
}


@dataclass(frozen=True)
class DatasetQuery:
    """Selects and orders datasets; `conditions` has a value for each requested one of CONDITIONS."""

    conditions: Mapping[str, Any]
    archived: bool = False
    order_by: str = "-created_at"

    @property
    def sql(self) -> str:
        parts = [CONDITIONS[name] for name in CONDITIONS if name in self.conditions]
        return " AND ".join([f"d.deleted IS {'' if self.archived else 'NOT '}TRUE", *parts])

    @property
    def reads_all(self) -> bool:
        """Whether no index serves the list, so that all datasets of the project are read."""
        return bool(self.conditions.keys() - {"ids"}) or not self.order_by.endswith("created_at")


def get_dataset(project_id: int, dataset_id: UUID) -> DatasetState | None:
    """Return the dataset, archived or not, or None."""
    row = fetch_one(FIND_DATASET, DatasetRef(project_id, dataset_id).parameters)
    return parse_row(row) if row else None


def parse_row(row: Row) -> DatasetState:
    return DatasetState(DatasetRow._make(row[:WIDTH]), *row[WIDTH : WIDTH + 2])


def list_datasets(project_id: int, query: DatasetQuery, *, limit: int, offset: int) -> tuple[int, list[DatasetState]]:
    """Return the number of datasets and one page of them. Raises PageTooLarge."""
    parameters = {"project_id": project_id, "limit": limit, "offset": offset, **query.conditions}
    with search_timeout("Search by id__in.", "datasets") if query.reads_all else nullcontext():
        rows = fetch_bounded(
            lambda guards: fetch_all(page_sql(query, GUARDED_STATE), parameters | guards),
            lambda: measured(fetch_all(page_sql(query, STATE_BYTES), parameters), 0),
            limit=limit,
            json_indexes=GUARDED_INDEXES,
            has_fields=False,
        )
        count = rows[0][-1] if rows else count_datasets(query, parameters) if offset else 0
    return count, [parse_row(row) for row in rows]


def page_sql(query: DatasetQuery, columns: str) -> str:
    return sql_shape(
        "list_datasets_with_heads",
        """
SELECT $columns, $count FROM $datasets WHERE d.team_id = %(project_id)s AND $conditions
 ORDER BY $order LIMIT %(limit)s OFFSET %(offset)s
""",
        columns=columns,
        count="count(*) OVER ()" if query.conditions else f"({stored_count_sql(query)})",
        datasets=DATASETS,
        conditions=query.sql,
        order=ORDERS[query.order_by],
    )


def stored_count_sql(query: DatasetQuery) -> str:
    column = "archived_dataset_count" if query.archived else "dataset_count"
    return fragment("SELECT $column FROM project_head WHERE team_id = %(project_id)s", column=column)


def count_datasets(query: DatasetQuery, parameters: Mapping[str, Any]) -> int:
    if query.conditions:
        statement = sql_shape(
            "count_datasets",
            "SELECT count(*) FROM dataset d WHERE d.team_id = %(project_id)s AND $conditions",
            conditions=query.sql,
        )
    else:
        statement = sql_shape("find_dataset_count", "$stored", stored=stored_count_sql(query))
    row = fetch_one(statement, parameters)
    return row[0] if row else 0


def create_with_unique_name(project_id: int, user_id: int, values: Mapping[str, Any]) -> DatasetState:
    """Raises Conflict."""
    try:
        with reserved_name(project_id, values["name"]):
            dataset = create_dataset(project_id=project_id, user_id=user_id, values=values)
    except DatasetNameTaken:
        raise dataset_name_conflict() from None
    return DatasetState(dataset, 0, dataset.updated_at)


def update_with_unique_name(dataset: DatasetState, new_values: Mapping[str, Any]) -> DatasetState | None:
    """Return None if the dataset was written since it was read. Raises Conflict."""
    try:
        with name_reservation(dataset.row, new_values):
            result = update_dataset(dataset=dataset.row, new_values=new_values)
    except DatasetNameTaken:
        raise dataset_name_conflict() from None
    if result is None:
        return None
    return DatasetState(*result, max(result.dataset.updated_at, dataset.updated_at))


def name_reservation(row: DatasetRow, new_values: Mapping[str, Any]) -> AbstractContextManager[None]:
    """Reserve a new name; a dataset may keep a name that v1 used twice."""
    name = new_values.get("name", row.name)
    return nullcontext() if name == row.name else reserved_name(row.team_id, name, dataset_id=row.id)


def user_ids(datasets: Sequence[DatasetState]) -> set[int]:
    return {each.row.created_by_id for each in datasets if each.row.created_by_id is not None}
