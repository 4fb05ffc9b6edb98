"""Fixtures of the tests of hostile requests."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.auth.conftest import tenants

__all__ = ["application", "tenants"]


@pytest.fixture
def application(db: None) -> Iterator[Any]:
    """The service for a WSGI client inside the test's transaction: nobody closes its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
