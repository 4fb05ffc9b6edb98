"""Rules about erased items."""

from database.sql import fragment
from items.integrity.rule import Rule
from items.rows import CONTENT_COLUMNS

ERASURES = (
    Rule(
        "erasures",
        "Every erased item is archived and logged as erased, and no version of it has content.",
        fragment(
            """
        SELECT e.team_id AS project, e.dataset_id AS dataset, e.item_id AS item, e.revision FROM dataset_erasure e
          JOIN dataset_item i ON i.team_id = e.team_id AND i.id = e.item_id
         WHERE i.deleted IS NOT TRUE OR num_nonnulls($content) > 0
            OR EXISTS (SELECT FROM item_version i WHERE i.team_id = e.team_id AND i.id = e.item_id
                          AND num_nonnulls($content) > 0)
            OR EXISTS (SELECT FROM item_source s WHERE s.team_id = e.team_id AND s.item_id = e.item_id)
            OR NOT EXISTS (
                 SELECT FROM dataset_change c
                  WHERE c.team_id = e.team_id AND c.dataset_id = e.dataset_id AND c.revision = e.revision
                    AND c.item_id = e.item_id AND c.operation = 'erased')
         UNION
        SELECT c.team_id, c.dataset_id, c.item_id, c.revision FROM dataset_change c
         WHERE c.operation = 'erased' AND NOT EXISTS (
           SELECT FROM dataset_erasure e
            WHERE e.team_id = c.team_id AND e.item_id = c.item_id AND e.revision = c.revision)
        """,
            content=", ".join(f"i.{column}" for column in CONTENT_COLUMNS),
        ),
    ),
)
