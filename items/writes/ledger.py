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
