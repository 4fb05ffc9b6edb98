"""The backend's DatabaseWrapper, which Django imports from the module `base` of the package that ENGINE names."""

from collections import defaultdict
from typing import Any, ClassVar

import psycopg
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
        # A pooler that does not keep prepared statements would also apply our limits to other clients' transactions.
        keeps_session = self.settings_dict["OPTIONS"].get("prepare_threshold") is not None
        apply_timeouts(self.connection, keeps_session=keeps_session)
        # Management commands use psycopg's cursors, which Ctrl-C can interrupt.
        if keeps_session and timeout_settings.seconds is not None:
            self.connection.prepared = PreparedStatements(self.connection)
            # After a ROLLBACK, psycopg deallocates all prepared statements, ours included, if it prepares its own.
            self.connection.prepare_threshold = None

    def close_if_unusable_or_obsolete(self) -> None:
        """Close the connection after any error.

        Checking whether it still works could take as long as the error did, and a statement that was prepared for
        tables that have changed would fail forever.
        """
        if self.connection is not None and self.errors_occurred and not self.in_atomic_block:
            self.close()
        else:
            super().close_if_unusable_or_obsolete()
