"""Whether the process lives, and whether it can serve: the database answers, takes writes and has all migrations."""

import functools

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from database.statements import fetch_one

WRITABLE = "SELECT NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'"


def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    try:
        row = fetch_one(WRITABLE, [])
        problem = None if row and row[0] else "The database takes no writes."
        if not problem and not are_migrations_applied():
            problem = "Migrations are missing: run manage.py migrate."
            are_migrations_applied.cache_clear()
    except DatabaseError:
        problem = "The database cannot be reached."
    if problem:
        return JsonResponse({"status": "unavailable", "detail": problem}, status=503)
    return JsonResponse({"status": "ok"})


@functools.cache
def are_migrations_applied() -> bool:
    """Looked up until it is so: a running process never loses a migration."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
