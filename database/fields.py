"""Model fields that Django lacks."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class JSONTextField(models.TextField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A `json` column whose Python value is its text.

    Unlike `jsonb`, `json` keeps the order of keys, repeated keys and the notation of numbers, and the text is returned
    without being parsed. Django's JSONField does not support such a column.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "json"

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        return "%s::json"

    def get_placeholder_sql(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Do the same for Django from 6.1 on."""
        if hasattr(value, "as_sql"):
            sql, params = compiler.compile(value)
            return f"{sql}::json", params
        return "%s::json", (value,)

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"{sql}::text", params
