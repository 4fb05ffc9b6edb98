"""What only one process may do at a time, such as changing the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Any number that is ours alone in this database.
LOCK = 4_823_617_205_511_874


@contextmanager
def take_turn() -> Iterator[None]:
    """Waits until no other process has its turn.

    A transaction of a connection of its own holds the lock: it ends with this process, however that ends, and a pooler
    between cannot pass it on.
    """
    holder = connection.copy()
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
    finally:
        holder.close()
