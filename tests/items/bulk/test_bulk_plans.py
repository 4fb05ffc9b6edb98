"""Plans of bulk writes, with parameters known and unknown to the planner: they find items by their ids alone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from database.query import execute
from items.bulk.existing import FIND_EXISTING_BY_ID
from items.writes.bulk_insert import OPEN_VALIDITY
from items.writes.bulk_update import OPEN_UPDATED_VALIDITY
from tests.items.history.test_diff_plans import many_projects
from tests.items.history.test_history_plans import LAST, Filled, filled
from tests.plans import mode, needs_prepared, plan_of

__all__ = ["filled", "many_projects", "mode"]
pytestmark = [pytest.mark.django_db, needs_prepared, pytest.mark.usefixtures("many_projects")]

IDS = [UUID(int=number) for number in range(1, 11)]


@pytest.fixture(autouse=True)
def new_items(filled: Filled) -> None:
    execute(
        """
        INSERT INTO dataset_item (team_id, id, dataset_id, deleted, created_at, updated_at, version, revision)
        SELECT %(project_id)s, n, %(dataset_id)s, false, now(), now(), 1, %(revision)s FROM unnest(%(ids)s::uuid[]) n
        """,
        filled.parameters(ids=IDS, revision=LAST + 1),
    )


def validity_of_new(filled: Filled) -> tuple[str, dict[str, Any]]:
    return OPEN_VALIDITY, filled.parameters(first=IDS[0], last=IDS[-1], revision=LAST + 1)


def validity_of_updated(filled: Filled) -> tuple[str, dict[str, Any]]:
    return OPEN_UPDATED_VALIDITY, filled.parameters(ids=IDS)


def existing(filled: Filled) -> tuple[str, dict[str, Any]]:
    return FIND_EXISTING_BY_ID, filled.parameters(keys=IDS, input=False, output=False, metadata=False)


@pytest.mark.parametrize("statement", [validity_of_new, validity_of_updated, existing], ids=lambda each: each.__name__)
def test_items_are_found_by_their_ids(filled: Filled, mode: str, statement: Callable[[Filled], Any]) -> None:
    text, parameters = statement(filled)
    # Of an INSERT the part that reads: it would insert the same rows at each run.
    text = text[text.index("SELECT") :]

    plan = plan_of(text, parameters, mode)

    assert plan.scans() == [("Index Scan", "dataset_item_pkey")]
    assert plan.rows_read() == len(IDS)
