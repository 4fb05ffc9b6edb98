"""Rules about the versions of items, and the revisions that list them."""

from database.sql import fragment
from items.integrity.rule import Rule
from items.rows import OPEN_END

ITEMS = (
    Rule(
        "sources",
        "Every item's source is in the dataset of the item.",
        """
        SELECT s.team_id AS project, s.item_id AS item, s.dataset_id AS dataset FROM item_source s
          LEFT JOIN dataset_item i ON i.team_id = s.team_id AND i.id = s.item_id
         WHERE i.dataset_id IS DISTINCT FROM s.dataset_id
        """,
    ),
    Rule(
        "versions",
        "The versions of an item are 1, 2, 3 and so on to the current one.",
        """
        SELECT i.team_id AS project, i.id AS item, i.version, array_agg(v.version ORDER BY v.version) AS superseded
          FROM dataset_item i LEFT JOIN item_version v ON v.team_id = i.team_id AND v.id = i.id
         GROUP BY i.team_id, i.id, i.version
        HAVING count(v.version) <> i.version - 1 OR min(v.version) <> 1 OR max(v.version) <> i.version - 1
        """,
    ),
    Rule(
        "live_items",
        "Every live item is listed since the revision that wrote it.",
        fragment(
            """
        SELECT i.team_id AS project, i.dataset_id AS dataset, i.id AS item, i.version, i.revision FROM dataset_item i
         WHERE i.deleted IS NOT TRUE AND NOT EXISTS (
           SELECT FROM item_validity p
            WHERE p.team_id = i.team_id AND p.dataset_id = i.dataset_id AND p.created_at = i.created_at
              AND p.item_id = i.id AND p.version = i.version AND p.valid_from = i.revision
              AND p.valid_to = $open_end)
        """,
            open_end=str(OPEN_END),
        ),
    ),
    Rule(
        "open_validity",
        "Only the current versions of live items are listed now, in their datasets.",
        fragment(
            """
        SELECT p.team_id AS project, p.dataset_id AS dataset, p.item_id AS item, p.version, p.valid_from
          FROM item_validity p
         WHERE p.valid_to = $open_end AND NOT EXISTS (
           SELECT FROM dataset_item i
            WHERE i.team_id = p.team_id AND i.id = p.item_id AND i.dataset_id = p.dataset_id
              AND i.version = p.version AND i.deleted IS NOT TRUE)
        """,
            open_end=str(OPEN_END),
        ),
    ),
    Rule(
        "overlaps",
        "A dataset lists one version of an item at a time.",
        """
        SELECT team_id AS project, dataset_id AS dataset, item_id AS item, version, valid_from, valid_to
          FROM (
            SELECT *, lag(valid_to) OVER (
                        PARTITION BY team_id, dataset_id, item_id ORDER BY valid_from, valid_to) AS previous
              FROM item_validity
          ) p
         WHERE valid_from < previous OR valid_to <= valid_from
        """,
    ),
)
