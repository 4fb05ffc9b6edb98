"""Fixtures of the tests of import: the client of the tests of history, and the files that they send."""

from tests.items.history.conftest import client, shared_client

__all__ = ["client", "shared_client"]
