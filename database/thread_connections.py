"""The connections of the current thread."""

import threading
from functools import cached_property
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


class ThreadConnections(threading.local):
    @cached_property
    def by_alias(self) -> dict[str, BaseDatabaseWrapper]:
        """This thread's connections, cached: Django keeps them for the thread's lifetime, but looks them up slowly."""
        return {alias: connections[alias] for alias in connections}


thread_connections = ThreadConnections()


def close_unusable_connections(**_: Any) -> None:
    """Close this thread's connections that failed, or were lost while idle, so that the next request does not fail."""
    for each in thread_connections.by_alias.values():
        if each.connection is not None and not each.in_atomic_block:
            each.close_if_unusable_or_obsolete()
            if each.connection is not None and each.connection.is_lost:
                each.close()
