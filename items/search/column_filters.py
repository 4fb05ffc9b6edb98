"""Conditions on an item's columns: each query parameter as SQL over a row `i` of items or of their versions."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from database.sql import fragment
from items import query_params
from items.openapi import MAX_JSON_LENGTH
from items.rows import JSON_COLUMNS
from items.search.text_search import MAX_SEARCH_LENGTH, TEXT_COLUMNS, search_params, search_sql
from rest.query_params import MAX_ID_LIST_LENGTH, MAX_IDS, MAX_TEXT_LENGTH, MAX_TIME_LENGTH

COMPARISONS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}
TIME_COLUMNS = ("created_at", "updated_at")


class Clause(NamedTuple):
    """SQL without values, and the parameters that are bound to it."""

    sql: str
    parameters: dict[str, Any]


ClauseBuilder = Callable[[str, str], Clause]


class Condition(NamedTuple):
    """A parameter's clause builder, and the bounds of its value."""

    build: ClauseBuilder
    max_length: int = MAX_TEXT_LENGTH
    max_items: int | None = None  # in a comma-separated list

    def clause(self, name: str, text: str) -> Clause:
        """Check the length before parsing anything. Raises ValidationError."""
        if len(text) > self.max_length:
            query_params.raise_too_long(name, f"{self.max_length} characters")
        if self.max_items is not None and text.count(",") >= self.max_items:
            query_params.raise_too_long(name, f"{self.max_items} elements")
        return self.build(name, text)


def search_clause(name: str, text: str) -> Clause:
    return Clause(search_sql(name), search_params(name, query_params.parse_text(name, text)))


def equality_clause(column: str) -> ClauseBuilder:
    return lambda name, text: Clause(
        fragment("i.$column = %($name)s", column=column, name=name), {name: query_params.parse_text(name, text)}
    )


def comparison_clause(column: str, operator: str) -> ClauseBuilder:
    return lambda name, text: Clause(
        fragment("i.$column $operator %($name)s", column=column, operator=operator, name=name),
        {name: query_params.parse_time(name, text)},
    )


def containment_clause(column: str) -> ClauseBuilder:
    """Match null to a missing value too, which is stored as NULL.

    The statement is planned for its values, so any value but null can use the index.
    """
    sql = "(i.$column::jsonb @> %($name)s::jsonb OR (%($name)s::jsonb = 'null' AND i.$column IS NULL))"
    return lambda name, text: Clause(
        fragment(sql, column=column, name=name), {name: query_params.parse_json(name, text)}
    )


def author_clause(name: str, text: str) -> Clause:
    user = query_params.parse_user(name, text)
    if isinstance(user, UUID):
        return Clause("i.created_by_id = (SELECT id FROM api_auth_user WHERE uuid = %(created_by)s)", {name: user})
    return Clause("i.created_by_id = %(created_by)s", {name: user})


def id_clause(name: str, text: str) -> Clause:
    return Clause("i.id = ANY(%(id__in)s)", {name: query_params.parse_ids(name, text)})


def column_conditions() -> Iterator[tuple[str, Condition]]:
    yield "search", Condition(search_clause, MAX_SEARCH_LENGTH)
    yield "created_by", Condition(author_clause)
    yield "id__in", Condition(id_clause, MAX_ID_LIST_LENGTH, MAX_IDS)
    for column in TEXT_COLUMNS:
        yield column, Condition(equality_clause(column))
    for column in JSON_COLUMNS:
        yield f"{column}__contains", Condition(containment_clause(column), MAX_JSON_LENGTH)
    for column in TIME_COLUMNS:
        for lookup, operator in COMPARISONS.items():
            yield f"{column}__{lookup}", Condition(comparison_clause(column, operator), MAX_TIME_LENGTH)


COLUMN_CONDITIONS = dict(column_conditions())
