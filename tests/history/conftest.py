"""Fixtures of the tests of history."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.history.counter import Counter
from tests.history.scene import Scene


@pytest.fixture(scope="module")
def shared_scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Made once for a file, whose tests must not ask for a live database then."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Scene()
        transaction.set_rollback(True)


@pytest.fixture
def scene(shared_scene: Scene, db: None) -> Scene:
    """What a test does to it is undone, since each runs in a transaction inside that of the file."""
    return shared_scene


@pytest.fixture
def statements(scene: Scene) -> Counter:
    return Counter(scene)
