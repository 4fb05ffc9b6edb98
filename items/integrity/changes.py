"""Rules about changes, the versions that they wrote, and validity."""

from database.sql import fragment
from items.integrity.rule import Rule
from items.rows import OPEN_END

# Every version of every item, including the current ones.
EVERY_VERSION = """
  SELECT team_id, id, version, dataset_id, revision, deleted, created_at FROM dataset_item
   UNION ALL
  SELECT team_id, id, version, dataset_id, revision, deleted, created_at FROM item_version
"""

CHANGES = (
    Rule(
        "validity_starts",
        "Every version listed since a revision was listed by a change of that revision.",
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
        "Every version listed until a revision was replaced or hidden in it by the item's next version.",
        fragment(
            """
        SELECT p.team_id AS project, p.dataset_id AS dataset, p.item_id AS item, p.version, p.valid_to
          FROM item_validity p
         WHERE p.valid_to <> $open_end AND NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = p.team_id AND c.dataset_id = p.dataset_id AND c.revision = p.valid_to
              AND c.item_id = p.item_id AND c.version = p.version + 1)
        """,
            open_end=str(OPEN_END),
        ),
    ),
    Rule(
        "live_changes",
        "Every change that leaves an item live, and no other, lists it since its revision, in the right place.",
        fragment(
            """
        SELECT c.team_id AS project, c.dataset_id AS dataset, c.revision, c.operation, c.item_id AS item, c.version
          FROM dataset_change c
          JOIN ($every_version) v ON v.team_id = c.team_id AND v.id = c.item_id AND v.version = c.version
          LEFT JOIN item_validity p ON p.team_id = c.team_id AND p.dataset_id = c.dataset_id AND p.item_id = c.item_id
                                   AND p.version = c.version AND p.valid_from = c.revision
                                   AND p.created_at = v.created_at
         WHERE (c.operation <> 'moved_out' AND v.deleted IS NOT TRUE) <> (p.item_id IS NOT NULL)
        """,
            every_version=EVERY_VERSION,
        ),
    ),
    Rule(
        "change_versions",
        "Every change names an existing version, which it wrote.",
        fragment(
            """
        SELECT c.team_id AS project, c.dataset_id AS dataset, c.revision, c.position, c.operation, c.item_id AS item,
               c.version
          FROM dataset_change c
          LEFT JOIN ($every_version) v ON v.team_id = c.team_id AND v.id = c.item_id AND v.version = c.version
         WHERE v.id IS NULL AND (c.operation <> 'moved_out' OR EXISTS (
                 SELECT FROM dataset_item i WHERE i.team_id = c.team_id AND i.id = c.item_id))
            OR c.operation <> 'moved_out' AND (v.dataset_id, v.revision) <> (c.dataset_id, c.revision)
        """,
            every_version=EVERY_VERSION,
        ),
    ),
    Rule(
        "version_changes",
        "Every version of an item was written by a change of its dataset.",
        fragment(
            """
        SELECT v.team_id AS project, v.dataset_id AS dataset, v.id AS item, v.version, v.revision
          FROM ($every_version) v JOIN dataset_head h ON h.team_id = v.team_id AND h.dataset_id = v.dataset_id
         WHERE NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = v.team_id AND c.dataset_id = v.dataset_id AND c.revision = v.revision
              AND c.item_id = v.id AND c.version = v.version AND c.operation <> 'moved_out')
        """,
            every_version=EVERY_VERSION,
        ),
    ),
    Rule(
        "operations",
        "Every change's operation is what it did to the item.",
        fragment(
            """
        SELECT v.team_id AS project, c.dataset_id AS dataset, c.revision, c.operation, v.id AS item, v.version
          FROM (
            SELECT *, lag(dataset_id) OVER previous AS old_dataset_id,
                   lag(deleted) OVER previous IS TRUE AS was_archived
              FROM ($every_version) e WINDOW previous AS (PARTITION BY team_id, id ORDER BY version)
          ) v
          JOIN dataset_change c ON c.team_id = v.team_id AND c.item_id = v.id AND c.version = v.version
         WHERE c.operation <> 'erased' AND c.operation <> CASE
               WHEN c.dataset_id <> v.dataset_id AND c.dataset_id = v.old_dataset_id THEN 'moved_out'
               WHEN v.version = 1 THEN 'created'
               WHEN v.dataset_id <> v.old_dataset_id THEN 'moved_in'
               WHEN v.deleted IS NOT TRUE AND v.was_archived THEN 'restored'
               WHEN v.deleted IS TRUE AND NOT v.was_archived THEN 'archived'
               ELSE 'updated' END
        """,
            every_version=EVERY_VERSION,
        ),
    ),
    Rule(
        "moves",
        "Every item that moved in from another dataset was moved out of that one.",
        fragment(
            """
        SELECT v.team_id AS project, v.previous AS dataset, v.id AS item, v.version FROM (
          SELECT *, lag(dataset_id) OVER (PARTITION BY team_id, id ORDER BY version) AS previous FROM ($every_version) e
        ) v
          JOIN dataset_head h ON h.team_id = v.team_id AND h.dataset_id = v.previous
         WHERE v.previous <> v.dataset_id AND NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = v.team_id AND c.dataset_id = v.previous AND c.item_id = v.id AND c.version = v.version
              AND c.operation = 'moved_out')
        """,
            every_version=EVERY_VERSION,
        ),
    ),
)
