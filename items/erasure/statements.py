"""Statements that erase the content of items."""

from database.columns import BigintColumn, IntegerColumn, Kinds, UUIDColumn, arrays_sql
from database.sql import sql
from items.rows import CONTENT_COLUMNS, ItemRow
from items.writes.ledger import INSERT_VERSIONS

NO_CONTENT = ", ".join(f"{column} = NULL" for column in CONTENT_COLUMNS)
SELECT_ITEMS = sql(
    "select_items_to_erase",
    """
SELECT i.id, i.dataset_id, i.version, i.created_at, i.deleted IS NOT TRUE FROM dataset_item i
 WHERE i.team_id = %(project_id)s AND i.id = ANY(%(ids)s) AND NOT EXISTS (
   SELECT FROM dataset_erasure e WHERE e.team_id = %(project_id)s AND e.item_id = i.id)
""",
)
# The superseded version is kept without its content.
ARCHIVE_ERASED = sql(
    "archive_erased_versions",
    "$insert_versions SELECT $columns FROM dataset_item i WHERE i.team_id = %(project_id)s AND i.id = ANY(%(ids)s)",
    insert_versions=INSERT_VERSIONS,
    columns=", ".join("NULL" if column in CONTENT_COLUMNS else f"i.{column}" for column in ItemRow._fields),
)
ERASE_VERSIONS = sql(
    "erase_versions",
    "UPDATE item_version SET $no_content WHERE team_id = %(project_id)s AND id = ANY(%(ids)s)",
    no_content=NO_CONTENT,
)
ERASE_ITEMS = sql(
    "erase_items",
    """
UPDATE dataset_item i
   SET version = i.version + 1, revision = c.revision, updated_at = %(now)s, deleted = true, $no_content
  FROM unnest(%(ids)s::uuid[], %(revisions)s::bigint[]) AS c (item_id, revision)
 WHERE i.team_id = %(project_id)s AND i.id = c.item_id
""",
    no_content=NO_CONTENT,
)
ERASE_SOURCES = sql(
    "erase_item_sources", "DELETE FROM item_source WHERE team_id = %(project_id)s AND item_id = ANY(%(ids)s)"
)
DELETE_HASHES = sql(
    "delete_erased_hashes", "DELETE FROM item_hash WHERE team_id = %(project_id)s AND item_id = ANY(%(ids)s)"
)
# The digests of every revision that listed one of the items, in whatever dataset it was then.
VOID_DIGESTS = sql(
    "void_digests",
    """
DELETE FROM dataset_digest d
 USING dataset_item i
  JOIN LATERAL (
    SELECT i.dataset_id
     UNION
    SELECT v.dataset_id FROM item_version v WHERE v.team_id = %(project_id)s AND v.id = i.id
  ) home ON true
  JOIN item_validity p ON p.team_id = %(project_id)s AND p.dataset_id = home.dataset_id
                      AND p.created_at = i.created_at AND p.item_id = i.id
 WHERE i.team_id = %(project_id)s AND i.id = ANY(%(ids)s)
   AND d.team_id = %(project_id)s AND d.dataset_id = home.dataset_id
   AND d.revision >= p.valid_from AND d.revision < p.valid_to
""",
)
# Messages of the revisions that wrote these items may quote them.
ERASE_MESSAGES = sql(
    "erase_messages",
    """
UPDATE dataset_change c SET message = NULL
  FROM (SELECT dataset_id, revision FROM item_version WHERE team_id = %(project_id)s AND id = ANY(%(ids)s)
         UNION
        SELECT dataset_id, revision FROM dataset_item WHERE team_id = %(project_id)s AND id = ANY(%(ids)s)) written
 WHERE c.team_id = %(project_id)s AND c.dataset_id = written.dataset_id AND c.revision = written.revision
   AND c.position = 0 AND c.message IS NOT NULL
""",
)
# A move also made a revision in the dataset that the item left; no version names it.
FIND_LEFT_DATASETS = sql(
    "find_datasets_that_items_left",
    """
SELECT DISTINCT v.dataset_id FROM item_version v
  JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = v.id
 WHERE v.team_id = %(project_id)s AND v.id = ANY(%(ids)s)
   AND (i.dataset_id <> v.dataset_id OR EXISTS (
     SELECT FROM item_version o WHERE o.team_id = %(project_id)s AND o.id = v.id AND o.dataset_id <> v.dataset_id))
""",
)
ERASE_MESSAGES_OF_MOVES = sql(
    "erase_messages_of_moves",
    """
UPDATE dataset_change c SET message = NULL
  FROM (SELECT dataset_id, revision FROM dataset_change
         WHERE team_id = %(project_id)s AND dataset_id = ANY(%(dataset_ids)s) AND item_id = ANY(%(ids)s)
           AND operation = 'moved_out') left_in
 WHERE c.team_id = %(project_id)s AND c.dataset_id = left_in.dataset_id AND c.revision = left_in.revision
   AND c.position = 0 AND c.message IS NOT NULL
""",
)
ERASURE_KINDS: Kinds = {
    "id": UUIDColumn,
    "dataset_id": UUIDColumn,
    "item_id": UUIDColumn,
    "revision": BigintColumn,
    "versions": IntegerColumn,
}
RECORD_ERASURES = sql(
    "record_erasures",
    """
INSERT INTO dataset_erasure (team_id, $columns, reason, created_at, created_by_id)
SELECT h.team_id, n.*, %(reason)s, %(now)s::timestamptz, %(user_id)s::bigint FROM unnest($arrays) AS n ($columns)
  JOIN dataset_head h ON h.team_id = %(project_id)s AND h.dataset_id = n.dataset_id
""",
    arrays=arrays_sql(ERASURE_KINDS),
    columns=", ".join(ERASURE_KINDS),
)
