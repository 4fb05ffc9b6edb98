"""The steps to Citus in docs/scaling.md name every table, and run."""

import re
import subprocess
from typing import Any

import pytest

from database.query import fetch_all
from datasets_api.postgres.binaries import bin_dir
from tests.scaling.recording import PROJECT_DIR
from tests.scaling.tables import LOCAL, REFERENCE, TEAM_OWNED
from tests.service_process import test_database_url as database_url

TEXT = (PROJECT_DIR / "docs" / "scaling.md").read_text(encoding="utf-8")
SQL = re.findall(r"^```sql\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)[0]
# Stand-ins that do nothing, since the extension is not available on every machine.
STAND_INS = """
CREATE FUNCTION create_reference_table(regclass) RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION create_distributed_table(regclass, text, colocate_with text DEFAULT 'default')
RETURNS void LANGUAGE sql AS '';
"""
FOREIGN_KEYS = "SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1"


def test_every_table_is_named_and_in_order() -> None:
    assert re.findall(r"create_reference_table\('(\w+)'\)", SQL) == list(REFERENCE)
    assert re.findall(r"create_distributed_table\('(\w+)', 'team_id'", SQL) == list(TEAM_OWNED)
    assert [table for table in LOCAL if f"`{table}`" not in TEXT] == []


def test_the_statements_run_and_keep_all_foreign_keys(live_database: None, capfd: Any) -> None:
    before = fetch_all(FOREIGN_KEYS, [])
    script = SQL.replace("CREATE EXTENSION IF NOT EXISTS citus;", STAND_INS)
    asked = f"BEGIN;\n{script}\nSELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
    asked += " WHERE contype = 'f' ORDER BY conname;\nROLLBACK;\n"

    done = subprocess.run(
        [bin_dir() / "psql", "-qtAX", "-v", "ON_ERROR_STOP=1", "-f", "-", database_url()],
        input=asked, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line] == [f"{name} {key}" for name, key in before]


@pytest.mark.django_db
def test_there_are_foreign_keys_to_drop_temporarily() -> None:
    assert len(fetch_all(FOREIGN_KEYS, [])) > 5
