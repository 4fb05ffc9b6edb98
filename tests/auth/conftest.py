"""Fixtures of the tests of who may do what."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.auth.two_tenants import TwoTenants


@pytest.fixture(scope="module")
def tenants(django_db_setup: None, django_db_blocker: Any) -> Iterator[TwoTenants]:
    """Made once; what a test does to it is undone, since each runs in a transaction inside this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield TwoTenants()
        transaction.set_rollback(True)
