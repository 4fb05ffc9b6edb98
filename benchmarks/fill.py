"""Fills our tables: python -m benchmarks.fill ITEMS VERSIONS, with DATABASE_URL and DJANGO_SETTINGS_MODULE set.

The large dataset is written in rounds: the first makes its items, each further one supersedes all of them, in order.
Each write is a revision, 1.1 seconds after the one before, and leaves what the service would leave.
"""

import sys
from datetime import UTC, datetime
from uuid import UUID

import django
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import content

BEGINNING = "timestamptz '2026-01-01 00:00Z'"
DATASETS = f"""
INSERT INTO dataset (team_id, id, name, metadata, created_at, updated_at, deleted, created_by_id, version)
SELECT project, {content.id_sql(content.DATASET_ID, "project")}, 'Dataset ' || project, '{{}}',
       {BEGINNING}, {BEGINNING}, false, {content.CALLER}, 1
  FROM generate_series({content.PROJECT}, {content.PROJECT + content.SMALL_PROJECTS}) project
"""
PROJECT_HEADS = """
INSERT INTO project_head (team_id, dataset_count, archived_dataset_count)
SELECT team_id, count(*), 0 FROM dataset GROUP BY team_id
"""
# The writes of a dataset between an item's first and its last.
LATER = f"CASE project WHEN {content.PROJECT} THEN (%(versions)s - 1) * %(items)s ELSE 0 END"
ITEMS = content.insert_items(
    "dataset_item",
    "json",
    team_id="project",
    version=f"CASE project WHEN {content.PROJECT} THEN %(versions)s ELSE 1 END",
    revision=f"{LATER} + place",
    updated_at=f"{content.ITEM_COLUMNS['created_at']} + {LATER} * interval '1.1 second'",
)
# Each item's version %(version)s, and what its write left.
WRITES = """
SELECT i.*, revision - (version - %(version)s) * %(items)s AS at, revision - (version - 1) * %(items)s AS place,
       created_at + (%(version)s - 1) * %(items)s * interval '1.1 second' AS written_at,
       version = %(version)s AS is_last
  FROM dataset_item i WHERE version >= %(version)s
"""
ITEM_CHANGES = f"""
INSERT INTO dataset_change (team_id, dataset_id, revision, operation, item_id, version, created_at, created_by_id,
                            item_count, position, created, updated, archived, restored)
SELECT team_id, dataset_id, at, CASE %(version)s WHEN 1 THEN 'created' ELSE 'updated' END, id, %(version)s, written_at,
       created_by_id, CASE %(version)s WHEN 1 THEN place ELSE %(items)s END, 0,
       CASE %(version)s WHEN 1 THEN 1 ELSE 0 END, CASE %(version)s WHEN 1 THEN 0 ELSE 1 END, 0, 0
  FROM ({WRITES}) w
"""
VALIDITIES = f"""
INSERT INTO item_validity (team_id, dataset_id, created_at, item_id, version, valid_from, valid_to)
SELECT team_id, dataset_id, created_at, id, %(version)s, at,
       CASE WHEN is_last THEN 9223372036854775807 ELSE at + %(items)s END
  FROM ({WRITES}) w
"""
SUPERSEDED = f"""
INSERT INTO item_version (team_id, id, version, dataset_id, input, output, metadata, ref_trace_id, ref_timestamp,
                          ref_source_id, deleted, created_at, updated_at, created_by_id, revision)
SELECT team_id, id, %(version)s, dataset_id, input, output, metadata, ref_trace_id, ref_timestamp,
       ref_source_id, deleted, created_at, written_at, created_by_id, at
  FROM ({WRITES}) w WHERE NOT is_last
"""
HEADS = """
INSERT INTO dataset_head (team_id, dataset_id, revision, item_count, changed_at, touch_count)
SELECT team_id, dataset_id, max(revision), max(item_count), max(created_at), 0 FROM dataset_change GROUP BY 1, 2
"""
MISCOUNTED = """
SELECT count(*) FROM dataset_head h
 WHERE (h.item_count, h.revision) <> (
   SELECT count(*), max(i.revision) FROM dataset_item i WHERE i.team_id = h.team_id AND i.dataset_id = h.dataset_id)
"""


def add_people() -> None:
    from auth.models import Membership, Organization, PersonalAPIKey, Project, User  # noqa: PLC0415  after setup()

    organization = Organization.objects.create(id=UUID(int=1), name="Benchmark", slug="benchmark")
    last = content.PROJECT + content.SMALL_PROJECTS
    Project.objects.bulk_create(
        Project(id=number, name=f"Project {number}", organization=organization)
        for number in range(content.PROJECT, last + 1)
    )
    for number, key in ((content.CALLER, content.CALLER_KEY), (content.COLLEAGUE, content.COLLEAGUE_KEY)):
        user = User.objects.create(
            id=number, email=f"person-{number}@example.com", current_organization=organization, current_team_id=1
        )
        Membership.objects.create(user=user, organization=organization)
        PersonalAPIKey.objects.create(
            user=user,
            label="Benchmark",
            secure_value=f"sha256${content.sha256_hex(key)}",
            mask_value="phx_...",
            scopes=["*"],
            last_used_at=datetime.now(UTC),
        )


def add_items(items: int, versions: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # The rows are right by construction: checking each reference would double the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(DATASETS)
        cursor.execute(PROJECT_HEADS)
        cursor.execute(ITEMS, {"items": items, "versions": versions})
        for version in range(1, versions + 1):
            for statement in (ITEM_CHANGES, VALIDITIES, SUPERSEDED):
                cursor.execute(statement, {"items": items, "version": version})
        cursor.execute(HEADS)
        cursor.execute(MISCOUNTED)
        assert cursor.fetchone() == (0,), "The heads do not count their items."


def main() -> None:
    items, versions = map(int, sys.argv[1:])
    django.setup()
    call_command("migrate", verbosity=0)
    add_people()
    add_items(items, versions)


if __name__ == "__main__":
    main()
