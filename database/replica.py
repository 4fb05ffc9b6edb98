"""How far is the replica? Positions are those of the primary's write-ahead log, as numbers."""

import threading
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from database.query import fetch_one, run_on
from database.routers import REPLICA, current_route, fall_back_to_primary, prefer_replica, replica_breaker
from database.sql import sql

# The end of what has been written, also by transactions that are not on disk yet.
INSERT_LSN = "(pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"
# Null on a server that has been made a primary: what it has is not our primary's any more.
REPLAY_LSN = sql(
    "read_replay_lsn",
    """
SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END,
       system_identifier FROM pg_control_system()
""",
)
SYSTEM_IDENTIFIER = sql("read_system_identifier", "SELECT system_identifier FROM pg_control_system()")


class LastSeen(threading.local):
    """How far the server at the other end of this connection was when it was asked last: it does not go back."""

    connection: Any = None
    lsn = -1


last_seen = LastSeen()


def has_replayed(lsn: int) -> bool:
    """Whether the replica shows all that the primary had written up to there. False if it does not answer."""
    if replica_breaker.is_open():
        return False
    raw = connections[REPLICA].connection
    if raw is not None and raw is last_seen.connection and lsn <= last_seen.lsn:
        return True
    return fetch_replay_lsn() >= lsn


def fetch_replay_lsn() -> int:
    """-1: it did not answer, or it is no replica of our primary."""
    with prefer_replica():
        row = fetch_one(REPLAY_LSN, [])
        if row is None or current_route.alias != REPLICA:
            return -1
        lsn, identifier = row
        raw = connections[REPLICA].connection
        if lsn is None or (raw is not last_seen.connection and identifier != primary_identifier()):
            fall_back_to_primary("it is no replica of the primary.")
            return -1
    last_seen.connection, last_seen.lsn = raw, lsn
    return int(lsn)


def primary_identifier() -> int:
    rows = run_on(DEFAULT_DB_ALIAS, SYSTEM_IDENTIFIER, []).rows
    return int(rows[0][0]) if rows else -1
