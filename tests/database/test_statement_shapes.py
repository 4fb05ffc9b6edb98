"""Every statement uses only what Citus supports on distributed tables."""

import re

import pytest

from tests.all_statements import all_statements
from tests.scaling.citus_rules import INSERT, SET_CLAUSE, TABLES, faults, without_name, without_values


def test_all_statements_are_named_and_found() -> None:
    found = all_statements()

    assert {"create_item", "update_item", "fetch_access", "copy_items_to_fork"} <= found.keys()
    assert len(found) > 60
    assert all(re.match(rf"[A-Z]+ /\* {name} \*/ ", text) for name, text in found.items())


def test_citus_supports_every_statement() -> None:
    found = {name: list(faults(without_name(text))) for name, text in all_statements().items()}

    assert {name: each for name, each in found.items() if each} == {}


def test_inserts_and_updates_are_checked() -> None:
    texts = "\n".join(map(without_name, all_statements().values()))

    assert len(INSERT.findall(texts)) == len(re.findall(rf"INSERT INTO (?:{TABLES})\b", texts)) > 15
    assert len(SET_CLAUSE.findall(texts)) > 8


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("UPDATE dataset_head SET changed_at = now() WHERE team_id = 1", "a STABLE function in SET"),
        (
            "UPDATE dataset_head SET changed_at = greatest(%(a)s, changed_at + interval '1 microsecond') WHERE true",
            "a STABLE function in SET",
        ),
        (
            "INSERT INTO dataset_tag (team_id, name) VALUES (1, 'a') RETURNING (SELECT revision FROM dataset_head)",
            "a subquery in VALUES or RETURNING of an INSERT",
        ),
        (
            "WITH a AS (INSERT INTO dataset_head (team_id) VALUES (coalesce((SELECT 1 FROM s), 0))) SELECT 1",
            "a subquery in VALUES or RETURNING of an INSERT",
        ),
        (
            "WITH a AS (INSERT INTO dataset_item (team_id, id) SELECT %(project_id)s, 1 FROM head) SELECT 1",
            "an INSERT … SELECT without a table's team_id",
        ),
    ],
)
def test_unsupported_statements_are_found(text: str, fault: str) -> None:
    assert list(faults(text)) == [fault]


def test_values_of_recorded_statements_are_ignored() -> None:
    text = """INSERT INTO "dataset" ("team_id", "name") VALUES (1, 'it''s (SELECT now())')"""

    assert without_values(text) == "INSERT INTO dataset (team_id, name) VALUES (1, '')"
    assert list(faults(without_values(text))) == []
