"""What holds of tags."""

from items.integrity.rule import Rule

TAGS = (
    Rule(
        "tags",
        "A tag names a revision that its dataset has.",
        """
        SELECT t.team_id AS project, t.dataset_id AS dataset, t.name, t.revision FROM dataset_tag t
         WHERE NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = t.team_id AND c.dataset_id = t.dataset_id AND c.revision = t.revision AND c.position = 0)
        """,
    ),
)
