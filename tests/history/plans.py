"""Which way PostgreSQL goes for a statement: explains it as the service's connection has prepared it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection
from psycopg import sql

from database.statements import executed, fetch_one

PREPARED = "SELECT name FROM pg_prepared_statements WHERE statement = %(text)s ORDER BY prepare_time DESC"
PARAMETER = re.compile(r"%\((\w+)\)s")


class Plan:
    """A plan as EXPLAIN ANALYZE tells it, flattened."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.nodes = list(walk(tree))

    def scans(self, table: str) -> set[tuple[str, str | None]]:
        """(type, index) of the scans of the table."""
        return {(each["Node Type"], each.get("Index Name")) for each in self.of(table)}

    def of(self, table: str) -> list[dict[str, Any]]:
        return [each for each in self.nodes if each.get("Relation Name") == table]

    def rows_read(self, table: str) -> int:
        """Also those that a filter dropped."""
        return sum(
            (each["Actual Rows"] + each.get("Rows Removed by Filter", 0)) * each["Actual Loops"]
            for each in self.of(table)
        )

    def tables_read_whole(self) -> set[str]:
        return {each["Relation Name"] for each in self.nodes if each["Node Type"] in {"Seq Scan", "Bitmap Heap Scan"}}

    def types(self) -> set[str]:
        return {each["Node Type"] for each in self.nodes}


def walk(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree.get("Plans", []):
        yield from walk(child)


def plan_of(statement: str, parameters: Mapping[str, Any], mode: str) -> Plan:
    """Runs the statement until it is prepared, and explains that."""
    for _ in range(3):
        executed(statement, parameters)
    order = list(dict.fromkeys(PARAMETER.findall(statement)))
    text = PARAMETER.sub(lambda match: f"${order.index(match[1]) + 1}", statement)
    found = fetch_one(PREPARED, {"text": text})
    assert found, f"the service's connection has not prepared:\n{text}"
    arguments = sql.SQL(", ").join(sql.Literal(parameters[name]) for name in order)
    call = sql.SQL("EXECUTE {}({})").format(sql.Identifier(found[0]), arguments)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
        raw = cursor.cursor.connection
        answer = raw.execute(sql.SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {}").format(call)).fetchone()
    tree = answer[0] if isinstance(answer[0], list) else json.loads(answer[0])
    return Plan(tree[0]["Plan"])
