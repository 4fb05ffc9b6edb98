"""The statements that write an item, with its history."""

from collections.abc import Mapping
from typing import Any

from items.models import ItemRow, assignments_sql, item_columns, placeholder
from items.models.history import OPEN_END

ITEM_COLUMNS = ", ".join(ItemRow._fields)

# Times rise strictly within a dataset, so that one names a revision; and none is before the creation of an item that it
# shows, whatever the clock of the process that created the item.
NEXT_TIME = "greatest(%(updated_at)s, %(created_at)s, changed_at + interval '1 microsecond')"
# Not done where the item was checked against other schemas than those in force; null: none has a say in this write.
BUMP = f"""
  UPDATE dataset_head SET revision = revision + 1, item_count = item_count + %(count_delta)s, changed_at = {NEXT_TIME}
   WHERE team_id = %(team_id)s AND dataset_id = %(dataset_id)s
     AND schema_version = coalesce(%(schema_version)s, schema_version)
  RETURNING dataset_id, revision, item_count, changed_at
"""  # noqa: S608
BUMP_TWO = f"""
  UPDATE dataset_head SET revision = revision + 1, changed_at = {NEXT_TIME},
         item_count = item_count + CASE WHEN dataset_id = %(dataset_id)s THEN %(target_delta)s ELSE -%(source_delta)s END
   WHERE team_id = %(team_id)s AND dataset_id IN (%(dataset_id)s, %(old_dataset_id)s)
  RETURNING dataset_id, revision, item_count, changed_at
"""  # noqa: S608

CREATE_ITEM = f"""
WITH head AS ({BUMP}), item AS (
  INSERT INTO dataset_item ({ITEM_COLUMNS})
  SELECT {", ".join(placeholder(column) for column in ItemRow._fields[:-1])}, head.revision FROM head
), validity AS (
  INSERT INTO item_validity (team_id, dataset_id, created_at, item_id, version, valid_from, valid_to)
  SELECT %(team_id)s, dataset_id, %(created_at)s, %(id)s, 1, revision, {OPEN_END} FROM head WHERE %(count_delta)s = 1
), log_entry AS (
  INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at,
                              created_by_id, item_count, created, updated, archived, restored)
  SELECT %(team_id)s, dataset_id, revision, 0, 'created', %(id)s, 1, changed_at, %(created_by_id)s, item_count,
         1, 0, 0, 0 FROM head
)
SELECT revision FROM head
"""  # noqa: S608

# No version, no revision; but a list shows updated_at, so its ETag has to move.
TOUCH_ITEM = """
WITH head AS (
  UPDATE dataset_head SET touch_count = touch_count + 1
   WHERE team_id = %(team_id)s AND dataset_id = %(dataset_id)s
  RETURNING revision
)
UPDATE dataset_item i SET updated_at = %(updated_at)s FROM head
 WHERE i.team_id = %(team_id)s AND i.id = %(id)s AND i.version = %(version)s
RETURNING head.revision
"""


def update_item_sql(changed: Mapping[str, Any], *, is_move: bool) -> str:
    """Only what changed is sent and written: a large field that stays is not touched.

    The head is bumped first. If the item has moved on meanwhile, the division by zero undoes the bump without a
    round trip for BEGIN and ROLLBACK: a revision must not exist without its write.
    """
    return f"""
WITH heads AS ({BUMP_TWO if is_move else BUMP}),
head AS (SELECT * FROM heads WHERE dataset_id = %(dataset_id)s),
source_head AS (SELECT * FROM heads WHERE dataset_id = %(old_dataset_id)s),
superseded AS (
  INSERT INTO item_version ({ITEM_COLUMNS})
  SELECT {item_columns("i")} FROM dataset_item i, head
   WHERE i.team_id = %(team_id)s AND i.id = %(id)s AND i.version = %(old_version)s
  ON CONFLICT DO NOTHING
), closed AS (
  UPDATE item_validity p SET valid_to = source_head.revision FROM source_head
   WHERE p.team_id = %(team_id)s AND p.dataset_id = %(old_dataset_id)s AND p.created_at = %(created_at)s
     AND p.item_id = %(id)s AND p.version = %(old_version)s
), opened AS (
  INSERT INTO item_validity (team_id, dataset_id, created_at, item_id, version, valid_from, valid_to)
  SELECT %(team_id)s, dataset_id, %(created_at)s, %(id)s, %(old_version)s + 1, revision, {OPEN_END} FROM head
   WHERE %(target_delta)s = 1
), log_entry AS (
  INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at,
                              created_by_id, item_count, created, updated, archived, restored)
  SELECT %(team_id)s, dataset_id, revision, 0,
         CASE WHEN dataset_id = %(dataset_id)s THEN %(operation)s ELSE 'moved_out' END, %(id)s, %(old_version)s + 1,
         changed_at, %(user_id)s, item_count, 0, %(updated)s, %(archived)s, %(restored)s FROM heads
), updated AS (
  UPDATE dataset_item i
     SET {assignments_sql(ItemRow._fields, changed)},
         updated_at = %(updated_at)s, version = i.version + 1, revision = head.revision FROM head
   WHERE i.team_id = %(team_id)s AND i.id = %(id)s AND i.version = %(old_version)s
  RETURNING 1
)
SELECT head.revision, 1 / (SELECT count(*) FROM updated) FROM head
"""  # noqa: S608
