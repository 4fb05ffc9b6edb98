"""A new dataset with the items of another one as they were."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from database.bounded.limits import statements_within
from database.statements import execute
from items.dataset_changes import CREATE_DATASET_ROW, new_dataset
from items.history.as_of import SHOWN_THEN, row_of_version
from items.history.moments import Moment
from items.models import JSON_COLUMNS, DatasetRow, ItemRow
from items.models.history import STILL
from items.quality.in_force import FIND_AS_OF

COPIED = [name for name in ItemRow._fields if name not in {"team_id", "id", "dataset_id", "version", "revision"}]

FORK = f"""
WITH {CREATE_DATASET_ROW}, schemas AS (
  SELECT * FROM ({FIND_AS_OF}) found WHERE num_nonnulls(input, output, metadata) > 0
), head AS (
  INSERT INTO dataset_head (team_id, dataset_id, revision, item_count, changed_at, touches, schema_version)
  VALUES (%(team_id)s, %(id)s, 1, %(count)s, %(changed_at)s, 0, coalesce((SELECT 1 FROM schemas), 0))
), demanded AS (
  INSERT INTO dataset_schema (team_id, dataset_id, version, revision, input, output, metadata, enforce, created_at,
                              created_by_id)
  SELECT %(team_id)s, %(id)s, 1, 1, input::json, output::json, metadata::json, enforce, %(changed_at)s,
         %(created_by_id)s FROM schemas
), origin AS (
  SELECT x.*, p.new_id FROM (
    SELECT item_id, version, (%(ids)s::uuid[])[(row_number() OVER (ORDER BY created_at, item_id))::int] AS new_id
      FROM item_presence WHERE {SHOWN_THEN}
  ) p CROSS JOIN LATERAL ({row_of_version("p.item_id", "p.version")}) x
), item AS (
  INSERT INTO dataset_item (team_id, id, dataset_id, {", ".join(COPIED)}, version, revision)
  SELECT %(team_id)s, new_id, %(id)s,
         {", ".join(f"{name}::json" if name in JSON_COLUMNS else name for name in COPIED)},
         1, 1 FROM origin
), presence AS (
  INSERT INTO item_presence (team_id, dataset_id, created_at, item_id, version, since_revision, until_revision)
  SELECT %(team_id)s, %(id)s, created_at, new_id, 1, 1, {STILL} FROM origin
), kept AS (
  INSERT INTO item_origin (team_id, id, origin_dataset_id, origin_revision, origin_item_id, origin_version)
  SELECT %(team_id)s, new_id, %(dataset)s, %(revision)s, id, version FROM origin
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
    *, project_id: int, user_id: int, source: UUID, moment: Moment, values: Mapping[str, Any]
) -> DatasetRow:
    """One statement and one revision. Items keep their content, order and created_at; ids are new.

    The schemas are those of then, which the items of then fit.
    """
    dataset = new_dataset(project_id=project_id, user_id=user_id, values=values)
    ids = [uuid7() for _ in range(moment.item_count)]
    parameters = dataset._asdict() | {
        "team": project_id,
        "dataset": source,
        "revision": moment.revision,
        "time": moment.created_at,
        "changed_at": max(dataset.updated_at, moment.created_at),
        "ids": ids,
        "count": moment.item_count,
    }
    with statements_within(0):
        execute(FORK, parameters)
    return dataset
