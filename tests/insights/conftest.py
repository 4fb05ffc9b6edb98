"""Fixtures of the tests of quality."""

from tests.items.history.conftest import client, shared_client, statements

__all__ = ["client", "shared_client", "statements"]
