"""What holds of the revisions of a dataset, one after the other."""
# ruff: noqa: S608  the statements are put together from constants

from items.management.history_rules.rule import Rule
from items.models.history import STILL

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
        SELECT team_id AS project, dataset_id AS dataset, revision, created_at, former FROM (
          SELECT *, lag(created_at) OVER (PARTITION BY team_id, dataset_id ORDER BY revision) AS former
            FROM dataset_change WHERE position = 0
        ) c
         WHERE created_at IS NULL OR created_at <= former
        """,
    ),
    Rule(
        "ages",
        "A dataset shows no item that is younger than the revision.",
        """
        SELECT p.team_id AS project, p.dataset_id AS dataset, p.item_id AS item, p.version, p.since_revision,
               p.created_at AS item_created_at, c.created_at AS revision_created_at
          FROM item_presence p
          JOIN dataset_change c ON c.team_id = p.team_id AND c.dataset_id = p.dataset_id
                               AND c.revision = p.since_revision AND c.position = 0
         WHERE p.created_at > c.created_at
        """,
    ),
    Rule(
        "summaries",
        "A revision says how many items it created, updated, archived and restored.",
        """
        SELECT team_id AS project, dataset_id AS dataset, revision, array_agg(DISTINCT operation) AS operations,
               sum(created) AS created, sum(updated) AS updated, sum(archived) AS archived, sum(restored) AS restored
          FROM dataset_change GROUP BY 1, 2, 3
        HAVING sum(created) <> count(*) FILTER (WHERE operation = 'created')
            OR sum(updated) <> count(*) FILTER (WHERE operation IN ('updated', 'moved_in', 'moved_out'))
            OR sum(archived) <> count(*) FILTER (WHERE operation = 'archived')
            OR sum(restored) <> count(*) FILTER (WHERE operation = 'restored')
        """,
    ),
    Rule(
        "counts_of_revisions",
        "A revision's count of items is that of the one before, and what it showed, without what it hid.",
        f"""
        SELECT c.team_id AS project, c.dataset_id AS dataset, c.revision, c.item_count, c.former,
               coalesce(shown.items, 0) AS shown, coalesce(hidden.items, 0) AS hidden
          FROM (
            SELECT *, lag(item_count, 1, 0::bigint) OVER (PARTITION BY team_id, dataset_id ORDER BY revision)
                      AS former FROM dataset_change WHERE position = 0
          ) c
          LEFT JOIN (
            SELECT team_id, dataset_id, since_revision AS revision, count(*) AS items FROM item_presence
             GROUP BY 1, 2, 3
          ) shown USING (team_id, dataset_id, revision)
          LEFT JOIN (
            SELECT team_id, dataset_id, until_revision AS revision, count(*) AS items FROM item_presence
             WHERE until_revision <> {STILL} GROUP BY 1, 2, 3
          ) hidden USING (team_id, dataset_id, revision)
         WHERE c.item_count IS DISTINCT FROM c.former + coalesce(shown.items, 0) - coalesce(hidden.items, 0)
        """,
    ),
)
