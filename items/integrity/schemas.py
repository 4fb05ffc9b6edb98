"""What holds of the schemas that a dataset demands."""

from items.integrity.rule import Rule

SCHEMAS = (
    Rule(
        "schemas",
        "The versions of a dataset's schemas are 1, 2, 3 and so on to its head's; a change of the dataset made each.",
        """
        SELECT h.team_id AS project, h.dataset_id AS dataset, h.schema_version, s.version, s.revision, c.operation
          FROM dataset_head h
          JOIN (
            SELECT *, lead(version) OVER (PARTITION BY team_id, dataset_id ORDER BY version) AS following FROM (
              SELECT team_id, dataset_id, 0 AS version, NULL AS revision FROM dataset_head
               UNION ALL
              SELECT team_id, dataset_id, version, revision FROM dataset_schema
            ) every
          ) s USING (team_id, dataset_id)
          LEFT JOIN dataset_change c ON c.team_id = h.team_id AND c.dataset_id = h.dataset_id
                                    AND c.revision = s.revision AND c.position = 0
         WHERE CASE WHEN s.following IS NULL THEN s.version <> h.schema_version ELSE s.following <> s.version + 1 END
            OR s.version > 0 AND (c.operation IN ('dataset_created', 'dataset_updated')) IS NOT TRUE
        """,
    ),
)
