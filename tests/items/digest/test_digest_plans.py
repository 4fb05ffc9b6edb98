"""Plans of the statements for digests, with parameters known and unknown to the planner."""

from typing import Any

import pytest

from database.query import execute
from items.digest.digests import FIND_DIGEST
from items.digest.item_hashes import READ_UNHASHED, Position
from tests.items.history.test_history_plans import PATCHED, Filled, N, filled, scans
from tests.plans import mode, needs_prepared, plan_of

__all__ = ["filled", "mode"]
pytestmark = [pytest.mark.django_db, needs_prepared]

HASH_ALL = """
INSERT INTO item_hash (team_id, item_id, version, hash)
SELECT team_id, item_id, version, sha256(item_id::text::bytea) FROM item_validity
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s AND created_at < %(time)s
"""


def unhashed(filled: Filled, **position: Any) -> dict[str, Any]:
    return filled.past(PATCHED, limit=100) | {"bytes": 1_000_000} | Position(**position)._asdict()


def test_the_cost_of_a_batch_does_not_depend_on_its_start(filled: Filled, mode: str) -> None:
    plan = plan_of(READ_UNHASHED, unhashed(filled, after_time=filled.created_at), mode)

    assert scans(plan, "item_validity") == {("Index Only Scan", "item_validity_page")}
    assert scans(plan, "item_version") == {("Index Scan", "item_version_pkey")}
    assert plan.rows_read("item_validity") <= 4 * 100
    assert plan.rows_read("item_version") <= 100


def test_hashed_versions_are_skipped_in_the_indexes(filled: Filled, mode: str) -> None:
    parameters = filled.parameters(time=filled.created_at)
    execute(HASH_ALL, parameters)
    execute("ANALYZE item_hash", {})

    plan = plan_of(READ_UNHASHED, unhashed(filled), mode)

    assert scans(plan, "item_validity") == {("Index Only Scan", "item_validity_page")}
    assert plan.rows_read("item_validity") <= 3 * N
    assert plan.rows_read("item_version") <= 100


def test_a_stored_digest_is_found_by_its_key(filled: Filled, mode: str) -> None:
    for revision in range(100):
        execute(
            "INSERT INTO dataset_digest (team_id, dataset_id, revision, digest, erased_count)"
            " VALUES (%(project_id)s, %(dataset_id)s, %(revision)s, 'x', 0)",
            filled.parameters(revision=revision),
        )

    plan = plan_of(FIND_DIGEST, filled.parameters(revision=7), mode)

    assert scans(plan, "dataset_digest") == {("Index Scan", "dataset_digest_pkey")}
