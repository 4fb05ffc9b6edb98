"""Fixtures for all tests."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings

from database.backend.timeouts import timeout_settings
from tests.scaling.citus import check_tasks, delete_all_rows, distribute, is_citus, running_cluster
from tests.scaling.single_project_guard import check_statements
from tests.service_process import ServiceProcess

# No deadline: the duration of an example means nothing on shared machines.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")
# Statements run as in server processes, but without a timeout.
timeout_settings.seconds = 0
# Whoever starts the ASGI application in this process enables them for all later tests.
django_settings.STATEMENT_TIMEOUT_SECONDS = 0
# One line per request would hide the output of a failed test.
logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Create the tests' database, and check all statements at the end.

    Replaces pytest-django's fixture, which creates no database if all selected tests use `live_database`: they would
    empty the database that DATABASE_URL names.
    """
    with django_db_blocker.unblock():
        # On Citus, the database already exists on each machine.
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
    """Run statements like management commands do, through psycopg's cursors."""
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
    """Provide the database without a surrounding transaction, empty before and after."""
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
    """A running service. Its tests also need `live_database`, since the service only sees committed rows."""
    with django_db_blocker.unblock():
        running = ServiceProcess()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def throttled_service(django_db_setup: None, django_db_blocker: Any) -> Iterator[ServiceProcess]:
    """A running service that allows three requests a minute."""
    with django_db_blocker.unblock():
        running = ServiceProcess(RATE_LIMIT_ENABLED="true", RATE_LIMIT_BURST="3/minute")
    yield running
    running.stop()


@pytest.fixture
def live_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database without a transaction around the test, so that other processes see its rows."""
    with emptied(django_db_blocker):
        yield
