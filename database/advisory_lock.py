"""A lock that lets only one process at a time run migrations or change accounts."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection

from database.sql import sql

# An arbitrary number that no other program uses in this database.
LOCK_ID = 4_823_617_205_511_874
# The transaction is idle while other connections do the work, so the server must not time it out.
ACQUIRE = sql(
    "acquire_migration_lock",
    "SELECT set_config('idle_in_transaction_session_timeout', '0', true), pg_advisory_xact_lock(%(lock_id)s)",
)


@contextmanager
def migration_lock() -> Iterator[None]:
    """Wait until no other process holds the lock, and hold it.

    A transaction on a separate connection holds the lock: it ends with this process, however that ends, and a pooler
    cannot hand the session to another client.
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
    """Run Django's own `migrate`; our subclass of it would wait for the lock that the caller already holds."""
    call_command(migrate.Command(), verbosity=0)
