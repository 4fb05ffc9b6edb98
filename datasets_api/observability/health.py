"""Whether the process lives, and whether it can serve: the database answers and has all migrations.

A database that takes no writes is not a reason to send readers away, so that it only shows in the body and a metric.
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

# Removes nothing, and is refused wherever a write is.
WRITE = "DELETE FROM idempotency_record WHERE team_id = -1"
# Half a megabyte goes to a temporary file, for which there must be room. Nothing of it stays: a table would grow.
SMALL_MEMORY = "SELECT set_config('work_mem', '64kB', true)"
FILL = "SELECT count(*) FROM generate_series(1, 20000)"
PROBE_SECONDS = 2
# Whoever asks more often gets the same answer.
CACHE_SECONDS = 1.0
WRITE_PROBLEMS = {READ_ONLY: "The database takes no writes.", STORAGE_FULL: "The database has no room left."}


class State(NamedTuple):
    """What is wrong; None for what is right."""

    problem: str | None = None
    write_problem: str | None = None


class Readiness:
    """What this process knows of the database; only one thread at a time finds out, the others await it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
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
        return State("The database cannot be reached." if failure else "The database cannot be used.")
    return State()


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
