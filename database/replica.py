"""How far is the replica? Positions are those of the primary's write-ahead log, as numbers."""

import threading
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from database.route import REPLICA, leave_replica, outage, replica_preferred, route
from database.statements import executed_on, fetch_one

# The end of what has been written, also by transactions that are not on disk yet.
WRITTEN = "(pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"
# Null on a server that has been made a primary: what it has is not our primary's any more.
REPLAYED = """
SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END,
       system_identifier FROM pg_control_system()
"""
IDENTIFIER = "SELECT system_identifier FROM pg_control_system()"


class Known(threading.local):
    """How far the server at the other end of this connection was when it was asked last: it does not go back."""

    connection: Any = None
    position = -1


known = Known()


def has_replayed(position: int) -> bool:
    """Whether the replica shows all that the primary had written up to there. False if it does not answer."""
    if outage.is_on():
        return False
    held = connections[REPLICA].connection
    if held is not None and held is known.connection and position <= known.position:
        return True
    return ask_replica() >= position


def ask_replica() -> int:
    """-1: it did not answer, or it is no replica of our primary."""
    with replica_preferred():
        row = fetch_one(REPLAYED, [])
        if row is None or route.alias != REPLICA:
            return -1
        position, identifier = row
        held = connections[REPLICA].connection
        if position is None or (held is not known.connection and identifier != identifier_of_primary()):
            leave_replica("it is no replica of the primary.")
            return -1
    known.connection, known.position = held, position
    return int(position)


def identifier_of_primary() -> int:
    rows = executed_on(DEFAULT_DB_ALIAS, IDENTIFIER, []).rows
    return int(rows[0][0]) if rows else -1
