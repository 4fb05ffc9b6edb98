"""What holds in every database, whatever has been written: one rule, one statement that finds what breaks it."""
# ruff: noqa: S608  the statements are put together from constants

import json
from typing import Any, NamedTuple

from django.db import transaction

from database.statements import execute, fetch_all
from items.models.history import STILL

MAX_EXAMPLES = 10

# Each version of each item, the present one among them.
EVERY_VERSION = """
  SELECT team_id, id, version, dataset_id, revision, deleted, created_at FROM dataset_item
   UNION ALL
  SELECT team_id, id, version, dataset_id, revision, deleted, created_at FROM item_version
"""


class Rule(NamedTuple):
    name: str
    sentence: str
    statement: str  # finds what breaks it; its first column is the project


class Breach(NamedTuple):
    rule: Rule
    places: int
    examples: list[dict[str, Any]]


RULES = (
    Rule(
        "heads",
        "Every dataset has a head.",
        """
        SELECT d.team_id AS project, d.id AS dataset FROM dataset d
         WHERE NOT EXISTS (SELECT FROM dataset_head h WHERE h.team_id = d.team_id AND h.dataset_id = d.id)
        """,
    ),
    Rule(
        "belongings",
        "Every version belongs to an item, every presence and change to a dataset.",
        """
        SELECT v.team_id AS project, v.dataset_id AS dataset, v.id AS item FROM item_version v
         WHERE NOT EXISTS (SELECT FROM dataset_item i WHERE i.team_id = v.team_id AND i.id = v.id)
         UNION
        SELECT p.team_id, p.dataset_id, p.item_id FROM item_presence p
         WHERE NOT EXISTS (SELECT FROM dataset_head h WHERE h.team_id = p.team_id AND h.dataset_id = p.dataset_id)
         UNION
        SELECT c.team_id, c.dataset_id, c.item_id FROM dataset_change c
         WHERE NOT EXISTS (SELECT FROM dataset_head h WHERE h.team_id = c.team_id AND h.dataset_id = c.dataset_id)
        """,
    ),
    Rule(
        "item_counts",
        "A head counts the visible items of its dataset.",
        """
        SELECT h.team_id AS project, h.dataset_id AS dataset, h.item_count AS counted, coalesce(i.visible, 0) AS visible
          FROM dataset_head h
          LEFT JOIN (
            SELECT team_id, dataset_id, count(*) AS visible FROM dataset_item WHERE deleted IS NOT TRUE GROUP BY 1, 2
          ) i USING (team_id, dataset_id)
         WHERE h.item_count <> coalesce(i.visible, 0)
        """,
    ),
    Rule(
        "newest_changes",
        "The newest change of a dataset has its head's count and time.",
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
    Rule(
        "versions",
        "The versions of an item are 1, 2, 3 and so on to the present one.",
        """
        SELECT i.team_id AS project, i.id AS item, i.version, array_agg(v.version ORDER BY v.version) AS superseded
          FROM dataset_item i LEFT JOIN item_version v ON v.team_id = i.team_id AND v.id = i.id
         GROUP BY i.team_id, i.id, i.version
        HAVING count(v.version) <> i.version - 1 OR min(v.version) <> 1 OR max(v.version) <> i.version - 1
        """,
    ),
    Rule(
        "shown_items",
        "A visible item is shown since the revision that wrote it.",
        f"""
        SELECT i.team_id AS project, i.dataset_id AS dataset, i.id AS item, i.version, i.revision FROM dataset_item i
         WHERE i.deleted IS NOT TRUE AND NOT EXISTS (
           SELECT FROM item_presence p
            WHERE p.team_id = i.team_id AND p.dataset_id = i.dataset_id AND p.created_at = i.created_at
              AND p.item_id = i.id AND p.version = i.version AND p.since_revision = i.revision
              AND p.until_revision = {STILL})
        """,
    ),
    Rule(
        "hidden_items",
        "Nothing is shown but the present version of a visible item, in its dataset.",
        f"""
        SELECT p.team_id AS project, p.dataset_id AS dataset, p.item_id AS item, p.version, p.since_revision
          FROM item_presence p
         WHERE p.until_revision = {STILL} AND NOT EXISTS (
           SELECT FROM dataset_item i
            WHERE i.team_id = p.team_id AND i.id = p.item_id AND i.dataset_id = p.dataset_id
              AND i.version = p.version AND i.deleted IS NOT TRUE)
        """,
    ),
    Rule(
        "overlaps",
        "A dataset shows one version of an item at a time.",
        """
        SELECT team_id AS project, dataset_id AS dataset, item_id AS item, version, since_revision, until_revision
          FROM (
            SELECT *, lag(until_revision) OVER (
                        PARTITION BY team_id, dataset_id, item_id ORDER BY since_revision, until_revision) AS former
              FROM item_presence
          ) p
         WHERE since_revision < former OR until_revision <= since_revision
        """,
    ),
    Rule(
        "showing_changes",
        "What a dataset shows since a revision, a change of that revision showed.",
        """
        SELECT p.team_id AS project, p.dataset_id AS dataset, p.item_id AS item, p.version, p.since_revision
          FROM item_presence p
         WHERE NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = p.team_id AND c.dataset_id = p.dataset_id AND c.revision = p.since_revision
              AND c.item_id = p.item_id AND c.version = p.version
              AND c.operation IN ('created', 'updated', 'restored', 'moved_in'))
        """,
    ),
    Rule(
        "hiding_changes",
        "What a dataset showed until a revision, the item's next version replaced or hid in that revision.",
        f"""
        SELECT p.team_id AS project, p.dataset_id AS dataset, p.item_id AS item, p.version, p.until_revision
          FROM item_presence p
         WHERE p.until_revision <> {STILL} AND NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = p.team_id AND c.dataset_id = p.dataset_id AND c.revision = p.until_revision
              AND c.item_id = p.item_id AND c.version = p.version + 1)
        """,
    ),
    Rule(
        "visible_changes",
        "What a change left visible is shown since its revision, at the item's place in the list; nothing else is.",
        f"""
        SELECT c.team_id AS project, c.dataset_id AS dataset, c.revision, c.operation, c.item_id AS item, c.version
          FROM dataset_change c
          JOIN ({EVERY_VERSION}) v ON v.team_id = c.team_id AND v.id = c.item_id AND v.version = c.version
          LEFT JOIN item_presence p ON p.team_id = c.team_id AND p.dataset_id = c.dataset_id AND p.item_id = c.item_id
                                   AND p.version = c.version AND p.since_revision = c.revision
                                   AND p.created_at = v.created_at
         WHERE (c.operation <> 'moved_out' AND v.deleted IS NOT TRUE) <> (p.item_id IS NOT NULL)
        """,
    ),
    Rule(
        "versions_of_changes",
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
        "changes_of_versions",
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
        "moves",
        "An item that came from another dataset was moved out of that one.",
        f"""
        SELECT v.team_id AS project, v.former AS dataset, v.id AS item, v.version FROM (
          SELECT *, lag(dataset_id) OVER (PARTITION BY team_id, id ORDER BY version) AS former FROM ({EVERY_VERSION}) e
        ) v
         WHERE v.former <> v.dataset_id AND NOT EXISTS (
           SELECT FROM dataset_change c
            WHERE c.team_id = v.team_id AND c.dataset_id = v.former AND c.item_id = v.id AND c.version = v.version
              AND c.operation = 'moved_out')
        """,
    ),
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


# A rule reads whole tables, of which much is of one revision. Joined by indexes, or in order of revisions, each row of
# it would be laid beside each other one.
BY_HASHES = ("SET LOCAL enable_nestloop = off", "SET LOCAL enable_mergejoin = off")


def breach_of(rule: Rule, *, project_id: int | None) -> Breach | None:
    """None: the rule holds. One statement, hence of one snapshot: writers may be at work."""
    statement = f"""
      SELECT count(*) OVER (), row_to_json(found)::text FROM ({rule.statement}) found
       WHERE %(project)s::bigint IS NULL OR found.project = %(project)s
       LIMIT {MAX_EXAMPLES}
    """
    with transaction.atomic():
        for setting in BY_HASHES:
            execute(setting, {})
        rows = fetch_all(statement, {"project": project_id})
    return Breach(rule, rows[0][0], [json.loads(row[1]) for row in rows]) if rows else None
