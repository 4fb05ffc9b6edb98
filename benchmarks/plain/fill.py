"""Fills the plain tables: python -m benchmarks.plain.fill ITEMS, with DATABASE_URL and DJANGO_SETTINGS_MODULE set."""

import sys
from uuid import UUID

import django
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import content

DATASETS = f"""
INSERT INTO plain_dataset (id, project_id, name)
SELECT {content.id_sql(content.DATASET_ID, "project")}, project, 'Dataset ' || project
  FROM generate_series({content.PROJECT}, {content.PROJECT + content.SMALL_PROJECTS}) project
"""
ITEMS = content.insert_items("plain_datasetitem", "jsonb", project_id="project")


def add_people() -> None:
    from benchmarks.plain.models import (  # noqa: PLC0415  once Django is set up
        Membership,
        Organization,
        PersonalAPIKey,
        Project,
        User,
    )

    organization = Organization.objects.create(id=UUID(int=1), name="Benchmark")
    last = content.PROJECT + content.SMALL_PROJECTS
    Project.objects.bulk_create(
        Project(id=number, name=f"Project {number}", organization=organization)
        for number in range(content.PROJECT, last + 1)
    )
    for number, key in ((content.CALLER, content.CALLER_KEY), (content.COLLEAGUE, content.COLLEAGUE_KEY)):
        user = User.objects.create(id=number, email=f"person-{number}@example.com", distinct_id=f"person-{number}")
        Membership.objects.create(user=user, organization=organization)
        PersonalAPIKey.objects.create(user=user, sha256=content.sha256_hex(key))


def main() -> None:
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    add_people()
    with transaction.atomic(), connection.cursor() as cursor:
        # As for our tables: the rows are right by construction.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(DATASETS)
        cursor.execute(ITEMS, {"items": int(sys.argv[1])})


if __name__ == "__main__":
    main()
