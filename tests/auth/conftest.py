"""Fixtures for the tests of access."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.auth.two_tenants import TwoTenants


@pytest.fixture(scope="module")
def tenants(django_db_setup: None, django_db_blocker: Any) -> Iterator[TwoTenants]:
    """Created once per module: each test runs in a savepoint of this transaction, which rolls back its changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield TwoTenants()
        transaction.set_rollback(True)
