"""The released code works on the present schema, so that old and new processes may serve side by side.

Nothing has been released yet: then the code at hand stands for it, and the tests show that the rules can fail.
"""

import json
from typing import Any

import pytest
from django.db import connection

from tests.all_statements import all_statements
from tests.upgrades.schema_usage import RELEASED, complaint_about, problems, schema_usage

pytestmark = pytest.mark.django_db


@pytest.fixture
def released() -> dict[str, Any]:
    if RELEASED.exists():
        return dict(json.loads(RELEASED.read_text()))
    return schema_usage("none yet")


def test_the_released_code_works_on_the_present_schema(released: dict[str, Any]) -> None:
    assert problems(released) == []


def test_the_statements_of_the_code_are_found() -> None:
    found = all_statements()

    assert {"fetch_access", "claim_idempotency_key", "count_request"} <= found.keys()
    assert [name for name, text in found.items() if complaint_about(text)] == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("ALTER TABLE dataset DROP COLUMN description", "column dataset.description is gone"),
        ("ALTER TABLE dataset RENAME COLUMN name TO title", "column dataset.name is gone"),
        ("ALTER TABLE dataset ALTER COLUMN metadata TYPE jsonb", "column dataset.metadata was json"),
        ("ALTER TABLE dataset ADD COLUMN kind text NOT NULL", "column dataset.kind is new and has no default"),
        ("ALTER TABLE dataset ALTER COLUMN created_by_id SET NOT NULL", "column dataset.created_by_id took null"),
        ("DROP TABLE dataset_tag", "table dataset_tag is gone"),
        (
            "DROP INDEX idempotency_record_age; ALTER TABLE idempotency_record DROP CONSTRAINT idempotency_record_pkey",
            "claim_idempotency_key",
        ),
    ],
)
def test_a_change_that_old_code_would_not_survive_is_found(change: str, expected: str) -> None:
    former = schema_usage("none yet")
    with connection.cursor() as cursor:
        cursor.execute(change)

    assert [each for each in problems(former) if each.startswith(expected)]


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE dataset ADD COLUMN kind text",
        "ALTER TABLE dataset ADD COLUMN kind text NOT NULL DEFAULT 'plain'",
        "CREATE TABLE shelf (id bigint PRIMARY KEY)",
        "CREATE INDEX shelf ON dataset (team_id, version)",
    ],
)
def test_a_change_that_old_code_survives_is_none(change: str) -> None:
    former = schema_usage("none yet")
    with connection.cursor() as cursor:
        cursor.execute(change)

    assert problems(former) == []
