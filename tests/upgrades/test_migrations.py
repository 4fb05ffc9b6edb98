"""Migrations after the first release lock nothing for long: squawk reads their statements. See docs/upgrading.md."""

import json
import subprocess
import sysconfig
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.service_process import PROJECT_DIR
from tests.upgrades.schema_usage import RELEASED

SQUAWK = Path(sysconfig.get_path("scripts")) / "squawk"
OURS = {"api_auth", "items"}


def complaints(statements: str, *, in_transaction: bool) -> list[str]:
    """The names of the rules that they break, each as often as it is broken."""
    assumed = ["--assume-in-transaction"] if in_transaction else []
    done = subprocess.run(
        [SQUAWK, "--config", PROJECT_DIR / ".squawk.toml", "--reporter", "json", *assumed],
        input=statements, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return [each["rule_name"] for each in json.loads(done.stdout)]


def later_migrations() -> list[tuple[str, Any]]:
    """Return the migrations that a database with data will see: until the first release there is none."""
    if not RELEASED.exists():
        return []
    released = set(json.loads(RELEASED.read_text())["migrations"])
    found = MigrationLoader(None).disk_migrations.items()
    return [(f"{app}.{name}", each) for (app, name), each in found if app in OURS and f"{app}.{name}" not in released]


@pytest.mark.django_db
def test_later_migrations_lock_nothing_for_long() -> None:
    found = {
        name: broken
        for name, migration in later_migrations()
        if (broken := complaints(sql_for(*name.split(".")), in_transaction=migration.atomic))
    }

    assert found == {}


def sql_for(app: str, name: str) -> str:
    output = StringIO()
    call_command("sqlmigrate", app, name, stdout=output)
    return output.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(("app", "name"), [("api_auth", "0001_initial"), ("items", "0001_initial")])
def test_statements_of_django_and_our_own_can_be_read(app: str, name: str) -> None:
    assert "syntax-error" not in complaints(sql_for(app, name), in_transaction=True)


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("CREATE INDEX shelf ON dataset_item (version);", "require-concurrent-index-creation"),
        ("ALTER TABLE dataset_item ALTER COLUMN input TYPE jsonb;", "changing-column-type"),
        ("ALTER TABLE dataset_item ALTER COLUMN version SET NOT NULL;", "adding-not-nullable-field"),
        ("ALTER TABLE dataset DROP COLUMN name;", "ban-drop-column"),
        ("ALTER TABLE dataset RENAME COLUMN name TO title;", "renaming-column"),
        ("ALTER TABLE dataset ADD CONSTRAINT shelf CHECK (version > 0);", "constraint-missing-not-valid"),
        ("ALTER TABLE dataset ADD COLUMN shelf text NOT NULL;", "adding-required-field"),
        ("ALTER TABLE dataset ADD COLUMN shelf uuid DEFAULT gen_random_uuid();", "adding-field-with-default"),
    ],
)
def test_a_lock_that_lasts_is_found(statement: str, rule: str) -> None:
    assert rule in complaints(statement, in_transaction=True)


@pytest.mark.parametrize(
    ("statement", "in_transaction"),
    [
        ("CREATE INDEX CONCURRENTLY IF NOT EXISTS shelf ON dataset_item (version);", False),
        ("ALTER TABLE dataset_item ADD COLUMN shelf text;", True),
        ("ALTER TABLE dataset_item ADD COLUMN shelf bigint DEFAULT 0 NOT NULL;", True),
        ("ALTER TABLE dataset ADD CONSTRAINT shelf CHECK (version > 0) NOT VALID;", True),
        ('CREATE TABLE "shelf" ("id" bigint NOT NULL PRIMARY KEY); CREATE INDEX s ON shelf (id);', True),
    ],
)
def test_a_brief_lock_is_allowed(statement: str, in_transaction: bool) -> None:
    assert complaints(statement, in_transaction=in_transaction) == []
