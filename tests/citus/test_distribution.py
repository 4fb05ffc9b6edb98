"""deploy/citus/distribute.sql: what it says, that it may run again, and what is said of tables that it has not seen."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from datasets_api.citus import current_messages, find_citus_problem
from datasets_api.observability.health import readiness
from tests.api import Api
from tests.scaling.citus import Cluster, distribute, run_script
from tests.scaling.tables import REFERENCE, TEAM_OWNED
from tests.service.up_process import manage

PLACES = "SELECT table_name::text, citus_table_type FROM citus_tables"
FOREIGN_KEYS = "SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1"
ALONE = "alone"
# None of its foreign keys would have to go first.
TABLE = "item_version"


def service_at(cluster: Cluster) -> dict[str, str]:
    return {"DATABASE_URL": cluster.test_url, "SECRET_KEY": "tests-only-" + "x" * 26 + "y" * 26}


@contextmanager
def other_database(cluster: Cluster) -> Iterator[str]:
    """On the coordinator alone."""
    cluster.ask(f"CREATE DATABASE {ALONE}")
    try:
        yield cluster.test_url.replace("test_datasets", ALONE)
    finally:
        cluster.ask(f"DROP DATABASE {ALONE} WITH (FORCE)")


@pytest.fixture
def half_distributed(cluster: Cluster, live_database: None) -> Iterator[None]:
    cluster.ask(f"SELECT undistribute_table('{TABLE}')")
    find_citus_problem.cache_clear()
    readiness.clear()
    yield
    distribute(cluster.test_url)
    readiness.clear()


def test_every_table_is_where_it_belongs(cluster: Cluster, django_db_setup: None) -> None:
    expected = dict.fromkeys(REFERENCE, "reference") | dict.fromkeys(TEAM_OWNED, "distributed")

    assert dict(cluster.ask(PLACES)) == expected
    assert len({colocation for (colocation,) in cluster.ask("SELECT colocation_id FROM citus_tables")}) == 2


def test_running_it_again_changes_nothing(cluster: Cluster, django_db_setup: None) -> None:
    before = cluster.ask(PLACES), cluster.ask(FOREIGN_KEYS)

    said = distribute(cluster.test_url).splitlines()

    assert (cluster.ask(PLACES), cluster.ask(FOREIGN_KEYS)) == before
    assert len(said) == len(REFERENCE) + len(TEAM_OWNED) + 2
    assert [line for line in said if "already" not in line] == []


def test_what_is_missing_is_done(cluster: Cluster, half_distributed: None) -> None:
    keys = cluster.ask(FOREIGN_KEYS)

    said = [line for line in distribute(cluster.test_url).splitlines() if "already" not in line]

    assert len(said) == 1
    assert f"{TABLE}: split by team_id now" in said[0]
    assert cluster.ask(FOREIGN_KEYS) == keys


def test_it_refuses_a_database_without_citus_and_one_without_workers(cluster: Cluster) -> None:
    with other_database(cluster) as url:
        without_citus = run_script(url)
        with psycopg.connect(url, autocommit=True) as raw:
            raw.execute("CREATE EXTENSION citus")
        without_workers = run_script(url)

    assert (without_citus.returncode, without_workers.returncode) == (3, 3)
    assert "The extension citus is not in this database." in without_citus.stderr
    assert "No worker is registered" in without_workers.stderr


def test_half_distributed_tables_stop_the_service(cluster: Cluster, half_distributed: None) -> None:
    text = f"These tables are not distributed, but the others are: {TABLE}."

    ready = Api().get("/_readyz")
    check = manage("check", "--database", "default", **service_at(cluster))
    start = manage("up", "--port", "1", **service_at(cluster))

    assert [each.msg for each in current_messages()] == [text]
    assert (ready.status_code, ready.json()["detail"]) == (503, text)
    assert (check.returncode, start.returncode) == (1, 1)
    assert text in check.stderr
    assert text in start.stderr
    assert "distribute.sql" in start.stderr
    # The tables of a new version are made before they are distributed.
    assert manage("migrate", **service_at(cluster)).returncode == 0


def test_a_replica_is_refused(cluster: Cluster, live_database: None) -> None:
    done = manage("up", "--port", "1", **service_at(cluster), REPLICA_DATABASE_URL=cluster.test_url)

    assert done.returncode == 1
    assert "REPLICA_DATABASE_URL cannot be used with Citus" in done.stderr
