"""Plans of the statements that write items and datasets, also of those within functions of the database."""

from typing import Any

import pytest

from items.writes import datasets, items
from tests.items.filled_tables import Filled, filled
from tests.plans import RUNS, Plan, SentStatements, mode, needs_prepared

__all__ = ["filled", "mode"]
pytestmark = [pytest.mark.django_db, needs_prepared]

INSERTED = ("ModifyTable", None)
HEAD, ITEM, VALIDITY, DATASET = (
    ("Index Scan", index) for index in ("dataset_head_pkey", "dataset_item_pkey", "item_validity_page", "dataset_pkey")
)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> SentStatements:
    """Return the parameters that items.writes.items sends."""
    return SentStatements(items, monkeypatch)


def assert_written(plan: Plan, *, heads: int = 1, begins: bool = True) -> None:
    """A new version: whatever it changes is found by its key, and no row is read besides."""
    assert "Seq Scan" not in plan.types()
    assert plan.scans("dataset_head").count(INSERTED) == heads
    assert plan.rows_read("dataset_item") == 2
    # To keep what it was, and to change it.
    assert sorted(plan.scans("dataset_item")) == [ITEM, ITEM, INSERTED]
    # One ends, one begins; none for an archived item.
    assert sorted(plan.scans("item_validity")) == [VALIDITY, INSERTED] + [INSERTED] * begins
    for column in ("team_id", "dataset_id", "created_at", "item_id", "version"):
        assert f"({column} = " in plan.conditions("item_validity_page")
    assert plan.scans("item_version") == [INSERTED]
    assert plan.scans("dataset_change") == [INSERTED] * heads


def test_an_item_is_created_without_reading_any(filled: Filled, mode: str, sent: SentStatements) -> None:
    for _ in range(RUNS + 1):
        items.create_item(project_id=filled.team, user_id=1, values=filled.item._asdict())

    plan = sent.explain_function(mode)

    assert "Seq Scan" not in plan.types()
    for table in ("dataset_item", "item_validity", "dataset_change"):
        assert plan.scans(table) == [INSERTED]
    assert plan.scans("dataset_head") == [INSERTED, HEAD]
    assert plan.rows_read("dataset_head") == 1


def write(filled: Filled, attempt: int, values: dict[str, Any], *, was: dict[str, Any] | None = None) -> None:
    """Write like update_item, for an item that has been written this many times."""
    item = filled.item._replace(**(was or {}), version=filled.item.version + attempt)
    assert items.write_item(item, item._replace(**values), 1, values) is not None


@pytest.mark.parametrize(
    "values",
    [{"output": '"new"'}, {"input": "1", "output": "2", "metadata": "3", "ref_trace_id": "x", "deleted": None}],
    ids=["one field", "many"],
)
def test_an_item_is_written_by_its_key(filled: Filled, mode: str, values: dict[str, Any], sent: SentStatements) -> None:
    for attempt in range(RUNS + 1):
        write(filled, attempt, values)

    plan = sent.explain_function(mode)
    assert_written(plan)
    assert plan.scans("dataset_head") == [INSERTED, HEAD]
    assert plan.rows_read("dataset_head") == 1


@pytest.mark.parametrize(("before", "after", "validities"), [(False, True, 1), (True, False, 0)])
def test_an_item_is_archived_and_restored_by_its_key(
    filled: Filled, mode: str, before: bool, after: bool, validities: int, sent: SentStatements
) -> None:
    for attempt in range(RUNS):
        write(filled, attempt, {"deleted": before}, was={"deleted": before})
    write(filled, RUNS, {"deleted": after}, was={"deleted": before})

    plan = sent.explain_function(mode)
    assert_written(plan, begins=not after)
    assert plan.rows_read("item_validity") == validities
    # Archived items may have been erased.
    assert plan.scans("dataset_erasure") == [] if after else [("Index Only Scan", "dataset_erasure_item")]


def test_an_item_is_moved_by_its_key(filled: Filled, mode: str, sent: SentStatements) -> None:
    for attempt in range(RUNS + 1):
        old_dataset_id, to = (filled.middling, filled.large) if attempt % 2 else (filled.large, filled.middling)
        write(filled, attempt, {"dataset_id": to}, was={"dataset_id": old_dataset_id})

    plan = sent.explain_function(mode)

    assert_written(plan, heads=2)
    # Both are locked before either is written.
    assert plan.scans("dataset_head") == [HEAD] + [INSERTED, HEAD] * 2
    assert plan.rows_read("dataset_head") == 4
    assert plan.scans("item_source") == [INSERTED, ("Index Scan", "item_source_pkey")]


def test_an_item_is_touched_by_its_key(filled: Filled, mode: str, sent: SentStatements) -> None:
    for _ in range(RUNS + 1):
        assert items.touch_item(filled.item) is not None

    plan = sent.explain(mode)

    assert "Seq Scan" not in plan.types()
    assert plan.scans("dataset_head") == [INSERTED, HEAD]
    assert plan.scans() == [INSERTED, ITEM]
    assert (plan.rows_read("dataset_head"), plan.rows_read()) == (1, 1)


@pytest.mark.parametrize("values", [{"name": "new"}, {}], ids=["written", "touched"])
def test_a_dataset_is_written_and_touched_by_its_key(
    filled: Filled, mode: str, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = SentStatements(datasets, monkeypatch)
    for attempt in range(RUNS + 1):
        dataset = filled.dataset._replace(version=filled.dataset.version + attempt * len(values))
        assert datasets.update_dataset(dataset=dataset, new_values=values) is not None

    plan = sent.explain(mode)

    assert "Seq Scan" not in plan.types()
    assert plan.scans("dataset") == [INSERTED, DATASET]
    assert plan.scans("dataset_head") == [HEAD]
    assert plan.scans("dataset_change") == []
    assert (plan.rows_read("dataset"), plan.rows_read("dataset_head")) == (1, 1)
