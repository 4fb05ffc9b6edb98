"""The list of tables in deploy/citus/distribute.sql, and what docs/scaling.md says of the others."""

import re

import pytest

from database.query import fetch_all
from tests.docs.documents import DOCS, text_of
from tests.scaling.recording import PROJECT_DIR
from tests.scaling.tables import LOCAL, REFERENCE, TEAM_OWNED

SCRIPT = (PROJECT_DIR / "deploy" / "citus" / "distribute.sql").read_text(encoding="utf-8")
PLACEMENT = re.findall(r"^  \('(\w+)', '(\w+)'\)[,;]$", SCRIPT, re.MULTILINE)
REFERENCES = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
 WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid
"""


def test_every_table_is_distributed_or_named_as_local() -> None:
    assert [name for name, kind in PLACEMENT if kind == "reference"] == list(REFERENCE)
    assert [name for name, kind in PLACEMENT if kind == "distributed"] == list(TEAM_OWNED)
    assert [table for table in LOCAL if f"`{table}`" not in text_of(DOCS / "scaling.md")] == []


@pytest.mark.django_db
def test_each_table_refers_to_earlier_ones_only() -> None:
    position = {name: number for number, (name, _) in enumerate(PLACEMENT)}
    found = [(table, to) for table, to in fetch_all(REFERENCES, []) if table in position]

    assert len(found) > 5
    assert [(table, to) for table, to in found if position[to] > position[table]] == []
