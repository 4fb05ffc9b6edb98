"""The statements that write an item, with its history."""

from collections.abc import Mapping
from typing import Any

from items.models import ItemRow, assignments, item_columns, placeholder
from items.models.history import STILL

COLUMNS = ", ".join(ItemRow._fields)

# Times rise strictly within a dataset, so that one names a revision; and none is before the creation of an item that it
# shows, whatever the clock of the process that created the item.
NEXT_TIME = "greatest(%(updated_at)s, %(created_at)s, changed_at + interval '1 microsecond')"
# Not done where the item was checked against other schemas than those in force; null: none has a say in this write.
BUMP = f"""
  UPDATE dataset_head SET revision = revision + 1, item_count = item_count + %(change)s, changed_at = {NEXT_TIME}
   WHERE team_id = %(team_id)s AND dataset_id = %(dataset_id)s
     AND schema_version = coalesce(%(schema_version)s, schema_version)
  RETURNING dataset_id, revision, item_count, changed_at
"""  # noqa: S608
BUMP_BOTH = f"""
  UPDATE dataset_head SET revision = revision + 1, changed_at = {NEXT_TIME},
         item_count = item_count + CASE WHEN dataset_id = %(dataset_id)s THEN %(arriving)s ELSE -%(leaving)s END
   WHERE team_id = %(team_id)s AND dataset_id IN (%(dataset_id)s, %(was_in)s)
  RETURNING dataset_id, revision, item_count, changed_at
"""  # noqa: S608

CREATE = f"""
WITH head AS ({BUMP}), item AS (
  INSERT INTO dataset_item ({COLUMNS})
  SELECT {", ".join(placeholder(column) for column in ItemRow._fields[:-1])}, head.revision FROM head
), presence AS (
  INSERT INTO item_presence (team_id, dataset_id, created_at, item_id, version, since_revision, until_revision)
  SELECT %(team_id)s, dataset_id, %(created_at)s, %(id)s, 1, revision, {STILL} FROM head WHERE %(change)s = 1
), record AS (
  INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at,
                              created_by_id, item_count, created, updated, archived, restored)
  SELECT %(team_id)s, dataset_id, revision, 0, 'created', %(id)s, 1, changed_at, %(created_by_id)s, item_count,
         1, 0, 0, 0 FROM head
)
SELECT revision FROM head
"""  # noqa: S608

# No version, no revision; but a list shows updated_at, so its ETag has to move.
TOUCH = """
WITH head AS (
  UPDATE dataset_head SET touches = touches + 1
   WHERE team_id = %(team_id)s AND dataset_id = %(dataset_id)s
  RETURNING revision
)
UPDATE dataset_item i SET updated_at = %(updated_at)s FROM head
 WHERE i.team_id = %(team_id)s AND i.id = %(id)s AND i.version = %(version)s
RETURNING head.revision
"""


def update_statement(changed: Mapping[str, Any], *, moves: bool) -> str:
    """Only what changed is sent and written: a large field that stays is not touched.

    The head is bumped first. If the item has moved on meanwhile, the division by zero undoes the bump without a
    round trip for BEGIN and ROLLBACK: a revision must not exist without its write.
    """
    return f"""
WITH heads AS ({BUMP_BOTH if moves else BUMP}),
head AS (SELECT * FROM heads WHERE dataset_id = %(dataset_id)s),
former AS (SELECT * FROM heads WHERE dataset_id = %(was_in)s),
superseded AS (
  INSERT INTO item_version ({COLUMNS})
  SELECT {item_columns("i")} FROM dataset_item i, head
   WHERE i.team_id = %(team_id)s AND i.id = %(id)s AND i.version = %(was_at)s
  ON CONFLICT DO NOTHING
), ended AS (
  UPDATE item_presence p SET until_revision = former.revision FROM former
   WHERE p.team_id = %(team_id)s AND p.dataset_id = %(was_in)s AND p.created_at = %(created_at)s
     AND p.item_id = %(id)s AND p.version = %(was_at)s
), shown AS (
  INSERT INTO item_presence (team_id, dataset_id, created_at, item_id, version, since_revision, until_revision)
  SELECT %(team_id)s, dataset_id, %(created_at)s, %(id)s, %(was_at)s + 1, revision, {STILL} FROM head
   WHERE %(arriving)s = 1
), record AS (
  INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at,
                              created_by_id, item_count, created, updated, archived, restored)
  SELECT %(team_id)s, dataset_id, revision, 0,
         CASE WHEN dataset_id = %(dataset_id)s THEN %(operation)s ELSE 'moved_out' END, %(id)s, %(was_at)s + 1,
         changed_at, %(user_id)s, item_count, 0, %(updated)s, %(archived)s, %(restored)s FROM heads
), written AS (
  UPDATE dataset_item i
     SET {assignments(ItemRow._fields, changed)},
         updated_at = %(updated_at)s, version = i.version + 1, revision = head.revision FROM head
   WHERE i.team_id = %(team_id)s AND i.id = %(id)s AND i.version = %(was_at)s
  RETURNING 1
)
SELECT head.revision, 1 / (SELECT count(*) FROM written) FROM head
"""  # noqa: S608
