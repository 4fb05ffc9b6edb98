"""Fixtures of the tests of who may do what."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.auth.world import World


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once; what a test does to it is undone, since each runs in a transaction inside this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
