"""The statements that write one item, with its history.

A write is a call of a function of the database, which holds the head's row lock from its first step on, and runs where
the project is. The functions are in the migrations.
"""

from database.sql import sql
from items.rows import CONTENT_COLUMNS, SOURCE_COLUMNS, placeholder


def call_sql(function: str, *parameters: str) -> str:
    """Call a function whose parameters are named like columns, after p_."""
    arguments = ", ".join(f"p_{name} => {placeholder(name)}" for name in parameters)
    return sql(function, "SELECT * FROM $function($arguments)", function=function, arguments=arguments)


CREATE_ITEM = call_sql(
    "create_item", "team_id", "id", "dataset_id", *CONTENT_COLUMNS, "deleted", "created_at", "updated_at",
    "created_by_id", "is_live", "schema_version", "message", *SOURCE_COLUMNS,
)  # fmt: skip
UPDATE_ITEM = call_sql(
    "update_item", "team_id", "id", "version", "old_dataset_id", "dataset_id", "changed", *CONTENT_COLUMNS, "deleted",
    "created_at", "updated_at", "user_id", "was_live", "is_live", "schema_version", "operation", "message",
)  # fmt: skip

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
