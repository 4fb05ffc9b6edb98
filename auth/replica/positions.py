"""How far must a replica be before a user may read from it? As far as the user's last write, and not too far behind.

Kept on the primary, where every worker finds it with the statement for access. The table is unlogged: after a crash,
as after a failover, it is empty, and an empty one says that nobody knows; reads then go to the primary until it has
said where it is.
"""

from django.conf import settings

from database.query import execute
from database.replica import INSERT_LSN
from database.routers import REPLICA

ALL_USERS = 0
HAS_REPLICA = REPLICA in settings.DATABASES
# Everybody's floor is used for one such time, and is where the primary was at most two of them earlier.
SAMPLE_INTERVAL = f"interval '{settings.REPLICA_MAX_LAG_SECONDS * 1000 // 3} milliseconds'"

# Of the user `u`; null where everybody's is unknown or due to be moved.
MIN_LSN_OF_USER = f"""(
       SELECT greatest(everybody.min_lsn, own.min_lsn)
         FROM api_auth_replicaposition everybody LEFT JOIN api_auth_replicaposition own ON own.user_id = u.id
        WHERE everybody.user_id = {ALL_USERS} AND everybody.sampled_at > clock_timestamp() - {SAMPLE_INTERVAL})"""  # noqa: S608
MIN_LSN = MIN_LSN_OF_USER if HAS_REPLICA else "NULL::bigint"

RECORD_WRITE = f"""
INSERT INTO api_auth_replicaposition AS f (user_id, min_lsn) VALUES (%(user_id)s, {INSERT_LSN})
ON CONFLICT (user_id) DO UPDATE SET min_lsn = greatest(f.min_lsn, EXCLUDED.min_lsn)
"""  # noqa: S608
SAMPLE = f"""
INSERT INTO api_auth_replicaposition AS f (user_id, min_lsn, sampled_lsn, sampled_at)
VALUES ({ALL_USERS}, {INSERT_LSN}, {INSERT_LSN}, clock_timestamp())
ON CONFLICT (user_id) DO UPDATE
   SET min_lsn = CASE WHEN f.sampled_at > EXCLUDED.sampled_at - 2 * {SAMPLE_INTERVAL} THEN f.sampled_lsn
                       ELSE EXCLUDED.min_lsn END,
       sampled_lsn = EXCLUDED.sampled_lsn, sampled_at = EXCLUDED.sampled_at
 WHERE f.sampled_at <= EXCLUDED.sampled_at - {SAMPLE_INTERVAL}
"""  # noqa: S608


def record_write_lsn(user_id: int) -> None:
    """After a write, and before it is answered: from now on the user reads nothing older."""
    execute(RECORD_WRITE, {"user_id": user_id})


def sample_lsn() -> None:
    execute(SAMPLE, {})
