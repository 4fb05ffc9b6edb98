"""Fixtures of the tests of finding."""

from tests.items.history.conftest import client, shared_client

__all__ = ["client", "shared_client"]
