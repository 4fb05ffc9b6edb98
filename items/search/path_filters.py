"""Conditions on a value inside input, output or metadata: `metadata__model.name=small`, `output__score__gte=0.5`.

A path names keys joined by dots; without a path, the condition applies to the whole value: `output__in=yes,no`. An
operator follows the path. Keys lead into objects, never into arrays.
"""

from functools import partial
from typing import Any, NamedTuple, Self

from database.sql import fragment
from items import query_params
from items.json_text import MAX_DEPTH
from items.openapi import MAX_JSON_LENGTH
from items.rows import JSON_COLUMNS
from items.search.column_filters import COMPARISONS, Clause, Condition
from items.search.text_search import MAX_SEARCH_LENGTH, casefold_sql
from rest.query_params import MAX_FLAG_LENGTH, parse_boolean

SEPARATOR = "__"
MAX_NAME_LENGTH = 1000
MAX_VALUES = 1000
OPERATORS = ("ne", "in", *COMPARISONS, "exists", "icontains")
# Only containment can use the index of metadata for a value at a path. A whole value is compared by equality, since an
# array contains its elements.
EQUALS_AT_PATH = "i.$column::jsonb @> ANY(%($value)s::jsonb[])"
EQUALS_WHOLE = "i.$column::jsonb = ANY(%($value)s::jsonb[])"
DIFFERS = "($equals) IS NOT TRUE"
EXISTS = "(jsonb_path_exists(i.$column::jsonb, %($path)s::jsonpath, silent => true) IS TRUE) = %($value)s"
# OFFSET 0 makes PostgreSQL evaluate the path once per row, however often the value is used.
SCALAR = """
EXISTS (
  SELECT FROM (
    SELECT jsonb_path_query_first(i.$column::jsonb, %($path)s::jsonpath, silent => true) AS json OFFSET 0
  ) value
   WHERE CASE $cases ELSE false END
)
"""
IS_SCALAR = "jsonb_typeof(value.json) IN ('string', 'number', 'boolean')"
# The text of a jsonb scalar, without quotes.
SCALAR_TEXT = "(value.json #>> '{}')"
COMPARES = """
  WHEN jsonb_typeof(value.json) = 'number' AND %($number)s::numeric IS NOT NULL
  THEN value.json::numeric $operator %($number)s::numeric
  WHEN $is_scalar THEN $text COLLATE "C" $operator %($value)s::text
"""
CONTAINS_TEXT = "WHEN $is_scalar THEN strpos($text, $part) > 0"


class PathParameter(NamedTuple):
    """A parsed parameter name; `number` distinguishes the values of several parameters."""

    name: str
    column: str
    path: tuple[str, ...]  # empty: the whole value
    number: int

    @classmethod
    def parse(cls, name: str, path: str, number: int) -> Self:
        """Raises ValidationError."""
        column, _, _ = name.partition(SEPARATOR)
        keys = tuple(query_params.parse_text(name, path).split(".")) if path else ()
        if len(keys) > MAX_DEPTH:
            query_params.raise_invalid(name, f"JSON nesting is limited to {MAX_DEPTH} levels.", "max_depth")
        return cls(name, column, keys, number)

    def clause(self, template: str, value: Any, **parts: str) -> Clause:
        """Fill in the names of the column, the path and the value."""
        names = {"column": self.column, "value": f"value_{self.number}", "path": f"path_{self.number}"}
        used = {each: name for each, name in names.items() if f"${each}" in template}
        parameters = {f"value_{self.number}": value}
        if "path" in used:
            parameters[used["path"]] = self.jsonpath
        return Clause(fragment(template, **used, **parts), parameters)

    @property
    def jsonpath(self) -> str:
        return f"strict ${''.join(f'.{query_params.dump_json(key)}' for key in self.path)}"

    def nest(self, value: str) -> str:
        """Wrap JSON text in objects along the path."""
        for key in reversed(self.path):
            value = f"{{{query_params.dump_json(key)}:{value}}}"
        return value


def path_condition(name: str, number: int) -> Condition | None:
    """Return None if the name is not a path. Raises ValidationError for an unknown operator."""
    column, separator, rest = name.partition(SEPARATOR)
    if column not in JSON_COLUMNS or not rest:
        return None
    if len(name) > MAX_NAME_LENGTH:
        query_params.raise_too_long(name[:MAX_NAME_LENGTH], f"{MAX_NAME_LENGTH} characters")
    path, separator, operator = rest.rpartition(SEPARATOR)
    if not separator and operator not in OPERATORS:
        path, operator = rest, ""
    elif operator not in OPERATORS or (separator and not path):
        raise_unknown_operator(name, operator, column)
    build, max_length = builder_of(operator)
    return Condition(partial(build, PathParameter.parse(name, path, number)), max_length)


def raise_unknown_operator(name: str, operator: str, column: str) -> None:
    query_params.raise_invalid(
        name,
        f'"{operator}" is not an operator. The operators are {", ".join(OPERATORS)}. To match a key '
        f"that contains two underscores, use {column}__contains.",
        "unknown_operator",
    )


def builder_of(operator: str) -> tuple[Any, int]:
    """Return the function that builds the clause, and the maximum length of a value."""
    if operator in COMPARISONS:
        return partial(compare, operator=operator), MAX_SEARCH_LENGTH
    return {
        "": (equal, MAX_JSON_LENGTH),
        "ne": (differ, MAX_JSON_LENGTH),
        "in": (equal_any, MAX_JSON_LENGTH),
        "exists": (exist, MAX_FLAG_LENGTH),
        "icontains": (contain_text, MAX_SEARCH_LENGTH),
    }[operator]


def equal(parameter: PathParameter, name: str, text: str) -> Clause:
    return parameter.clause(equals_template(parameter), nested_values(parameter, [text]))


def equal_any(parameter: PathParameter, name: str, text: str) -> Clause:
    if text.count(",") >= MAX_VALUES:
        query_params.raise_too_long(name, f"{MAX_VALUES} elements")
    return parameter.clause(equals_template(parameter), nested_values(parameter, text.split(",")))


def differ(parameter: PathParameter, name: str, text: str) -> Clause:
    """Match all items that equality does not, including those without such a value."""
    clause = equal(parameter, name, text)
    return Clause(fragment(DIFFERS, equals=clause.sql), clause.parameters)


def equals_template(parameter: PathParameter) -> str:
    return EQUALS_AT_PATH if parameter.path else EQUALS_WHOLE


def nested_values(parameter: PathParameter, texts: list[str]) -> list[str]:
    """Nest every JSON value that the texts may mean: the text itself, or a number or boolean of that spelling."""
    return [
        parameter.nest(value)
        for text in texts
        for value in query_params.json_interpretations(query_params.parse_text(parameter.name, text))
    ]


def exist(parameter: PathParameter, name: str, text: str) -> Clause:
    """Test whether a key exists, even with a null value."""
    return parameter.clause(EXISTS, parse_boolean(name, text))


def compare(parameter: PathParameter, name: str, text: str, *, operator: str) -> Clause:
    """Compare as numbers if both are numbers, otherwise as text by code point."""
    number = f"number_{parameter.number}"
    cases = fragment(
        COMPARES,
        number=number,
        value=f"value_{parameter.number}",
        operator=COMPARISONS[operator],
        is_scalar=IS_SCALAR,
        text=SCALAR_TEXT,
    )
    clause = parameter.clause(SCALAR, query_params.parse_text(name, text), cases=cases)
    return Clause(clause.sql, clause.parameters | {number: query_params.parse_number(name, text)})


def contain_text(parameter: PathParameter, name: str, text: str) -> Clause:
    part = casefold_sql(f"%(value_{parameter.number})s::text")
    cases = fragment(CONTAINS_TEXT, is_scalar=IS_SCALAR, text=casefold_sql(SCALAR_TEXT), part=part)
    return parameter.clause(SCALAR, query_params.parse_text(name, text), cases=cases)
