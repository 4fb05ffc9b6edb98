"""Statements that write one item, with its history."""

from collections.abc import Collection
from functools import cache

from database.sql import fragment, sql, sql_shape
from items.heads import HEAD_ROW
from items.rows import ItemRow, assignments_sql, item_columns, placeholder
from items.writes.ledger import (
    BUMP_HEAD,
    BUMP_TWO_HEADS,
    END,
    INSERT_CHANGES,
    INSERT_ITEMS,
    INSERT_VALIDITY,
    INSERT_VERSIONS,
    ITEM_ROW,
)

# The keys come from the head's row, and the revision is the new one.
NEW_ITEM_VALUES = ", ".join(
    {"team_id": "h.team_id", "dataset_id": "h.dataset_id", "revision": "head.revision"}.get(column)
    or placeholder(column)
    for column in ItemRow._fields
)
CREATE_ITEM_PARTS = {
    "bump_head": BUMP_HEAD,
    "insert_items": INSERT_ITEMS,
    "values": NEW_ITEM_VALUES,
    "head_row": HEAD_ROW,
    "insert_validity": INSERT_VALIDITY,
    "end": END,
    "insert_changes": INSERT_CHANGES,
}
CREATE_ITEM_SQL = """
WITH head AS ($bump_head), item AS (
  $insert_items
  SELECT $values FROM head JOIN $head_row
), opened AS (
  $insert_validity
  SELECT h.team_id, h.dataset_id, %(created_at)s, %(id)s, 1, head.revision, $end
    FROM head JOIN $head_row WHERE %(count_delta)s = 1
), logged AS (
  $insert_changes
  SELECT h.team_id, h.dataset_id, head.revision, 0, 'created', %(id)s, 1, head.changed_at, %(created_by_id)s,
         head.item_count, 1, 0, 0, 0, %(message)s
    FROM head JOIN $head_row
)$source
SELECT revision, changed_at FROM head
"""
CREATE_ITEM = sql("create_item", CREATE_ITEM_SQL, source="", **CREATE_ITEM_PARTS)
CREATE_ITEM_WITH_SOURCE = sql(
    "create_item_with_source",
    CREATE_ITEM_SQL,
    source=fragment(
        """, source AS (
  INSERT INTO item_source (team_id, item_id, dataset_id, client_item_id, source_output)
  SELECT h.team_id, %(id)s, h.dataset_id, %(client_item_id)s, %(source_output)s::json FROM head JOIN $head_row
)""",
        head_row=HEAD_ROW,
    ),
    **CREATE_ITEM_PARTS,
)

# Makes no version and no revision, but lists show updated_at, so their ETag must change.
TOUCH_ITEM = sql(
    "touch_item",
    """
WITH head AS (
  UPDATE dataset_head SET touch_count = touch_count + 1
   WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
  RETURNING revision
)
UPDATE dataset_item i SET updated_at = %(updated_at)s FROM head
 WHERE i.team_id = %(project_id)s AND i.id = %(id)s AND i.version = %(version)s
RETURNING head.revision
""",
)

# If the item has changed since, require_written() raises an error and thereby undoes the bump without a round trip for
# BEGIN and ROLLBACK: a revision must not exist without its write. PostgreSQL runs `updated` and the guard before the
# parts that nothing reads; Citus runs the parts in this order, and those before `updated` then find no item.
UPDATE_ITEM = """
WITH $heads, archived AS (
  $insert_versions
  SELECT $item_columns FROM $target JOIN $item_row
), closed AS (
  UPDATE item_validity v SET valid_to = $source.revision FROM $source
   WHERE v.team_id = %(project_id)s AND v.dataset_id = %(old_dataset_id)s AND v.created_at = %(created_at)s
     AND v.item_id = %(id)s AND v.version = %(old_version)s
), opened AS (
  $insert_validity
  SELECT i.team_id, $target.dataset_id, i.created_at, i.id, i.version + 1, $target.revision, $end
    FROM $target JOIN $item_row WHERE %(target_delta)s = 1
), logged AS (
  $insert_changes
  SELECT i.team_id, $written.dataset_id, $written.revision, 0, $operation, i.id, i.version + 1, $written.changed_at,
         %(user_id)s, $written.item_count, 0, %(updated)s, %(archived)s, %(restored)s,
         %(message)s
    FROM $written JOIN $item_row
), updated AS (
  UPDATE dataset_item i
     SET $assignments, updated_at = %(updated_at)s, version = i.version + 1, revision = $target.revision FROM $target
   WHERE i.team_id = %(project_id)s AND i.id = %(id)s AND i.version = %(old_version)s$not_erased
  RETURNING i.version
)
SELECT $target.revision, $target.changed_at FROM $target WHERE require_written((SELECT count(*) FROM updated))
"""
# The CTE of the heads, and the heads of the dataset left, of the one entered, and of those that get a change.
WITHIN_DATASET = {
    "heads": fragment("head AS ($bump)", bump=BUMP_HEAD),
    "source": "head",
    "target": "head",
    "written": "head",
    "operation": "%(operation)s",
}
# Runs in a transaction that has locked both heads.
TO_OTHER_DATASET = {
    "heads": fragment(
        """heads AS ($bump),
target AS (SELECT * FROM heads WHERE dataset_id = %(dataset_id)s),
carried AS (UPDATE item_source s SET dataset_id = target.dataset_id FROM target
             WHERE s.team_id = %(project_id)s AND s.item_id = %(id)s),
source AS (SELECT * FROM heads WHERE dataset_id = %(old_dataset_id)s)""",
        bump=BUMP_TWO_HEADS,
    ),
    "source": "source",
    "target": "target",
    "written": "heads",
    "operation": "CASE WHEN heads.dataset_id = %(dataset_id)s THEN %(operation)s ELSE 'moved_out' END",
}


# Erased items are archived, so a write to a live one need not check.
NOT_ERASED = " AND NOT EXISTS (SELECT FROM dataset_erasure e WHERE e.team_id = %(project_id)s AND e.item_id = %(id)s)"


def update_item_sql(changed: Collection[str], *, is_move: bool, was_live: bool) -> str:
    """Send and write only what changed, so that large unchanged fields are not touched."""
    return update_item_shape(tuple(name for name in ItemRow._fields if name in changed), is_move, was_live)


@cache
def update_item_shape(changed: tuple[str, ...], is_move: bool, was_live: bool) -> str:
    """Cache a statement for each subset of the eight columns that clients may change."""
    return sql_shape(
        "move_item" if is_move else "update_item",
        UPDATE_ITEM,
        **(TO_OTHER_DATASET if is_move else WITHIN_DATASET),
        insert_versions=INSERT_VERSIONS,
        item_columns=item_columns("i"),
        not_erased="" if was_live else NOT_ERASED,
        item_row=ITEM_ROW,
        insert_validity=INSERT_VALIDITY,
        end=END,
        insert_changes=INSERT_CHANGES,
        assignments=assignments_sql(ItemRow._fields, changed),
    )
