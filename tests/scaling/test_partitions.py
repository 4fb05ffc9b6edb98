"""The single-project guard: accepted and rejected statements, and recording what the service sends."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from database.query import fetch_one
from items.history.tags import get_tag
from items.idempotency import prune_records
from tests.people import People, key
from tests.scaling.partitions import PARTS, SplitSchema, split_schema
from tests.scaling.recording import PROJECT_DIR, VARIABLE, Recorder, recorded
from tests.scaling.single_project_guard import OVER_ALL_PROJECTS, check_statements
from tests.scaling.tables import TEAM_OWNED
from tests.service_process import ServiceProcess

ID = "'00000000-0000-0000-0000-000000000001'"


@pytest.fixture(scope="module")
def schema(django_db_setup: None, django_db_blocker: Any) -> Iterator[SplitSchema]:
    with django_db_blocker.unblock(), split_schema() as made:
        yield made


def test_projects_are_distributed_over_the_partitions(schema: SplitSchema) -> None:
    for table in TEAM_OWNED:
        used = schema.raw.execute(f"SELECT count(DISTINCT tableoid) FROM {table}").fetchone()
        assert used == (PARTS,), table


def test_the_copy_has_the_columns_indexes_and_keys_of_the_tables(schema: SplitSchema) -> None:
    def shape(of: str) -> list[tuple[Any, ...]]:
        return schema.raw.execute(
            "SELECT t.relname,"
            " ARRAY(SELECT attname || ' ' || format_type(atttypid, atttypmod) || attnotnull FROM pg_attribute"
            "        WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum),"
            " (SELECT count(*) FROM pg_index WHERE indrelid = t.oid),"
            " (SELECT count(*) FROM pg_constraint WHERE conrelid = t.oid AND contype = 'f' AND conparentid = 0"
            "     AND confrelid::regclass::text NOT LIKE '%%part%%')"
            "  FROM pg_class t WHERE relnamespace = %s::regnamespace AND relname = ANY(%s) ORDER BY 1",
            [of, list(TEAM_OWNED)],
        ).fetchall()

    assert len(shape("public")) == len(TEAM_OWNED)
    assert shape("split_by_project") == shape("public")


@pytest.mark.parametrize(
    "statement",
    [
        f"SELECT * FROM dataset_item WHERE team_id = 1 AND id = {ID}",
        "SELECT * FROM dataset_head h JOIN dataset_item i ON i.team_id = h.team_id AND i.dataset_id = h.dataset_id"
        " WHERE h.team_id = 1",
        "SELECT * FROM dataset_item i LEFT JOIN api_auth_user u ON u.id = i.created_by_id WHERE i.team_id = 1",
        "UPDATE dataset_head SET touch_count = 1 WHERE team_id = 1",
        "DELETE FROM idempotency_record WHERE team_id = 1",
        "INSERT INTO dataset_tag (team_id, dataset_id, name, revision, created_at)"
        f" VALUES (1, {ID}, 'a', 1, '2026-01-01')",
        "INSERT INTO dataset_tag (team_id, dataset_id, name, revision)"
        " SELECT team_id, dataset_id, 'a', revision FROM dataset_head WHERE team_id = 1",
        "INSERT INTO dataset_tag (team_id, dataset_id, name, revision)"
        " SELECT 1, dataset_id, 'a', row_number() OVER () FROM dataset_head WHERE team_id = 1",
        "COPY dataset_tag (team_id, dataset_id, name, revision) FROM STDIN",
        "COPY (SELECT * FROM dataset_item WHERE team_id = 1) TO STDOUT",
        "SELECT * FROM api_auth_project",
        "TRUNCATE api_auth_project CASCADE",
    ],
)
def test_one_projects_statement_passes(schema: SplitSchema, statement: str) -> None:
    assert schema.fault_in(statement) is None


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (f"SELECT * FROM dataset_item WHERE id = {ID}", "reaches dataset_item_part_0"),
        (
            "SELECT * FROM dataset_head h JOIN dataset_item i ON i.dataset_id = h.dataset_id WHERE h.team_id = 1",
            "reaches",
        ),
        (
            f"SELECT * FROM dataset_head h WHERE team_id = 1 AND EXISTS (SELECT FROM dataset WHERE id = {ID})",
            "reaches",
        ),
        # Two projects in different partitions.
        (
            "SELECT * FROM dataset_item WHERE team_id = 1 UNION ALL SELECT * FROM dataset_item WHERE team_id = 2",
            "reaches",
        ),
        ("SELECT * FROM dataset_item WHERE team_id IN (1, 1)", "is meant for several projects"),
        ("UPDATE dataset_head SET touch_count = 1", "reaches"),
        (f"DELETE FROM dataset_tag WHERE dataset_id = {ID}", "reaches"),
        (
            "INSERT INTO dataset_tag (team_id, dataset_id, name, revision)"
            " SELECT n, '00000000-0000-0000-0000-000000000001', 'a', 1 FROM generate_series(1, 2) n",
            "puts n.n into dataset_tag.team_id",
        ),
        (
            "UPDATE dataset_item SET updated_at = now() WHERE team_id = 1",
            "writes values that would differ between machines",
        ),
        ("COPY dataset_tag (dataset_id, name, revision) FROM STDIN", "copies rows without their team_id"),
        ("COPY (SELECT * FROM dataset_item) TO STDOUT", "reaches"),
        ("TRUNCATE dataset_item", "is not a query"),
    ],
)
def test_a_statement_over_several_projects_is_reported(schema: SplitSchema, statement: str, fault: str) -> None:
    assert (schema.fault_in(statement) or "").startswith(fault)


# --- Recording ------------------------------------------------------------------------------------------------------


def senders() -> set[str]:
    return {each.sender for each in recorded()}


def test_statements_of_the_service_are_recorded_with_their_values(db: None) -> None:
    get_tag(4711, UUID(int=1), "seen")

    texts = [each.text for each in recorded() if each.sender == "items/history/tags.py:get_tag"]
    assert texts
    assert not any("%(" in text for text in texts)


def test_statements_of_the_orm_are_recorded(db: None) -> None:
    prune_records()

    assert "items/idempotency.py:prune_records" in senders()


def test_statements_of_child_processes_are_recorded(service: ServiceProcess, live_database: None) -> None:
    everyone = People()
    headers = {"Authorization": f"Bearer {key(everyone.owner)}"}
    url = f"{service.base}/api/projects/{everyone.project.id}/datasets/"

    made = httpx.post(url, json={"name": "seen"}, headers=headers)

    assert made.status_code == 201
    own = f"{os.getpid()}.jsonl"
    others = [file for file in Path(os.environ[VARIABLE]).glob("*.jsonl") if file.name != own]
    assert any("items/writes/datasets.py:create_dataset" in file.read_text() for file in others)


def test_statements_of_tests_are_not_recorded(db: None) -> None:
    fetch_one("SELECT name FROM dataset WHERE id = %s AND name = 'of a test'", [UUID(int=1)])

    assert not any("of a test" in text for _, text in recorded())


# --- The end of a run -----------------------------------------------------------------------------------------------


def keep(folder: Path, monkeypatch: pytest.MonkeyPatch, sender: str, text: str) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    Recorder(folder).keep(sender, text)


def test_a_run_fails_for_a_statement_over_several_projects(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, monkeypatch, "items/queries.py:wrong", "SELECT name FROM dataset")

    with pytest.raises(
        AssertionError, match=r"items/queries.py:wrong reaches dataset_part_0.*\nSELECT name FROM dataset"
    ):
        check_statements()


def test_a_run_fails_for_a_statement_that_citus_refuses(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "UPDATE dataset SET updated_at = updated_at + interval '1 second' WHERE team_id = 1"
    keep(tmp_path, monkeypatch, "items/queries.py:wrong", text)

    with pytest.raises(AssertionError, match=r"items/queries.py:wrong has a STABLE function in SET"):
        check_statements()


def test_a_run_fails_for_a_statement_that_cannot_be_explained(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, monkeypatch, "items/queries.py:wrong", "SELECT no_such_column FROM dataset")

    with pytest.raises(AssertionError, match="cannot be explained"):
        check_statements()


def test_a_run_passes_with_known_deviations(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for sender in OVER_ALL_PROJECTS:
        keep(tmp_path, monkeypatch, sender, "SELECT name FROM dataset")

    check_statements()


@pytest.mark.parametrize("sender", OVER_ALL_PROJECTS)
def test_known_deviations_exist(sender: str) -> None:
    file, function = sender.split(":")

    assert f"def {function}(" in (PROJECT_DIR / file).read_text()
