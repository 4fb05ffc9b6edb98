"""The items of a dataset that a fork or an export takes: those that match conditions at a revision.

    selection = Selection.resolve(project_id, dataset_id, snapshot, conditions)
    sql_shape("…", "… WHERE $in_selection", in_selection=selection.in_selection_sql("p.item_id", "p.version"))

A selection is a condition on each row by itself, so rows can be read in batches and in any order.
"""

from typing import Any, NamedTuple, Self
from uuid import UUID

from database.query import fetch_one
from database.sql import fragment, sql_shape
from items.history.as_of import snapshot_parameters
from items.history.snapshots import Snapshot
from items.search.conditions import NO_CONDITIONS, Conditions, DeletedFilter
from items.search.sampling import IN_SAMPLE, SAMPLE_KEY
from items.search.snapshot_pages import snapshot_matches_sql
from items.search.timeout import search_timeout

# The last row of the sample; no row if the sample holds all matches.
LAST_OF_SAMPLE = """
SELECT $key, i.id FROM ($matches) i ORDER BY $key, i.id LIMIT 1 OFFSET %(sample)s - 1
"""
COUNT_MATCHES = "SELECT count(*) FROM ($matches) i"
CURRENT_MATCHES = """
SELECT i.id FROM dataset_item i
 WHERE i.team_id = %(project_id)s AND i.dataset_id = %(dataset_id)s AND $conditions
"""
# The row of a version is in one of two tables.
IN_SELECTION = """
(EXISTS (SELECT FROM dataset_item i
          WHERE i.team_id = %(project_id)s AND i.id = $item AND i.version = $version AND $condition)
 OR EXISTS (SELECT FROM item_version i
             WHERE i.team_id = %(project_id)s AND i.id = $item AND i.version = $version AND $condition))
"""


class Selection(NamedTuple):
    conditions: Conditions = NO_CONDITIONS
    sample_end: tuple[int, UUID] | None = None

    @classmethod
    def resolve(cls, project_id: int, dataset_id: UUID, snapshot: Snapshot, conditions: Conditions) -> Self:
        """Find the end of the sample, if there is one, with one statement. Raises SearchTimeout."""
        if conditions.sample is None or snapshot.created_at is None:
            return cls(conditions)
        unsampled = conditions._replace(sample=None)
        parameters = snapshot_parameters(project_id, dataset_id, snapshot) | conditions.parameters
        with search_timeout():
            row = fetch_one(last_of_sample_sql(unsampled), parameters)
        return cls(conditions if row else unsampled, (row[0], row[1]) if row else None)

    def number_of_items(self, project_id: int, dataset_id: UUID, snapshot: Snapshot) -> int:
        """Count the selected items. Raises SearchTimeout."""
        if self.is_whole or snapshot.created_at is None:
            return snapshot.item_count
        unsampled = self.conditions._replace(sample=None)
        statement = sql_shape("count_snapshot_matches", COUNT_MATCHES, matches=snapshot_matches_sql(unsampled))
        parameters = snapshot_parameters(project_id, dataset_id, snapshot) | self.conditions.parameters
        with search_timeout():
            row = fetch_one(statement, parameters)
        found = int(row[0]) if row else 0
        return min(found, self.conditions.sample.size) if self.conditions.sample else found

    @property
    def is_whole(self) -> bool:
        """Whether all live items are selected."""
        return self.conditions.is_empty

    @property
    def row_sql(self) -> str:
        """The condition on a row `i` of dataset_item or item_version; the caller handles `deleted`."""
        content = self.conditions.content_sql
        return f"{content} AND {IN_SAMPLE}" if self.sample_end else content

    def in_selection_sql(self, item: str, version: str) -> str:
        """Return a condition on an item's id and its version at the snapshot, such as item_validity's columns."""
        return fragment(IN_SELECTION, item=item, version=version, condition=self.row_sql)

    @property
    def parameters(self) -> dict[str, Any]:
        key, item_id = self.sample_end or (None, None)
        sample = {"sample_key": key, "sample_id": item_id} if self.sample_end else {}
        return self.conditions.parameters | sample


def last_of_sample_sql(conditions: Conditions) -> str:
    is_live = conditions.deleted_filter is DeletedFilter.LIVE
    matches = snapshot_matches_sql(conditions) if is_live else fragment(CURRENT_MATCHES, conditions=conditions.sql)
    return sql_shape("find_last_of_sample", LAST_OF_SAMPLE, key=SAMPLE_KEY, matches=matches)
