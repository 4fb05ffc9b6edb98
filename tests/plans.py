"""Explains statements as the service's connection prepares them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.errors import Diagnostic

from database.prepared import compile_statement
from database.query import fetch_one, run

PARAMETER = re.compile(r"%\((\w+)\)s|%s")
Parameters = Mapping[str, Any] | Sequence[Any]
# The second and third executions show that the prepared statement is reused.
RUNS = 3
# The setting tells of the statements that a function runs, each when it ends.
AUTO_EXPLAIN = """
LOAD 'auto_explain';
SET LOCAL auto_explain.log_nested_statements = on;
SET LOCAL auto_explain.log_analyze = on;
SET LOCAL auto_explain.log_timing = off;
SET LOCAL auto_explain.log_format = json;
SET LOCAL auto_explain.log_level = notice;
SET LOCAL auto_explain.log_min_duration = 0;
"""


# The call itself, and PostgreSQL's own look at a foreign key.
NOT_OF_FUNCTION = re.compile(r"SELECT /\*|PREPARE |EXECUTE |SELECT 1 FROM ONLY ")


class Plan:
    """A plan from EXPLAIN ANALYZE, flattened."""

    def __init__(self, *trees: dict[str, Any]) -> None:
        self.nodes = [node for tree in trees for node in flatten(tree)]

    def scans(self, table: str = "dataset_item") -> list[tuple[str, str | None]]:
        """Return the type and index of each scan of the table, in order."""
        return [
            (each["Node Type"], each.get("Index Name")) for each in self.nodes if each.get("Relation Name") == table
        ]

    def conditions(self, index: str) -> str:
        """Return the conditions of all scans of the index."""
        return " ".join(each.get("Index Cond", "") for each in self.nodes if each.get("Index Name") == index)

    def types(self) -> set[str]:
        return {each["Node Type"] for each in self.nodes}

    def rows_read(self, table: str = "dataset_item") -> int:
        """Return the number of rows read from the table, including those that a filter removed."""
        return sum(
            (each["Actual Rows"] + each.get("Rows Removed by Filter", 0)) * each["Actual Loops"]
            for each in self.nodes
            if each.get("Relation Name") == table and each["Node Type"] != "ModifyTable"
        )


def flatten(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree.get("Plans", []):
        yield from flatten(child)


def names_in(statement: str) -> list[str]:
    """Return the distinct names of the parameters, in order."""
    return list(dict.fromkeys(match[1] for match in PARAMETER.finditer(statement) if match[1]))


def prepared(statement: str) -> str:
    """Return the prepared statement's text."""
    return compile_statement(statement).sql.decode()


def in_order(statement: str, parameters: Parameters) -> list[Any]:
    return [parameters[name] for name in names_in(statement)] if isinstance(parameters, Mapping) else list(parameters)


needs_prepared = pytest.mark.skipif(
    not settings.DATABASE_PREPARED_STATEMENTS,
    reason="behind a PgBouncer (TEST_PGBOUNCER) no statement is prepared; without it, as in CI, this runs",
)


@pytest.fixture(params=["force_custom_plan", "force_generic_plan"], ids=["custom", "generic"])
def mode(request: pytest.FixtureRequest) -> str:
    """The plan mode: with or without the parameters' values. PostgreSQL may choose the latter after five executions."""
    return str(request.param)


def explain_prepared(text: str, values: list[Any], mode: str) -> Plan:
    return explain(call_prepared(text, values, mode))


def call_prepared(text: str, values: list[Any], mode: str) -> str:
    found = fetch_one(
        "SELECT name FROM pg_prepared_statements WHERE statement = %(text)s ORDER BY prepare_time DESC", {"text": text}
    )
    assert found, f"the service's connection has not prepared:\n{text}"
    arguments = sql.SQL(", ").join(sql.Literal(value) for value in values)
    call = sql.SQL("EXECUTE {}({})").format(sql.Identifier(found[0]), arguments)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
    return call.as_string(connection.connection)


def explain(statement: str) -> Plan:
    """Explain a statement that contains its values."""
    answer = connection.connection.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}").fetchone()
    tree = answer[0] if isinstance(answer[0], list) else json.loads(answer[0])
    return Plan(tree[0]["Plan"])


def explain_nested(statement: str) -> Plan:
    """The plans of the statements that a function runs, in their order."""
    texts: list[str] = []

    def keep(notice: Diagnostic) -> None:
        texts.append((notice.message_primary or "").partition("plan:\n")[2])

    connection.connection.add_notice_handler(keep)
    with connection.cursor() as cursor:
        cursor.execute(AUTO_EXPLAIN)
        cursor.execute(statement)
        cursor.execute("SET LOCAL auto_explain.log_min_duration = -1")
    connection.connection.remove_notice_handler(keep)
    found = [json.loads(text) for text in texts if text]
    return Plan(*(each["Plan"] for each in found if not NOT_OF_FUNCTION.match(each["Query Text"])))


def plan_of(statement: str, parameters: Parameters, mode: str) -> Plan:
    """Run the statement until it is prepared, and explain the prepared statement."""
    for _ in range(RUNS):
        run(statement, parameters)
    return explain_prepared(prepared(statement), in_order(statement, parameters), mode)


class SentStatements:
    """Replaces a module's fetch_one: runs a write's statement until it is prepared, and then records it."""

    def __init__(self, module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements: list[tuple[str, Mapping[str, Any]]] = []
        monkeypatch.setattr(module, "fetch_one", self.fetch_one)

    def fetch_one(self, statement: str, parameters: Mapping[str, Any]) -> Any:
        self.statements.append((statement, parameters))
        return fetch_one(statement, parameters) if len(self.statements) <= RUNS else (1, 1)

    def explain(self, mode: str) -> Plan:
        return explain(self.last_call(mode))

    def explain_function(self, mode: str) -> Plan:
        return explain_nested(self.last_call(mode))

    def last_call(self, mode: str) -> str:
        assert len(self.statements) == RUNS + 1
        statement, parameters = self.statements[-1]
        assert {each for each, _ in self.statements} == {statement}
        return call_prepared(prepared(statement), in_order(statement, parameters), mode)
