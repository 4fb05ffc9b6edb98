"""Rules about the revisions of a dataset, and the tags that name them."""

from database.sql import fragment
from items.integrity.rule import Rule
from items.rows import OPEN_END

REVISIONS = (
    Rule(
        "revisions",
        "The revisions of a dataset are 1, 2, 3 and so on to its head's.",
        """
        SELECT r.team_id AS project, r.dataset_id AS dataset, r.revision, r.following, h.revision AS head
          FROM dataset_head h
          JOIN (
            SELECT *, lead(revision) OVER (PARTITION BY team_id, dataset_id ORDER BY revision) AS following FROM (
              SELECT team_id, dataset_id, 0 AS revision FROM dataset_head
               UNION ALL
              SELECT team_id, dataset_id, revision FROM dataset_change WHERE position = 0
            ) every
          ) r USING (team_id, dataset_id)
         WHERE CASE WHEN r.following IS NULL THEN r.revision <> h.revision ELSE r.following <> r.revision + 1 END
        """,
    ),
    Rule(
        "positions",
        "The changes of a revision are numbered 0, 1, 2 and so on.",
        """
        SELECT team_id AS project, dataset_id AS dataset, revision, count(*) AS changes, max(position) AS last
          FROM dataset_change GROUP BY 1, 2, 3
        HAVING min(position) <> 0 OR max(position) <> count(*) - 1
        """,
    ),
    Rule(
        "times",
        "Every revision is later than the one before it.",
        """
        SELECT team_id AS project, dataset_id AS dataset, revision, created_at, previous FROM (
          SELECT *, lag(created_at) OVER (PARTITION BY team_id, dataset_id ORDER BY revision) AS previous
            FROM dataset_change WHERE position = 0
        ) c
         WHERE created_at IS NULL OR created_at <= previous
        """,
    ),
    Rule(
        "ages",
        "No revision lists an item that is younger than the revision.",
        """
        SELECT p.team_id AS project, p.dataset_id AS dataset, p.item_id AS item, p.version, p.valid_from,
               p.created_at AS item_created_at, c.created_at AS revision_created_at
          FROM item_validity p
          JOIN dataset_change c ON c.team_id = p.team_id AND c.dataset_id = p.dataset_id
                               AND c.revision = p.valid_from AND c.position = 0
         WHERE p.created_at > c.created_at
        """,
    ),
    Rule(
        "summaries",
        "Every revision counts the items that it created, updated, archived and restored.",
        """
        SELECT team_id AS project, dataset_id AS dataset, revision, array_agg(DISTINCT operation) AS operations,
               sum(created) AS created, sum(updated) AS updated, sum(archived) AS archived, sum(restored) AS restored
          FROM dataset_change GROUP BY 1, 2, 3
        HAVING sum(created) <> count(*) FILTER (WHERE operation = 'created')
            OR sum(updated) <> count(*) FILTER (WHERE operation IN ('updated', 'moved_in', 'moved_out'))
            OR sum(archived) <> count(*) FILTER (WHERE operation IN ('archived', 'erased'))
            OR sum(restored) <> count(*) FILTER (WHERE operation = 'restored')
        """,
    ),
    Rule(
        "revision_counts",
        "Every revision's count of items is the previous count plus the items that it listed minus those that it hid.",
        fragment(
            """
        SELECT c.team_id AS project, c.dataset_id AS dataset, c.revision, c.item_count, c.previous,
               coalesce(opened.items, 0) AS opened, coalesce(closed.items, 0) AS closed
          FROM (
            SELECT *, lag(item_count, 1, 0::bigint) OVER (PARTITION BY team_id, dataset_id ORDER BY revision)
                      AS previous FROM dataset_change WHERE position = 0
          ) c
          LEFT JOIN (
            SELECT team_id, dataset_id, valid_from AS revision, count(*) AS items FROM item_validity
             GROUP BY 1, 2, 3
          ) opened USING (team_id, dataset_id, revision)
          LEFT JOIN (
            SELECT team_id, dataset_id, valid_to AS revision, count(*) AS items FROM item_validity
             WHERE valid_to <> $open_end GROUP BY 1, 2, 3
          ) closed USING (team_id, dataset_id, revision)
         WHERE c.item_count IS DISTINCT FROM c.previous + coalesce(opened.items, 0) - coalesce(closed.items, 0)
        """,
            open_end=str(OPEN_END),
        ),
    ),
    Rule(
        "tags",
        "Every tag names a revision that its dataset has.",
        """
        SELECT t.team_id AS project, t.dataset_id AS dataset, t.name, t.revision FROM dataset_tag t
         WHERE NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = t.team_id AND c.dataset_id = t.dataset_id AND c.revision = t.revision AND c.position = 0)
        """,
    ),
)
