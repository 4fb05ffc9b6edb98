"""The backend itself. The file is called base.py because Django demands it.

Of the package that ENGINE names, Django imports the module `base`, and takes the class DatabaseWrapper from it.
"""

import threading
from collections import defaultdict
from functools import cached_property
from typing import Any, ClassVar

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql import base

from database.backend.circuit_breaker import CircuitBreaker
from database.backend.connection import BoundedConnection
from database.backend.timeouts import apply_timeouts, timeout_settings
from database.prepared import PreparedStatements


class DatabaseWrapper(base.DatabaseWrapper):
    circuit_breakers: ClassVar[defaultdict[str, CircuitBreaker]] = defaultdict(CircuitBreaker)

    def get_new_connection(self, conn_params: dict[str, Any]) -> BoundedConnection:
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        with self.circuit_breakers[self.alias].attempt():
            return BoundedConnection.connect(**conn_params)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        # A pooler that forgets prepared statements would also hand our limits to someone else's next transaction.
        keeps_session = self.settings_dict["OPTIONS"].get("prepare_threshold") is not None
        apply_timeouts(self.connection, keeps_session=keeps_session)
        # At the console psycopg's cursors wait: they can be interrupted.
        if keeps_session and timeout_settings.seconds is not None:
            self.connection.prepared = PreparedStatements(self.connection)
            # Psycopg's own preparing would take ours away with its own, after each ROLLBACK.
            self.connection.prepare_threshold = None

    def close_if_unusable_or_obsolete(self) -> None:
        """After an error always: to ask whether the connection still works may take as long as the error did, and a
        statement that was prepared for tables as they were would fail for ever."""
        if self.connection is not None and self.errors_occurred and not self.in_atomic_block:
            self.close()
        else:
            super().close_if_unusable_or_obsolete()


class ThreadConnections(threading.local):
    @cached_property
    def connections(self) -> list[BaseDatabaseWrapper]:
        """This thread's: Django keeps them while the thread lives, and takes long to find them."""
        return [connections[alias] for alias in connections]


thread_connections = ThreadConnections()


def close_unusable_connections(**_: Any) -> None:
    """Those of this thread that failed, and those that were lost while nobody used them: no request has to fail of
    either."""
    for each in thread_connections.connections:
        if each.connection is not None and not each.in_atomic_block:
            each.close_if_unusable_or_obsolete()
            if each.connection is not None and each.connection.is_lost:
                each.close()
