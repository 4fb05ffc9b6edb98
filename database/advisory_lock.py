"""What only one process may do at a time, such as changing the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection

from database.sql import sql

# Any number that is ours alone in this database.
LOCK_ID = 4_823_617_205_511_874
# It is idle for as long as the work of others' connections takes, which a server's own limit must not end.
ACQUIRE = sql(
    "acquire_migration_lock",
    "SELECT set_config('idle_in_transaction_session_timeout', '0', true), pg_advisory_xact_lock(%(lock_id)s)",
)


@contextmanager
def migration_lock() -> Iterator[None]:
    """Waits until no other process has its turn.

    A transaction of a connection of its own holds the lock: it ends with this process, however that ends, and a pooler
    between cannot pass it on.
    """
    holder = connection.copy()
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute(ACQUIRE, {"lock_id": LOCK_ID})
        yield
    finally:
        holder.close()


def run_migrations() -> None:
    """The tables, by Django's own command: the service's would wait for the turn that whoever calls this has."""
    call_command(migrate.Command(), verbosity=0)
