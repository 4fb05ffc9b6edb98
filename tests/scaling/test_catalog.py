"""The tables can be distributed by project; checked in PostgreSQL's catalog after all migrations."""

import re
from typing import Any

import pytest

from database.query import fetch_all
from tests.scaling.tables import LOCAL, REFERENCE, TEAM_OWNED

pytestmark = pytest.mark.django_db

COLUMNS = """
SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
       coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS default
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = %s::text::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
UNIQUE_INDEXES = """
SELECT i.indexrelid::regclass::text, i.indpred IS NULL AND i.indimmediate AND i.indexprs IS NULL,
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k (number, place)
               JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
              WHERE k.place <= i.indnkeyatts ORDER BY k.place),
       NOT EXISTS (SELECT FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k (number, place)
                     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                    WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
  FROM pg_index i WHERE i.indrelid = %s::text::regclass AND i.indisunique
"""
FOREIGN_KEYS = """
SELECT c.conname::text, c.confrelid::regclass::text, c.condeferrable,
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (number, place)
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number ORDER BY k.place),
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (number, place)
               JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number ORDER BY k.place)
  FROM pg_constraint c WHERE c.conrelid = %s::text::regclass AND c.contype = 'f'
"""
OTHER_CONSTRAINTS = """
SELECT conname::text, contype::text FROM pg_constraint
 WHERE conrelid = %s::text::regclass AND contype NOT IN ('p', 'u', 'f', 'c', 'n')
"""
TRIGGERS = "SELECT tgname::text FROM pg_trigger WHERE tgrelid = %s::text::regclass AND NOT tgisinternal"
RULES = "SELECT rulename::text FROM pg_rewrite WHERE ev_class = %s::text::regclass"
SEQUENCES = """
SELECT objid::regclass::text FROM pg_depend
 WHERE refobjid = %s::text::regclass AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
   AND (SELECT relkind FROM pg_class WHERE oid = objid) = 'S'
"""
TABLES = """
SELECT relname::text FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
"""
ONE_MACHINES_TABLES = """
SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid::regclass::text = ANY(%s)
"""

each_team_owned = pytest.mark.parametrize("table", TEAM_OWNED)


def ask(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return fetch_all(statement, list(parameters))


def test_every_table_has_one_kind() -> None:
    """A new table has to be added to one of the lists in tests/scaling/tables.py."""
    known = [*TEAM_OWNED, *REFERENCE, *LOCAL]

    assert sorted(name for (name,) in ask(TABLES)) == sorted(known)


@each_team_owned
def test_the_project_is_the_first_column(table: str) -> None:
    assert ask(COLUMNS, table)[0][:3] == ("team_id", "bigint", True)


@each_team_owned
def test_the_project_is_the_first_column_of_every_unique_index(table: str) -> None:
    indexes = ask(UNIQUE_INDEXES, table)

    assert [name for name, _, columns, _ in indexes if columns[:1] != ["team_id"]] == []


@each_team_owned
def test_rows_have_a_replica_identity(table: str) -> None:
    """Logical replication, which moves rows to another machine, needs a complete unique key without nulls."""
    assert any(is_whole and is_never_null for _, is_whole, _, is_never_null in ask(UNIQUE_INDEXES, table))


@each_team_owned
def test_foreign_keys_stay_in_the_project_and_are_not_deferrable(table: str) -> None:
    for name, target, is_deferrable, columns, referred in ask(FOREIGN_KEYS, table):
        assert not is_deferrable, name
        assert columns[0] == "team_id", name
        if target in REFERENCE:
            assert (target, columns, referred) == ("api_auth_project", ["team_id"], ["id"]), name
        else:
            assert TEAM_OWNED.index(target) < TEAM_OWNED.index(table), name
            assert referred[0] == "team_id", name
            assert len(columns) > 1, name


def test_only_tables_of_projects_refer_to_tables_of_projects() -> None:
    assert {name for (name,) in ask(ONE_MACHINES_TABLES, list(TEAM_OWNED))} <= set(TEAM_OWNED)


@each_team_owned
@pytest.mark.parametrize("statement", [TRIGGERS, RULES, SEQUENCES, OTHER_CONSTRAINTS])
def test_there_are_no_triggers_rules_sequences_or_exclusion_constraints(table: str, statement: str) -> None:

    assert ask(statement, table) == []


@each_team_owned
def test_values_come_from_the_application(table: str) -> None:
    """There are no identity columns, and defaults are constants."""
    columns = ask(COLUMNS, table)

    assert [name for name, _, _, identity, _ in columns if identity] == []
    assert [name for name, *_, default in columns if re.search(r"\w\s*\(|current_", default, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    "table",
    ["dataset_item", "item_version", "item_validity", "item_fork_origin", "item_source", "item_hash", "dataset_change"],
)
def test_rows_that_are_written_with_an_item_have_no_foreign_keys(table: str) -> None:
    """Each would be checked for each row."""
    assert ask(FOREIGN_KEYS, table) == []
