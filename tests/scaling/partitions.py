"""A copy of the schema with its tables partitioned by project, which shows the partitions that a statement uses.

It stands in for Citus, which distributes tables in the same way, and sends a statement to a single machine only if it
filters every table by one project.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from tests.scaling.tables import NAMES_A_TEAM_OWNED_TABLE, REFERENCE, TEAM_OWNED

PARTS = 8
TEAMS = 24
SCHEMA = "split_by_project"
PART = re.compile(r"(\w+)_part_(\d+)")
EXPLAINED = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES)\b", re.IGNORECASE)
COPY_OUT = re.compile(r"\s*COPY\s*(?:/\*.*?\*/)?\s*\((.*)\)\s*TO\b", re.IGNORECASE | re.DOTALL)
COPY_IN = re.compile(r"\s*COPY\s+(?:/\*.*?\*/\s*)?\"?\w+\"?\s*\((.*?)\)\s*FROM\b", re.IGNORECASE | re.DOTALL)
# What an INSERT may write to team_id: one value for all rows, or the team_id of a selected row.
ONE_PROJECT = re.compile(r"\(?'?\d+'?(::bigint|::integer)?\)?(::bigint)?|(\w+\.)?team_id")
ANY_OF_MANY = re.compile(r"team_id = ANY")
# Functions whose values would differ between machines; values come from the application.
OWN_TO_A_MACHINE = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|random|gen_random_uuid|uuidv\d|nextval)\s*\(|\bcurrent_timestamp\b",
    re.IGNORECASE,
)


class SplitSchema:
    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.raw = raw

    def make(self) -> None:
        """Create the tables from the catalog, with the columns, keys and indexes of the real ones."""
        references = self.foreign_keys()
        self.raw.execute(f"CREATE SCHEMA {SCHEMA}; SET search_path = {SCHEMA}, public")
        for table in REFERENCE:
            self.raw.execute(f"CREATE TABLE {table} (LIKE public.{table} INCLUDING ALL)")
        for table in TEAM_OWNED:
            self.raw.execute(f"CREATE TABLE {table} (LIKE public.{table} INCLUDING ALL) PARTITION BY HASH (team_id)")
            for part in range(PARTS):
                self.raw.execute(
                    f"CREATE TABLE {table}_part_{part} PARTITION OF {table}"
                    f" FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
                )
        for table, name, definition in references:
            self.raw.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        self.fill()

    def foreign_keys(self) -> list[tuple[Any, ...]]:
        """Yield the foreign keys between the partitioned tables, in PostgreSQL's own syntax."""
        return self.raw.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [list(TEAM_OWNED)],
        ).fetchall()

    def fill(self) -> None:
        """Insert one row in each table for each of some projects, with equal values in columns of foreign keys."""
        for table in ("api_auth_organization", "api_auth_project", *TEAM_OWNED):
            columns = self.raw.execute(
                "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                [table],
            ).fetchall()
            names = ", ".join(name for name, _ in columns)
            values = ", ".join(VALUES[kind] for _, kind in columns)
            self.raw.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, {TEAMS}) n")

    def fault_in(self, text: str) -> str | None:
        """Return the fault of a statement that contains its values, or None if it concerns a single project."""
        if not NAMES_A_TEAM_OWNED_TABLE.search(text):
            return None
        if inner := COPY_OUT.match(text):
            return self.fault_in(inner[1])
        if columns := COPY_IN.match(text):
            return None if "team_id" in columns[1] else "copies rows without their team_id"
        if not EXPLAINED.match(text):
            return "is not a query, and concerns whole tables"
        try:
            plan = self.plan_of(text)
        except psycopg.Error as error:
            return f"cannot be explained ({str(error).strip()})"
        return next(faults_in(list(walk(plan)), text), None)

    def plan_of(self, text: str) -> dict[str, Any]:
        # With values in the text, the planner chooses partitions like Citus chooses machines: the plan contains only
        # the partitions that they may concern.
        with self.raw.transaction():
            row = self.raw.execute(f"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) {text}".encode()).fetchone()
        assert row
        plan: dict[str, Any] = row[0][0]["Plan"]
        return plan


# One row's value, by the column's type.
VALUES = {
    "bigint": "n",
    "integer": "0",
    "smallint": "0",
    "uuid": "lpad(n::text, 32, '0')::uuid",
    "character varying": "n::text",
    "text": "n::text",
    "text[]": "'{}'",
    "json": "'{}'",
    "jsonb": "'{}'",
    "boolean": "false",
    "bytea": "''",
    "timestamp with time zone": "'2026-01-01 00:00Z'",
}


def faults_in(nodes: list[dict[str, Any]], text: str) -> Iterator[str]:
    reached = sorted({name for node in nodes if PART.fullmatch(name := node.get("Relation Name", ""))})
    if len({PART.fullmatch(name)[2] for name in reached}) > 1:  # type: ignore[index]
        yield f"reaches {', '.join(reached)}"
    if any(ANY_OF_MANY.search(str(node.get(condition))) for node in nodes for condition in CONDITIONS):
        yield "is meant for several projects"
    for node in nodes:
        table = node.get("Relation Name")
        if node.get("Operation") == "Insert" and table in TEAM_OWNED:
            team = first_output(outer(node))
            if not ONE_PROJECT.fullmatch(team):
                yield f"puts {team} into {table}.team_id"
    if OWN_TO_A_MACHINE.search(text) and any(node["Node Type"] == "ModifyTable" for node in nodes):
        yield "writes values that would differ between machines"


def outer(node: dict[str, Any]) -> dict[str, Any]:
    """Return the child node that a node's rows come from."""
    return next(each for each in node["Plans"] if each["Parent Relationship"] in {"Outer", "Subquery"})


def first_output(node: dict[str, Any]) -> str:
    """Return the expression behind a subquery's first column."""
    output: str = node["Output"][0]
    return first_output(outer(node)) if output.startswith('"*SELECT*"') else output


ADDRESS = {"host", "port", "user", "password", "dbname"}
CONDITIONS = ("Index Cond", "Recheck Cond", "Filter", "Join Filter", "Hash Cond", "Merge Cond")


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from walk(child)


@contextmanager
def split_schema() -> Iterator[SplitSchema]:
    """Provide the schema in the tests' database, on a separate connection and without locking real tables."""
    address = {name: value for name, value in connection.get_connection_params().items() if name in ADDRESS}
    with psycopg.connect(**address, autocommit=True, prepare_threshold=None) as raw:
        schema = SplitSchema(raw)
        try:
            with raw.transaction():
                schema.make()
            yield schema
        finally:
            raw.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
