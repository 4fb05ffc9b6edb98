"""Rules about the heads of datasets, and rows that belong to them."""

from items.integrity.rule import Rule

HEADS = (
    Rule(
        "heads",
        "Every dataset has a head.",
        """
        SELECT d.team_id AS project, d.id AS dataset FROM dataset d
         WHERE NOT EXISTS (SELECT FROM dataset_head h WHERE h.team_id = d.team_id AND h.dataset_id = d.id)
        """,
    ),
    Rule(
        "dataset_counts",
        "Every project counts its live and its archived datasets.",
        """
        SELECT team_id AS project, p.dataset_count, p.archived_dataset_count, d.live, d.archived
          FROM project_head p
          FULL JOIN (
            SELECT team_id, count(*) FILTER (WHERE deleted IS NOT TRUE) AS live,
                   count(*) FILTER (WHERE deleted) AS archived
              FROM dataset GROUP BY 1
          ) d USING (team_id)
         WHERE coalesce(p.dataset_count, 0) <> coalesce(d.live, 0)
            OR coalesce(p.archived_dataset_count, 0) <> coalesce(d.archived, 0)
        """,
    ),
    Rule(
        "orphans",
        "Every version and origin belongs to an item, every item, validity and change to a dataset.",
        """
        SELECT i.team_id AS project, i.dataset_id AS dataset, i.id AS item FROM dataset_item i
         WHERE NOT EXISTS (SELECT FROM dataset_head h WHERE h.team_id = i.team_id AND h.dataset_id = i.dataset_id)
         UNION
        SELECT v.team_id, v.dataset_id, v.id FROM item_version v
         WHERE NOT EXISTS (SELECT FROM dataset_item i WHERE i.team_id = v.team_id AND i.id = v.id)
         UNION
        SELECT o.team_id, o.origin_dataset_id, o.id FROM item_fork_origin o
         WHERE NOT EXISTS (SELECT FROM dataset_item i WHERE i.team_id = o.team_id AND i.id = o.id)
         UNION
        SELECT p.team_id, p.dataset_id, p.item_id FROM item_validity p
         WHERE NOT EXISTS (SELECT FROM dataset_head h WHERE h.team_id = p.team_id AND h.dataset_id = p.dataset_id)
         UNION
        SELECT c.team_id, c.dataset_id, c.item_id FROM dataset_change c
         WHERE NOT EXISTS (SELECT FROM dataset_head h WHERE h.team_id = c.team_id AND h.dataset_id = c.dataset_id)
        """,
    ),
    Rule(
        "item_counts",
        "Every head counts the live items of its dataset.",
        """
        SELECT h.team_id AS project, h.dataset_id AS dataset, h.item_count AS counted, coalesce(i.live, 0) AS live
          FROM dataset_head h
          LEFT JOIN (
            SELECT team_id, dataset_id, count(*) AS live FROM dataset_item WHERE deleted IS NOT TRUE GROUP BY 1, 2
          ) i USING (team_id, dataset_id)
         WHERE h.item_count <> coalesce(i.live, 0)
        """,
    ),
    Rule(
        "newest_changes",
        "The newest change of a dataset has the count and time of its head.",
        """
        SELECT h.team_id AS project, h.dataset_id AS dataset, h.revision, h.item_count, h.changed_at,
               c.item_count AS change_item_count, c.created_at AS change_created_at
          FROM dataset_head h
          JOIN dataset_change c ON c.team_id = h.team_id AND c.dataset_id = h.dataset_id AND c.revision = h.revision
                               AND c.position = 0
         WHERE c.item_count IS DISTINCT FROM h.item_count OR c.created_at IS DISTINCT FROM h.changed_at
        """,
    ),
    Rule(
        "schemas",
        "The versions of a dataset's schemas are 1, 2, 3 and so on to its head's, at revisions that exist.",
        """
        SELECT h.team_id AS project, h.dataset_id AS dataset, h.schema_version, s.version, s.revision
          FROM dataset_head h
          JOIN (
            SELECT *, lead(version) OVER versions AS following, lag(revision, 1, 0::bigint) OVER versions AS previous
              FROM (
                SELECT team_id, dataset_id, 0 AS version, 0::bigint AS revision FROM dataset_head
                 UNION ALL
                SELECT team_id, dataset_id, version, revision FROM dataset_schema
              ) every WINDOW versions AS (PARTITION BY team_id, dataset_id ORDER BY version)
          ) s USING (team_id, dataset_id)
         WHERE CASE WHEN s.following IS NULL THEN s.version <> h.schema_version ELSE s.following <> s.version + 1 END
            OR s.revision NOT BETWEEN s.previous AND h.revision
        """,
    ),
)
