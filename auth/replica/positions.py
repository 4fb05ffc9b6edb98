"""How far must a replica be before a user may read from it? As far as the user's last write, and not too far behind.

Kept on the primary, where every worker finds it with the statement for access. The table is unlogged: after a crash,
as after a failover, it is empty, and an empty one says that nobody knows; reads then go to the primary until it has
said where it is.
"""

from django.conf import settings

from database.query import execute
from database.replica import INSERT_LSN
from database.routers import REPLICA
from database.sql import fragment, sql

ALL_USERS = 0
HAS_REPLICA = REPLICA in settings.DATABASES
# Everybody's floor is used for one such time, and is where the primary was at most two of them earlier.
SAMPLE_INTERVAL = f"interval '{settings.REPLICA_MAX_LAG_SECONDS * 1000 // 3} milliseconds'"

# Of the user `u`; null where everybody's is unknown or due to be moved.
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
    """After a write, and before it is answered: from now on the user reads nothing older."""
    execute(RECORD_WRITE, {"user_id": user_id})


def sample_lsn() -> None:
    execute(SAMPLE, {})
