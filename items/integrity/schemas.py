"""What holds of the schemas that a dataset demands."""

from items.integrity.rule import Rule

SCHEMAS = (
    Rule(
        "schemas",
        "The versions of a dataset's schemas are 1, 2, 3 and so on to its head's, put at revisions that it has.",
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
