"""Parts of the statements that write items: the head's next revision, the change log, validity, old versions.

They follow the rules of Citus, which PostgreSQL alone does not need: no STABLE function of columns in SET, and each
INSERT … SELECT takes team_id from a table of the project. Citus runs the parts of a WITH one after another; PostgreSQL
runs them in one snapshot, and those that nothing reads last. Statements must be correct both ways.
"""

from database.sql import fragment
from items.rows import OPEN_END, ItemRow

ITEM_COLUMNS = ", ".join(ItemRow._fields)
END = str(OPEN_END)

CHANGE_COLUMNS = (
    "team_id, dataset_id, revision, position, operation, item_id, version, created_at, created_by_id, item_count,"
    " created, updated, archived, restored, message"
)
VALIDITY_COLUMNS = "team_id, dataset_id, created_at, item_id, version, valid_from, valid_to"
# Each is followed by the rows.
INSERT_ITEMS = fragment("INSERT INTO dataset_item ($columns)", columns=ITEM_COLUMNS)
INSERT_CHANGES = fragment("INSERT INTO dataset_change ($columns)", columns=CHANGE_COLUMNS)
INSERT_VALIDITY = fragment("INSERT INTO item_validity ($columns)", columns=VALIDITY_COLUMNS)
INSERT_VERSIONS = fragment("INSERT INTO item_version ($columns)", columns=ITEM_COLUMNS)

# Times rise strictly within a dataset, so that a time names one revision; and no revision is older than an item that it
# lists, whatever the clock of the process that created the item. Adding to a time without a zone is immutable.
NEXT_TIME = """greatest(%(updated_at)s::timestamptz, %(created_at)s::timestamptz,
                    (changed_at AT TIME ZONE 'UTC' + interval '1 microsecond') AT TIME ZONE 'UTC')"""
# Does nothing if the item was checked against other schemas than those in force; null if the write needs no check.
BUMP_HEAD = fragment(
    """
  UPDATE dataset_head
     SET revision = revision + 1, item_count = item_count + %(count_delta)s,
         changed_at = $next_time
   WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
     AND schema_version = coalesce(%(schema_version)s, schema_version)
  RETURNING dataset_id, revision, item_count, changed_at
""",
    next_time=NEXT_TIME,
)
BUMP_TWO_HEADS = fragment(
    """
  UPDATE dataset_head
     SET revision = revision + 1,
         changed_at = $next_time,
         item_count = item_count + CASE WHEN dataset_id = %(dataset_id)s THEN %(target_delta)s::bigint
                                        ELSE -%(source_delta)s::bigint END
   WHERE team_id = %(project_id)s AND dataset_id IN (%(dataset_id)s, %(old_dataset_id)s)
  RETURNING dataset_id, revision, item_count, changed_at
""",
    next_time=NEXT_TIME,
)
# The item at the version that was read; a stale write finds no row and inserts nothing.
ITEM_ROW = "dataset_item i ON i.team_id = %(project_id)s AND i.id = %(id)s AND i.version = %(old_version)s"
