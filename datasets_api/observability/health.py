"""Liveness, and readiness: the database responds and has all migrations.

With a read-only database the service is still ready for reads, so this only shows in the body and a metric.
"""

import functools
import threading
import time
from typing import NamedTuple

from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from database.backend.timeouts import statement_timeout
from database.query import execute, fetch_one
from datasets_api.citus import find_citus_problem
from datasets_api.observability.metrics import record_writable
from rest.database_errors import READ_ONLY, STORAGE_FULL, classify

# Deletes nothing, but fails wherever a write would.
WRITE = "DELETE FROM idempotency_record WHERE team_id = -1"
# Writes half a megabyte to a temporary file, which needs disk space but, unlike a table, leaves nothing behind.
SMALL_MEMORY = "SELECT set_config('work_mem', '64kB', true)"
FILL = "SELECT count(*) FROM generate_series(1, 20000)"
PROBE_SECONDS = 2
# More frequent probes get the cached state.
CACHE_SECONDS = 1.0
WRITE_PROBLEMS = {READ_ONLY: "The database is read-only.", STORAGE_FULL: "The database is out of disk space."}


class State(NamedTuple):
    """The problems with reads and writes; None for no problem."""

    problem: str | None = None
    write_problem: str | None = None


class Readiness:
    """The cached state of the database. Only one thread at a time checks it; the others wait."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.found = State()
        self.found_at = -CACHE_SECONDS

    def state(self) -> State:
        with self.lock:
            if time.monotonic() - self.found_at >= CACHE_SECONDS:
                self.found = find_state()
                self.found_at = time.monotonic()
            return self.found


readiness = Readiness()


def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    state = readiness.state()
    if state.problem:
        return JsonResponse({"status": "unavailable", "detail": state.problem}, status=503)
    record_writable(is_writable=state.write_problem is None)
    if state.write_problem:
        return JsonResponse({"status": "ok", "writes": False, "detail": state.write_problem})
    return JsonResponse({"status": "ok", "writes": True})


def find_state() -> State:
    try:
        if not are_migrations_applied():
            are_migrations_applied.cache_clear()
            return State("Migrations are missing: run manage.py migrate.")
        if problem := find_citus_problem():
            find_citus_problem.cache_clear()
            return State(problem)
        try_to_write()
    except Error as error:
        failure = classify(error)
        if failure in WRITE_PROBLEMS:
            return State(write_problem=WRITE_PROBLEMS[failure])
        return State("The database is unreachable." if failure else "The database cannot be used.")
    return State()


def try_to_write() -> None:
    with statement_timeout(PROBE_SECONDS):
        execute(WRITE, [])
        fetch_one(SMALL_MEMORY, [])
        fetch_one(FILL, [])
        transaction.set_rollback(True)


@functools.cache
def are_migrations_applied() -> bool:
    """Return whether all migrations are applied. Only True is cached: a running process never loses a migration."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
