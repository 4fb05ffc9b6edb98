"""Plans of the statement that copies a batch of items into a fork."""

from typing import Any
from uuid import UUID

import pytest

from database.columns import UUIDColumn
from items.forks import fork as forks
from items.history.snapshots import resolve_revision
from tests.items.filled_tables import SIZES, Filled, filled
from tests.plans import RUNS, Plan, SentStatements, mode, needs_prepared

__all__ = ["filled", "mode"]
pytestmark = [pytest.mark.django_db, needs_prepared]

ITEMS = SIZES[2]
LIVE = ITEMS - ITEMS // 11


def plan_of_copy(filled: Filled, mode: str, monkeypatch: pytest.MonkeyPatch, revision: str = "latest") -> Plan:
    sent = SentStatements(forks, monkeypatch)
    snapshot = resolve_revision(filled.team, filled.middling, revision)
    values: dict[str, Any] = {"name": "Fork", "description": None, "metadata": None, "labels": []}
    for _ in range(RUNS + 1):
        forks.fork_dataset(project_id=filled.team, user_id=1, source=filled.middling, snapshot=snapshot, values=values)
    # As psycopg writes them into a statement's text.
    sent.statements = [
        (statement, {name: plain(value) for name, value in parameters.items()})
        for statement, parameters in sent.statements
    ]
    return sent.explain(mode)


def plain(value: Any) -> Any:
    return [UUID(bytes=each.bytes) for each in value] if isinstance(value, UUIDColumn) else value


def reads(plan: Plan, table: str) -> list[dict[str, Any]]:
    """Return the nodes that read the table, without those that the plan never came to."""
    return [
        node
        for node in plan.nodes
        if node.get("Relation Name") == table and node["Node Type"] != "ModifyTable" and node["Actual Loops"]
    ]


def test_current_versions_are_read_by_key_and_former_ones_are_not(
    filled: Filled, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of_copy(filled, mode, monkeypatch)

    (items,) = reads(plan, "dataset_item")
    assert (items["Index Name"], items["Actual Loops"]) == ("dataset_item_pkey", LIVE)
    assert reads(plan, "item_version") == []
    assert plan.rows_read() == LIVE
    assert {each["Index Name"] for each in reads(plan, "dataset_head")} == {"dataset_head_pkey"}


def test_former_versions_are_read_if_the_revision_lists_them(
    filled: Filled, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of_copy(filled, mode, monkeypatch, str(ITEMS))

    (versions,) = reads(plan, "item_version")
    assert (versions["Index Name"], versions["Actual Loops"]) == ("item_version_pkey", ITEMS)
    assert plan.rows_read("item_version") == ITEMS


def test_sources_are_not_looked_for_in_a_project_without_any(
    filled: Filled, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forks.fetch_one("DELETE FROM item_source WHERE team_id = %(team)s RETURNING 1", {"team": filled.team})

    plan = plan_of_copy(filled, mode, monkeypatch)

    assert [each["Actual Rows"] for each in reads(plan, "item_source")] == [0]
