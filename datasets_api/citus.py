"""What is checked where the database is a Citus cluster; nothing elsewhere.

A table that stays on the coordinator cannot be joined with one that is split: requests that need both would fail.
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

# Unlogged tables are small, and each is read by itself.
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
    "REPLICA_DATABASE_URL cannot be used with Citus: the coordinator's replica does not say what the workers' replicas"
    " have, so that users would not see their own writes.",
    "Leave it unset.",
    id="datasets_api.E002",
)
NOTHING_DISTRIBUTED = Warning(
    "The database has Citus, and no table is distributed: all data stays on this machine.",
    HINT,
    id="datasets_api.W004",
)


def check_citus(*, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """A system check. Django runs it with databases in `check --database default` alone."""
    if not databases or not has_citus():
        return []
    messages: list[CheckMessage] = [REPLICA_WITH_CITUS] if REPLICA in settings.DATABASES else []
    places = table_places()
    local = [name for name, is_distributed in places.items() if not is_distributed]
    if local and len(local) == len(places):
        messages.append(NOTHING_DISTRIBUTED)
    elif local:
        text = f"These tables are not distributed, and the others are: {', '.join(local)}."
        messages.append(Error(text, HINT, id="datasets_api.E001"))
    return messages


def current_messages() -> list[CheckMessage]:
    return check_citus(databases=["default"])


@functools.cache
def find_citus_problem() -> str | None:
    """Why the service cannot work on the tables as they are."""
    return next((each.msg for each in current_messages() if isinstance(each, Error)), None)


def table_places() -> dict[str, bool]:
    """Of each table that is there, whether Citus has distributed it."""
    tables = [model._meta.db_table for model in apps.get_models()]  # noqa: SLF001  Django documents it
    return dict(fetch_all(TABLE_PLACES, {"tables": tables}))
