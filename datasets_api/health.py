"""Whether the process lives, and whether it can serve: the database answers, takes writes and has all migrations."""

import functools
import threading
import time

from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from database.backend.timeouts import statement_timeout
from database.query import execute, fetch_one
from rest.database_errors import READ_ONLY, STORAGE_FULL, classify

# Removes nothing, and is refused wherever a write is.
WRITE = "DELETE FROM idempotency_record WHERE team_id = -1"
# Half a megabyte goes to a temporary file, for which there must be room. Nothing of it stays: a table would grow.
SMALL_MEMORY = "SELECT set_config('work_mem', '64kB', true)"
FILL = "SELECT count(*) FROM generate_series(1, 20000)"
PROBE_SECONDS = 2
# Whoever asks more often gets the same answer.
KEPT_SECONDS = 1.0
PROBLEMS = {READ_ONLY: "The database takes no writes.", STORAGE_FULL: "The database has no room left."}


class Readiness:
    """What this process knows of the database; only one thread at a time finds out, the others await it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.found: str | None = None
        self.found_at = -KEPT_SECONDS

    def problem(self) -> str | None:
        with self.lock:
            if time.monotonic() - self.found_at >= KEPT_SECONDS:
                self.found = find_problem()
                self.found_at = time.monotonic()
            return self.found


readiness = Readiness()


def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    problem = readiness.problem()
    if problem:
        return JsonResponse({"status": "unavailable", "detail": problem}, status=503)
    return JsonResponse({"status": "ok"})


def find_problem() -> str | None:
    try:
        if not are_migrations_applied():
            are_migrations_applied.cache_clear()
            return "Migrations are missing: run manage.py migrate."
        try_to_write()
    except Error as error:
        failure = classify(error)
        return PROBLEMS.get(failure, "The database cannot be reached.") if failure else "The database cannot be used."
    return None


def try_to_write() -> None:
    with statement_timeout(PROBE_SECONDS):
        execute(WRITE, [])
        fetch_one(SMALL_MEMORY, [])
        fetch_one(FILL, [])
        transaction.set_rollback(True)


@functools.cache
def are_migrations_applied() -> bool:
    """Looked up until it is so: a running process never loses a migration."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
