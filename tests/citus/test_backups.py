"""Backups of a cluster: made by a role that is no superuser; a restore says that tables are to be distributed."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.dataset_client import DatasetClient
from tests.scaling.citus import Cluster
from tests.service.up_process import manage

ROLE, TARGET = "keeper", "backup_target"
SECRET_KEY = "tests-only-" + "x" * 50


@pytest.fixture
def keeper(cluster: Cluster, live_database: None) -> Iterator[str]:
    """The address of a role that may read everything, and create databases."""
    cluster.ask(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    cluster.ask(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {ROLE}")
    cluster.ask(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {ROLE}")
    yield cluster.test_url.replace("postgres@", f"{ROLE}@")
    cluster.ask(f"DROP OWNED BY {ROLE}")
    cluster.ask(f"DROP ROLE {ROLE}")


@pytest.fixture
def target(cluster: Cluster) -> Iterator[str]:
    """An empty database with Citus, on the coordinator alone."""
    cluster.ask(f"CREATE DATABASE {TARGET}")
    url = cluster.test_url.replace("test_datasets", TARGET)
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute("CREATE EXTENSION citus")
    yield url
    cluster.ask(f"DROP DATABASE {TARGET} WITH (FORCE)")


def test_a_backup_needs_no_superuser_and_a_restore_says_what_is_left(keeper: str, target: str, tmp_path: Path) -> None:
    client = DatasetClient()
    items = [client.new_item(input=number)["id"] for number in range(3)]
    file = str(tmp_path / "datasets.backup")

    made = manage("backup", file, "--check", DATABASE_URL=keeper, SECRET_KEY=SECRET_KEY)
    restored = manage("restore", file, DATABASE_URL=target, SECRET_KEY=SECRET_KEY)

    assert made.returncode == 0, made.stderr
    assert restored.returncode == 0, restored.stderr
    assert "no table is distributed" in restored.stderr
    assert "deploy/citus/distribute.sql" in restored.stderr
    with psycopg.connect(target) as raw:
        assert {str(row[0]) for row in raw.execute("SELECT id FROM dataset_item")} == set(items)
