"""Functions of the database keep to one project as statements do: each part names its key by the parameter p_team_id.

On Citus they run on the machine of that project, and Citus refuses what does not keep to it.
"""

import re
from collections.abc import Iterator

import pytest

from database.query import fetch_all
from tests.scaling.tables import NAMES_A_TEAM_OWNED_TABLE

FUNCTIONS = """
SELECT proname::text, proargnames[1], prosrc FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')
"""
COMMENT = re.compile(r"--[^\n]*")
# Rows of a project begin with its number; other statements look for it.
NAMES_THE_PROJECT = re.compile(r"VALUES \(p_team_id,|\b\w\.team_id = p_team_id\b")
STATEMENT = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM|SELECT|PERFORM)\s.*", re.DOTALL)


def statements(source: str) -> Iterator[str]:
    """Yield statements about tables of a project; not declarations, which name row types."""
    body = COMMENT.sub("", source).partition("BEGIN")[2]
    for part in body.split(";"):
        found = STATEMENT.search(part)
        if found and NAMES_A_TEAM_OWNED_TABLE.search(found[0]):
            yield " ".join(found[0].split())


def test_parts_are_found_and_faults_seen() -> None:
    source = """DECLARE head dataset_head; BEGIN
      IF true THEN UPDATE dataset_head h SET revision = 1 WHERE h.dataset_id = p_id; END IF; -- dataset
      INSERT INTO dataset_item (team_id, id) VALUES (p_team_id, p_id);
      RETURN; END"""

    found = list(statements(source))

    assert found == [
        "UPDATE dataset_head h SET revision = 1 WHERE h.dataset_id = p_id",
        "INSERT INTO dataset_item (team_id, id) VALUES (p_team_id, p_id)",
    ]
    assert [bool(NAMES_THE_PROJECT.search(each)) for each in found] == [False, True]


@pytest.mark.django_db
def test_every_function_keeps_to_one_project() -> None:
    functions = fetch_all(FUNCTIONS, [])

    assert {name for name, _, _ in functions} == {"create_item", "update_item"}
    for name, parameter, source in functions:
        found = list(statements(source))
        assert parameter == "p_team_id", name
        assert len(found) > 4, name
        assert [each for each in found if not NAMES_THE_PROJECT.search(each)] == []
