"""Fixtures of the tests of bulk writes: the client of the tests of history."""

from tests.items.history.conftest import client, shared_client

__all__ = ["client", "shared_client"]
