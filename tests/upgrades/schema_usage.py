"""The code's use of the schema: columns, and the statements that it runs. Recorded at a release, it tells
whether the released code can go on working beside a later one, on the later one's schema (scripts/record-release).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import errors

from tests.all_statements import all_statements
from tests.plans import prepared

RELEASED = Path(__file__).parent / "released.json"
MISSING = (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidColumnReference)

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> ''
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY 1, a.attnum
"""


def columns() -> dict[str, dict[str, list[Any]]]:
    """By table and name: the type, whether null is refused, whether there is a default."""
    found: dict[str, dict[str, list[Any]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column, *facts in cursor.fetchall():
            found.setdefault(table, {})[column] = facts
    return found


def migrations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def schema_usage(version: str) -> dict[str, Any]:
    return {"version": version, "migrations": migrations(), "tables": columns(), "statements": all_statements()}


def problems(released: dict[str, Any]) -> list[str]:
    """Return the problems that the released code would have with the present schema."""
    return [*problems_of_columns(released["tables"], columns()), *problems_of_statements(released["statements"])]


def problems_of_columns(former: dict[str, Any], present: dict[str, Any]) -> Iterator[str]:
    for table, its_columns in former.items():
        if table not in present:
            yield f"table {table} is gone"
            continue
        for column, (kind, is_required, _) in its_columns.items():
            if column not in present[table]:
                yield f"column {table}.{column} is gone"
            elif present[table][column][0] != kind:
                yield f"column {table}.{column} was {kind}"
            elif present[table][column][1] and not is_required:
                yield f"column {table}.{column} took null"
        for column, (_, is_required, has_default) in present[table].items():
            if column not in its_columns and is_required and not has_default:
                yield f"column {table}.{column} is new and has no default"


def problems_of_statements(former: dict[str, str]) -> Iterator[str]:
    for name, text in former.items():
        if complaint := complaint_about(text):
            yield f"{name}: {complaint}"


def complaint_about(statement: str) -> str | None:
    """PostgreSQL's, of what is missing, when asked for the plan; it knows types of parameters at run time alone."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT trial")
        try:
            cursor.connection.execute(f"EXPLAIN (GENERIC_PLAN) {prepared(statement)}")
        except MISSING as error:
            return str(error.diag.message_primary)
        except errors.Error:
            return None
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT trial")
    return None


def write(version: str) -> None:
    RELEASED.write_text(json.dumps(schema_usage(version), indent=1, sort_keys=True) + "\n")
