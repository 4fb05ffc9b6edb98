"""How far must a replica be before a user may read from it? As far as the user's last write, and not too far behind.

Kept on the primary, where every worker finds it with the statement for access. The table is unlogged: after a crash,
as after a failover, it is empty, and an empty one says that nobody knows; reads then go to the primary until it has
said where it is.
"""

from django.conf import settings

from database.replica import WRITTEN
from database.route import REPLICA
from database.statements import execute

EVERYBODY = 0
HAS_REPLICA = REPLICA in settings.DATABASES
# Everybody's floor is used for one such time, and is where the primary was at most two of them earlier.
INTERVAL = f"interval '{settings.REPLICA_MAX_LAG_SECONDS * 1000 // 3} milliseconds'"

# Of the user `u`; null where everybody's is unknown or due to be moved.
FLOOR_OF_USER = f"""(
       SELECT greatest(everybody.position, own.position)
         FROM api_auth_readfloor everybody LEFT JOIN api_auth_readfloor own ON own.user_id = u.id
        WHERE everybody.user_id = {EVERYBODY} AND everybody.seen_at > clock_timestamp() - {INTERVAL})"""  # noqa: S608
READ_FLOOR = FLOOR_OF_USER if HAS_REPLICA else "NULL::bigint"

REMEMBER = f"""
INSERT INTO api_auth_readfloor AS f (user_id, position) VALUES (%(user)s, {WRITTEN})
ON CONFLICT (user_id) DO UPDATE SET position = greatest(f.position, EXCLUDED.position)
"""  # noqa: S608
MOVE = f"""
INSERT INTO api_auth_readfloor AS f (user_id, position, seen_position, seen_at)
VALUES ({EVERYBODY}, {WRITTEN}, {WRITTEN}, clock_timestamp())
ON CONFLICT (user_id) DO UPDATE
   SET position = CASE WHEN f.seen_at > EXCLUDED.seen_at - 2 * {INTERVAL} THEN f.seen_position
                       ELSE EXCLUDED.position END,
       seen_position = EXCLUDED.seen_position, seen_at = EXCLUDED.seen_at
 WHERE f.seen_at <= EXCLUDED.seen_at - {INTERVAL}
"""  # noqa: S608


def remember_write(user_id: int) -> None:
    """After a write, and before it is answered: from now on the user reads nothing older."""
    execute(REMEMBER, {"user": user_id})


def move_floor() -> None:
    execute(MOVE, {})
