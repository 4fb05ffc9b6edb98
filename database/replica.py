"""Compares the replica's position in the primary's write-ahead log (WAL) with a required one; positions are numbers."""

import threading
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from database.query import fetch_one, run_on
from database.routers import REPLICA, current_route, fall_back_to_primary, prefer_replica, replica_breaker
from database.sql import sql

# The end of the WAL, including transactions that are not flushed to disk yet.
INSERT_LSN = "(pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"
# Null on a server that was promoted to a primary: its data may have diverged.
REPLAY_LSN = sql(
    "read_replay_lsn",
    """
SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END,
       system_identifier FROM pg_control_system()
""",
)
SYSTEM_IDENTIFIER = sql("read_system_identifier", "SELECT system_identifier FROM pg_control_system()")


class LastSeen(threading.local):
    """The last known position of the replica at the other end of this connection; it only advances."""

    connection: Any = None
    lsn = -1


last_seen = LastSeen()


def has_replayed(lsn: int) -> bool:
    """Return whether the replica has replayed the WAL up to this position; False if it does not respond."""
    if replica_breaker.is_open():
        return False
    raw = connections[REPLICA].connection
    if raw is not None and raw is last_seen.connection and lsn <= last_seen.lsn:
        return True
    return fetch_replay_lsn() >= lsn


def fetch_replay_lsn() -> int:
    """Return the replica's position, or -1 if it does not respond or is not a replica of our primary."""
    with prefer_replica():
        row = fetch_one(REPLAY_LSN, [])
        if row is None or current_route.alias != REPLICA:
            return -1
        lsn, identifier = row
        raw = connections[REPLICA].connection
        if lsn is None or (raw is not last_seen.connection and identifier != primary_identifier()):
            fall_back_to_primary("it is not a replica of the primary.")
            return -1
    last_seen.connection, last_seen.lsn = raw, lsn
    return int(lsn)


def primary_identifier() -> int:
    rows = run_on(DEFAULT_DB_ALIAS, SYSTEM_IDENTIFIER, []).rows
    return int(rows[0][0]) if rows else -1
