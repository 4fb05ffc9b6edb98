"""Fixtures that all tests share."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings

from database.backend.timeouts import timeout_settings
from tests.scaling.citus import check_tasks, delete_all_rows, distribute, is_citus, running_cluster
from tests.scaling.single_project_guard import check_statements
from tests.service_process import ServiceProcess

# Machines that run tests are shared: how long an example takes says nothing.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")
# Statements are run as where requests are answered, but may take as long as they need.
timeout_settings.seconds = 0
# A line a request would bury what a failed test says.
logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The tests' database; at the end a look at all statements that were sent.

    In place of pytest-django's, which makes none where all tests that were selected use `live_database`: they would
    then empty the database that DATABASE_URL names.
    """
    with django_db_blocker.unblock():
        # On Citus the database is there already, since it has to be on each machine.
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"], keepdb=is_citus())
        if is_citus():
            distribute(running_cluster().test_url)
    yield
    with django_db_blocker.unblock():
        try:
            check_tasks() if is_citus() else check_statements()
        finally:
            teardown_databases(made, verbosity=0, keepdb=is_citus())


@pytest.fixture
def as_management_command(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """For what is run by commands: statements go through psycopg's cursors."""
    monkeypatch.setattr(timeout_settings, "seconds", None)
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepared", None)


def empty_all_tables() -> None:
    if is_citus():
        delete_all_rows()
        return
    tables = ", ".join(model._meta.db_table for model in apps.get_models())  # noqa: SLF001  Django documents it
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


@contextmanager
def emptied(django_db_blocker: Any) -> Iterator[None]:
    """The database without a transaction round what is done there: empty before and after."""
    with django_db_blocker.unblock():
        empty_all_tables()
        try:
            yield
        finally:
            # Also of what failed: what it left would break every later test.
            empty_all_tables()
            connection.close()


@pytest.fixture(scope="session")
def service(django_db_setup: None, django_db_blocker: Any) -> Iterator[ServiceProcess]:
    """A running service. Tests that use it take `live_database` too, since it sees committed rows alone."""
    with django_db_blocker.unblock():
        running = ServiceProcess()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def throttled_service(django_db_setup: None, django_db_blocker: Any) -> Iterator[ServiceProcess]:
    """A running service that takes three requests a minute."""
    with django_db_blocker.unblock():
        running = ServiceProcess(RATE_LIMIT_ENABLED="true", RATE_LIMIT_BURST="3/minute")
    yield running
    running.stop()


@pytest.fixture
def live_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database without a transaction round the test, for what other processes must see."""
    with emptied(django_db_blocker):
        yield
