"""What holds between changes, the versions that they wrote, and what they showed and hid."""
# ruff: noqa: S608  the statements are put together from constants

from items.integrity.rule import Rule
from items.models.history import OPEN_END

# Each version of each item, the present one among them.
EVERY_VERSION = """
  SELECT team_id, id, version, dataset_id, revision, deleted, created_at FROM dataset_item
   UNION ALL
  SELECT team_id, id, version, dataset_id, revision, deleted, created_at FROM item_version
"""

CHANGES = (
    Rule(
        "validity_starts",
        "What a dataset shows since a revision, a change of that revision showed.",
        """
        SELECT p.team_id AS project, p.dataset_id AS dataset, p.item_id AS item, p.version, p.valid_from
          FROM item_validity p
         WHERE NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = p.team_id AND c.dataset_id = p.dataset_id AND c.revision = p.valid_from
              AND c.item_id = p.item_id AND c.version = p.version
              AND c.operation IN ('created', 'updated', 'restored', 'moved_in'))
        """,
    ),
    Rule(
        "validity_ends",
        "What a dataset showed until a revision, the item's next version replaced or hid in that revision.",
        f"""
        SELECT p.team_id AS project, p.dataset_id AS dataset, p.item_id AS item, p.version, p.valid_to
          FROM item_validity p
         WHERE p.valid_to <> {OPEN_END} AND NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = p.team_id AND c.dataset_id = p.dataset_id AND c.revision = p.valid_to
              AND c.item_id = p.item_id AND c.version = p.version + 1)
        """,
    ),
    Rule(
        "live_changes",
        "What a change left visible is shown since its revision, at the item's place in the list; nothing else is.",
        f"""
        SELECT c.team_id AS project, c.dataset_id AS dataset, c.revision, c.operation, c.item_id AS item, c.version
          FROM dataset_change c
          JOIN ({EVERY_VERSION}) v ON v.team_id = c.team_id AND v.id = c.item_id AND v.version = c.version
          LEFT JOIN item_validity p ON p.team_id = c.team_id AND p.dataset_id = c.dataset_id AND p.item_id = c.item_id
                                   AND p.version = c.version AND p.valid_from = c.revision
                                   AND p.created_at = v.created_at
         WHERE (c.operation <> 'moved_out' AND v.deleted IS NOT TRUE) <> (p.item_id IS NOT NULL)
        """,
    ),
    Rule(
        "change_versions",
        "The version that a change names exists, and was written by it.",
        f"""
        SELECT c.team_id AS project, c.dataset_id AS dataset, c.revision, c.position, c.operation, c.item_id AS item,
               c.version
          FROM dataset_change c
          LEFT JOIN ({EVERY_VERSION}) v ON v.team_id = c.team_id AND v.id = c.item_id AND v.version = c.version
         WHERE (c.operation IN ('dataset_created', 'dataset_updated')) <> (c.item_id IS NULL AND c.version IS NULL)
            OR c.item_id IS NOT NULL AND v.id IS NULL
            OR c.operation <> 'moved_out' AND (v.dataset_id, v.revision) <> (c.dataset_id, c.revision)
        """,
    ),
    Rule(
        "version_changes",
        "Every version of an item was written by a change of its dataset.",
        f"""
        SELECT v.team_id AS project, v.dataset_id AS dataset, v.id AS item, v.version, v.revision
          FROM ({EVERY_VERSION}) v
         WHERE NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = v.team_id AND c.dataset_id = v.dataset_id AND c.revision = v.revision
              AND c.item_id = v.id AND c.version = v.version AND c.operation <> 'moved_out')
        """,
    ),
    Rule(
        "operations",
        "A change is called by what it did to the item.",
        f"""
        SELECT v.team_id AS project, c.dataset_id AS dataset, c.revision, c.operation, v.id AS item, v.version
          FROM (
            SELECT *, lag(dataset_id) OVER previous AS old_dataset_id, lag(deleted) OVER previous IS TRUE AS was_archived
              FROM ({EVERY_VERSION}) e WINDOW previous AS (PARTITION BY team_id, id ORDER BY version)
          ) v
          JOIN dataset_change c ON c.team_id = v.team_id AND c.item_id = v.id AND c.version = v.version
         WHERE c.operation <> CASE
               WHEN c.dataset_id <> v.dataset_id AND c.dataset_id = v.old_dataset_id THEN 'moved_out'
               WHEN v.version = 1 THEN 'created'
               WHEN v.dataset_id <> v.old_dataset_id THEN 'moved_in'
               WHEN v.deleted IS NOT TRUE AND v.was_archived THEN 'restored'
               WHEN v.deleted IS TRUE AND NOT v.was_archived THEN 'archived'
               ELSE 'updated' END
        """,
    ),
    Rule(
        "moves",
        "An item that came from another dataset was moved out of that one.",
        f"""
        SELECT v.team_id AS project, v.previous AS dataset, v.id AS item, v.version FROM (
          SELECT *, lag(dataset_id) OVER (PARTITION BY team_id, id ORDER BY version) AS previous FROM ({EVERY_VERSION}) e
        ) v
         WHERE v.previous <> v.dataset_id AND NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = v.team_id AND c.dataset_id = v.previous AND c.item_id = v.id AND c.version = v.version
              AND c.operation = 'moved_out')
        """,
    ),
)
