"""The WAL position that a replica must have replayed before a user reads from it: own writes, and a maximum lag.

Stored on the primary, and fetched with access. The table is unlogged: after a crash or a failover it is empty, the
positions are unknown, and reads go to the primary until its position is sampled again.
"""

from django.conf import settings

from database.query import execute
from database.replica import INSERT_LSN
from database.routers import REPLICA
from database.sql import fragment, sql

ALL_USERS = 0
HAS_REPLICA = REPLICA in settings.DATABASES
# The minimum for all users is valid for one interval, and is the primary's position at most two intervals earlier.
SAMPLE_INTERVAL = f"interval '{settings.REPLICA_MAX_LAG_SECONDS * 1000 // 3} milliseconds'"

# The minimum for the user `u`; null if the one for all users is unknown or expired.
MIN_LSN_OF_USER = fragment(
    """(
       SELECT greatest(everybody.min_lsn, own.min_lsn)
         FROM api_auth_replicaposition everybody LEFT JOIN api_auth_replicaposition own ON own.user_id = u.id
        WHERE everybody.user_id = $all_users AND everybody.sampled_at > clock_timestamp() - $interval)""",
    all_users=str(ALL_USERS),
    interval=SAMPLE_INTERVAL,
)
MIN_LSN = MIN_LSN_OF_USER if HAS_REPLICA else "NULL::bigint"

RECORD_WRITE = sql(
    "record_write_lsn",
    """
INSERT INTO api_auth_replicaposition AS f (user_id, min_lsn) VALUES (%(user_id)s, $insert_lsn)
ON CONFLICT (user_id) DO UPDATE SET min_lsn = greatest(f.min_lsn, EXCLUDED.min_lsn)
""",
    insert_lsn=INSERT_LSN,
)
SAMPLE = sql(
    "sample_lsn",
    """
INSERT INTO api_auth_replicaposition AS f (user_id, min_lsn, sampled_lsn, sampled_at)
VALUES ($all_users, $insert_lsn, $insert_lsn, clock_timestamp())
ON CONFLICT (user_id) DO UPDATE
   SET min_lsn = CASE WHEN f.sampled_at > EXCLUDED.sampled_at - 2 * $interval THEN f.sampled_lsn
                       ELSE EXCLUDED.min_lsn END,
       sampled_lsn = EXCLUDED.sampled_lsn, sampled_at = EXCLUDED.sampled_at
 WHERE f.sampled_at <= EXCLUDED.sampled_at - $interval
""",
    all_users=str(ALL_USERS),
    insert_lsn=INSERT_LSN,
    interval=SAMPLE_INTERVAL,
)


def record_write_lsn(user_id: int) -> None:
    """Record the position of the user's write, before the response: the user's later reads are at least as recent."""
    execute(RECORD_WRITE, {"user_id": user_id})


def sample_lsn() -> None:
    """Record the primary's position, at most once an interval, and advance the minimum for all users."""
    execute(SAMPLE, {})
