"""Limit the time of searches that no index serves: they read a whole dataset or a whole project."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, transaction
from psycopg.errors import QueryCanceled
from rest_framework.exceptions import APIException

from database.query import Parameters, Row, fetch_all, fetch_one
from database.routers import current_route
from database.sql import sql

# The best plan depends on the values, so such statements are planned for each execution.
SET_TIMEOUT = sql(
    "set_search_timeout",
    """
SELECT set_config('statement_timeout', %(limit)s, true), set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('jit', 'off', true)
""",
)
ADVICE = (
    "Narrow the search: name a dataset, a range of created_at, or a value of ref_trace_id, ref_source_id or metadata."
)


class SearchTimeout(APIException):
    status_code = 400
    default_code = "search_timeout"
    default_type = "invalid_request"

    def __init__(self, advice: str, noun: str) -> None:
        super().__init__(f"The {noun} were not found within {settings.SEARCH_TIMEOUT_SECONDS} seconds. {advice}")


@contextmanager
def search_timeout(advice: str = ADVICE, noun: str = "items") -> Iterator[None]:
    """Run the statements inside in a transaction with a time limit. Raises SearchTimeout."""
    try:
        with transaction.atomic(using=current_route.alias):
            fetch_one(SET_TIMEOUT, {"limit": f"{settings.SEARCH_TIMEOUT_SECONDS}s"})
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise SearchTimeout(advice, noun) from error
        raise


def fetch_within_timeout(statement: str, parameters: Parameters, advice: str = ADVICE) -> list[Row]:
    """Run a search inside a write, whose other statements have no such limit. Raises SearchTimeout."""
    with search_timeout(advice):
        rows = fetch_all(statement, parameters)
        # Nothing was written; rolling back the savepoint ends the limit.
        transaction.set_rollback(True)
    return rows
