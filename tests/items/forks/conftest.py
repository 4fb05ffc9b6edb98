"""The client of the tests of history serves here too."""

from tests.items.history.conftest import client, shared_client

__all__ = ["client", "shared_client"]
