"""Fills our tables: python -m benchmarks.fill ITEMS, with DATABASE_URL and DJANGO_SETTINGS_MODULE set."""

import sys
from datetime import UTC, datetime
from uuid import UUID

import django
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import content

DATASETS = f"""
INSERT INTO dataset (team_id, id, name, metadata, created_at, updated_at, deleted, created_by_id, version)
SELECT project, {content.id_sql(content.DATASET_ID, "project")}, 'Dataset ' || project, '{{}}',
       timestamptz '2026-01-01 00:00Z', timestamptz '2026-01-01 00:00Z', false, {content.CALLER}, 1
  FROM generate_series({content.PROJECT}, {content.PROJECT + content.SMALL_PROJECTS}) project
"""
# Revision 1 made the dataset, each item one more.
HEADS = f"""
INSERT INTO dataset_head (team_id, dataset_id, revision, item_count)
SELECT d.team_id, d.id, 1 + made.items, made.items
  FROM dataset d
  CROSS JOIN LATERAL (
    SELECT CASE d.team_id WHEN {content.PROJECT} THEN %(items)s ELSE {content.SMALL_PROJECT_ITEMS} END AS items
  ) made
"""
ITEMS = content.insert_items("dataset_item", "json", team_id="project", version="1", revision="1 + place")
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


def add_items(items: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # The rows are right by construction: checking each reference would double the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (DATASETS, HEADS, ITEMS):
            cursor.execute(statement, {"items": items} if "%(items)s" in statement else None)
        cursor.execute(MISCOUNTED)
        assert cursor.fetchone() == (0,), "The heads do not count their items."


def main() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    add_people()
    add_items(int(sys.argv[1]))


if __name__ == "__main__":
    main()
