"""A new dataset with the items of another one as they were."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from database.backend.timeouts import statement_timeout
from database.query import execute
from items.history.as_of import VALID_AT_REVISION, version_row_sql
from items.history.snapshots import Snapshot
from items.models import JSON_COLUMNS, DatasetRow, ItemRow
from items.models.history import OPEN_END
from items.validation.cache import FIND_SCHEMAS_AS_OF
from items.writes.datasets import INSERT_DATASET_CTE, new_dataset

COPIED_COLUMNS = [
    name for name in ItemRow._fields if name not in {"team_id", "id", "dataset_id", "version", "revision"}
]

FORK = f"""
WITH {INSERT_DATASET_CTE}, schemas AS (
  SELECT * FROM ({FIND_SCHEMAS_AS_OF}) schema_row WHERE num_nonnulls(input, output, metadata) > 0
), head AS (
  INSERT INTO dataset_head (team_id, dataset_id, revision, item_count, changed_at, touch_count, schema_version)
  VALUES (%(team_id)s, %(id)s, 1, %(count)s, %(changed_at)s, 0, coalesce((SELECT 1 FROM schemas), 0))
), new_schema AS (
  INSERT INTO dataset_schema (team_id, dataset_id, version, revision, input, output, metadata, enforce, created_at,
                              created_by_id)
  SELECT %(team_id)s, %(id)s, 1, 1, input::json, output::json, metadata::json, enforce, %(changed_at)s,
         %(created_by_id)s FROM schemas
), origin AS (
  SELECT x.*, p.new_id FROM (
    SELECT item_id, version, (%(ids)s::uuid[])[(row_number() OVER (ORDER BY created_at, item_id))::int] AS new_id
      FROM item_validity WHERE {VALID_AT_REVISION}
  ) p CROSS JOIN LATERAL ({version_row_sql("p.item_id", "p.version")}) x
), item AS (
  INSERT INTO dataset_item (team_id, id, dataset_id, {", ".join(COPIED_COLUMNS)}, version, revision)
  SELECT %(team_id)s, new_id, %(id)s,
         {", ".join(f"{name}::json" if name in JSON_COLUMNS else name for name in COPIED_COLUMNS)},
         1, 1 FROM origin
), validity AS (
  INSERT INTO item_validity (team_id, dataset_id, created_at, item_id, version, valid_from, valid_to)
  SELECT %(team_id)s, %(id)s, created_at, new_id, 1, 1, {OPEN_END} FROM origin
), fork_origin AS (
  INSERT INTO item_fork_origin (team_id, id, origin_dataset_id, origin_revision, origin_item_id, origin_version)
  SELECT %(team_id)s, new_id, %(dataset_id)s, %(revision)s, id, version FROM origin
), created AS (
  INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version,
                              created, updated, archived, restored)
  SELECT %(team_id)s, %(id)s, 1, row_number() OVER (ORDER BY new_id), 'created', new_id, 1, 0, 0, 0, 0 FROM origin
)
INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, created_at, created_by_id, item_count,
                            created, updated, archived, restored)
VALUES (%(team_id)s, %(id)s, 1, 0, 'dataset_created', %(changed_at)s, %(created_by_id)s, %(count)s, %(count)s, 0, 0, 0)
"""  # noqa: S608


def fork_dataset(
    *, project_id: int, user_id: int, source: UUID, snapshot: Snapshot, values: Mapping[str, Any]
) -> DatasetRow:
    """One statement and one revision. Items keep their content, order and created_at; ids are new.

    The schemas are those of then, which the items of then fit.
    """
    dataset = new_dataset(project_id=project_id, user_id=user_id, values=values)
    ids = [uuid7() for _ in range(snapshot.item_count)]
    parameters = dataset._asdict() | {
        "project_id": project_id,
        "dataset_id": source,
        "revision": snapshot.revision,
        "time": snapshot.created_at,
        "changed_at": max(dataset.updated_at, snapshot.created_at),
        "ids": ids,
        "count": snapshot.item_count,
    }
    with statement_timeout(0):
        execute(FORK, parameters)
    return dataset
