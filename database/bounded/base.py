"""The backend itself. The file is called base.py because Django demands it.

Of the package that ENGINE names, Django imports the module `base`, and takes the class DatabaseWrapper from it.
"""

import select
from collections import defaultdict
from typing import Any, ClassVar

import psycopg
from django.db import connections
from django.db.backends.postgresql import base

from database.bounded.connection import BoundedConnection
from database.bounded.gate import Gate
from database.bounded.limits import limit
from database.prepared import PreparedStatements


class DatabaseWrapper(base.DatabaseWrapper):
    gates: ClassVar[defaultdict[str, Gate]] = defaultdict(Gate)

    def get_new_connection(self, conn_params: dict[str, Any]) -> BoundedConnection:
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        with self.gates[self.alias].passed():
            return BoundedConnection.connect(**conn_params)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        # A pooler that forgets prepared statements would also hand our limits to someone else's next transaction.
        keeps_session = self.settings_dict["OPTIONS"].get("prepare_threshold") is not None
        if keeps_session:
            self.connection.prepared = PreparedStatements(self.connection)
            # Psycopg's own preparing would take ours away with its own, after each ROLLBACK.
            self.connection.prepare_threshold = None
        limit(self.connection, keeps_session=keeps_session)

    def close_if_unusable_or_obsolete(self) -> None:
        """After an error always: to ask whether the connection still works may take as long as the error did, and a
        statement that was prepared for tables as they were would fail for ever."""
        if self.connection is not None and self.errors_occurred and not self.in_atomic_block:
            self.close()
        else:
            super().close_if_unusable_or_obsolete()


def close_lost_connections(**_: Any) -> None:
    """Those of this thread whose server has gone while nobody used them, so that no request has to fail of it.

    An idle server says nothing: what there is to be read is its farewell.
    """
    for each in connections.all(initialized_only=True):
        if each.connection is not None and not each.in_atomic_block and has_something_to_say(each.connection):
            each.close()


def has_something_to_say(connection: BoundedConnection) -> bool:
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))
