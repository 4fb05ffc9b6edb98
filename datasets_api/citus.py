"""Checks for a database that is a Citus cluster.

A local table of the coordinator cannot be joined with a distributed one, so requests that need both would fail.
"""

import functools
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004  Django's name

from database.citus import has_citus
from database.query import fetch_all
from database.routers import REPLICA
from database.sql import sql

# Without unlogged tables, which are small and never joined.
TABLE_PLACES = sql(
    "table_places",
    """
SELECT c.relname::text, d.logicalrelid IS NOT NULL
  FROM pg_class c LEFT JOIN pg_dist_partition d ON d.logicalrelid = c.oid
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%(tables)s::text[])
   AND c.relpersistence = 'p'
 ORDER BY 1
""",
)
HINT = "Run deploy/citus/distribute.sql on the coordinator: see docs/scaling.md."

REPLICA_WITH_CITUS = Error(
    "REPLICA_DATABASE_URL cannot be used with Citus: the position of the coordinator's replica says nothing about the"
    " workers' replicas, so users might not see their own writes.",
    "Unset it.",
    id="datasets_api.E002",
)
NOTHING_DISTRIBUTED = Warning(
    "The database has Citus, but no table is distributed: all data stays on this machine.",
    HINT,
    id="datasets_api.W004",
)


def check_citus(*, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """System check. Django only passes databases to it in `check --database default`."""
    if not databases or not has_citus():
        return []
    messages: list[CheckMessage] = [REPLICA_WITH_CITUS] if REPLICA in settings.DATABASES else []
    places = table_places()
    local = [name for name, is_distributed in places.items() if not is_distributed]
    if local and len(local) == len(places):
        messages.append(NOTHING_DISTRIBUTED)
    elif local:
        text = f"These tables are not distributed, but the others are: {', '.join(local)}."
        messages.append(Error(text, HINT, id="datasets_api.E001"))
    return messages


def current_messages() -> list[CheckMessage]:
    return check_citus(databases=["default"])


@functools.cache
def find_citus_problem() -> str | None:
    """Return the reason why the service cannot work on the current tables, or None."""
    return next((each.msg for each in current_messages() if isinstance(each, Error)), None)


def table_places() -> dict[str, bool]:
    """Return for each existing table whether Citus has distributed it."""
    tables = [model._meta.db_table for model in apps.get_models()]  # noqa: SLF001  Django documents it
    return dict(fetch_all(TABLE_PLACES, {"tables": tables}))
