"""Whether the database is a Citus cluster, whose tables are split over several machines."""

import functools

from database.query import fetch_one
from database.sql import sql

HAS_CITUS = sql("has_citus", "SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL")


@functools.cache
def has_citus() -> bool:
    """Asked once in each process: the extension is there before its first table is split."""
    row = fetch_one(HAS_CITUS, {})
    return row is not None and row[0]
