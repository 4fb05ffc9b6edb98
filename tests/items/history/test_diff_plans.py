"""Plans of a difference where most projects are small, with parameters known and unknown to the planner."""

import pytest

from database.query import execute
from items.cursors import Cursor
from items.history import diff
from items.rows import OPEN_END
from tests.items.history.test_history_plans import LAST, START, Filled, filled
from tests.plans import mode, needs_prepared, plan_of

__all__ = ["filled", "mode"]
pytestmark = [pytest.mark.django_db, needs_prepared]


@pytest.fixture
def many_projects(filled: Filled) -> None:
    """2,000 projects of one dataset of one item each: the planner expects one row of any project's dataset."""
    execute(
        f"""
        INSERT INTO item_validity (team_id, dataset_id, created_at, item_id, version, valid_from, valid_to)
        SELECT 1000000 + n, md5(n::text)::uuid, %(start)s, md5(n::text)::uuid, 1, 1, {OPEN_END}
          FROM generate_series(1, 2000) n
        """,
        {"start": START},
    )
    # Their heads are of no interest.
    execute("SET LOCAL session_replication_role = replica", {})
    execute(
        """
        INSERT INTO dataset_item (team_id, id, dataset_id, deleted, created_at, updated_at, version, revision)
        SELECT 1000000 + n, md5(n::text)::uuid, md5(n::text)::uuid, false, %(start)s, %(start)s, 1, 1
          FROM generate_series(1, 2000) n
        """,
        {"start": START},
    )
    execute("SET LOCAL session_replication_role = origin", {})
    execute("ANALYZE item_validity, dataset_item", {})


@pytest.mark.usefixtures("many_projects")
@pytest.mark.parametrize(
    "statement",
    [diff.COUNT_DIFFERENCES, diff.diff_page_sql(Cursor((LAST, 0)), diff.PAGE_CONTENT)],
    ids=["counts", "page"],
)
def test_a_diff_reads_the_validities_of_its_items_alone(filled: Filled, mode: str, statement: str) -> None:
    parameters = filled.parameters(
        f=LAST - 50, t=LAST, changes=list(diff.CHANGES), key_revision=LAST, key_position=0, limit=100
    )

    plan = plan_of(statement, parameters, mode)

    # Three versions of each item, for either revision.
    assert plan.rows_read("item_validity") <= 50 * 3 * 2
