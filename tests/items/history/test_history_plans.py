"""Plans of the statements that read history, with parameters known and unknown to the planner.

The dataset's items have three versions each; the last version of every eleventh item is archived.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db import connection

from database.query import execute, fetch_one
from items.cursors import Cursor
from items.exports import batches, parquet_file, text_files
from items.history import as_of, diff, feed, snapshots, versions
from items.page_bytes import guards
from items.rows import OPEN_END
from tests.conftest import emptied
from tests.history_check import assert_history_holds
from tests.people import People
from tests.plans import Plan, mode, needs_prepared, plan_of

__all__ = ["mode"]
pytestmark = [pytest.mark.django_db, needs_prepared]

LARGE, SMALL, FOREIGN = UUID(int=1), UUID(int=2), UUID(int=3)
SIZES = {LARGE: 20_000, SMALL: 40, FOREIGN: 2000}
START = datetime(2025, 1, 1, tzinfo=UTC)
# Revisions of the large dataset: after all creates, after all second versions, and the current one.
N = SIZES[LARGE]
CREATED, PATCHED, LAST = N, 2 * N, 3 * N

FILL = (
    """
    INSERT INTO dataset (team_id, id, name, created_at, updated_at, deleted, created_by_id, version)
    VALUES (%(project_id)s, %(dataset_id)s, 'filled', %(start)s, %(start)s, false, 1, 1)
    """,
    """
    INSERT INTO project_head (team_id, dataset_count, archived_dataset_count) VALUES (%(project_id)s, 1, 0)
    ON CONFLICT (team_id) DO UPDATE SET dataset_count = project_head.dataset_count + 1
    """,
    """
    INSERT INTO dataset_head (team_id, dataset_id, revision, item_count, changed_at, touch_count)
    VALUES (%(project_id)s, %(dataset_id)s, 3 * %(count)s, %(count)s - %(count)s / 11,
            %(start)s + (3 * %(count)s) * interval '1 second', 0)
    """,
    # Ids are random; each item is as old as the revision that created it.
    """
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT md5(%(dataset_id)s::text || n)::uuid AS id, n::int,
           %(start)s + n * interval '1 second' AS created_at
      FROM generate_series(1, %(count)s) n
    """,
    """
    INSERT INTO dataset_item (team_id, id, dataset_id, input, output, deleted, created_at, updated_at, created_by_id,
                              version, revision)
    SELECT %(project_id)s, id, %(dataset_id)s, '{"q": "a question"}', '"third"', n %% 11 = 0, created_at, created_at,
           1, 3,
           2 * %(count)s + n FROM made
    """,
    """
    INSERT INTO item_version (team_id, id, version, dataset_id, input, output, deleted, created_at, updated_at,
                              created_by_id, revision)
    SELECT %(project_id)s, id, version, %(dataset_id)s, '{"q": "a question"}', '"before"', false, created_at,
           created_at, 1, (version - 1) * %(count)s + n FROM made, generate_series(1, 2) version
    """,
    f"""
    INSERT INTO item_validity (team_id, dataset_id, created_at, item_id, version, valid_from, valid_to)
    SELECT %(project_id)s, %(dataset_id)s, created_at, id, version, (version - 1) * %(count)s + n,
           CASE WHEN version < 3 THEN version * %(count)s + n ELSE {OPEN_END} END
      FROM made, generate_series(1, 3) version WHERE version < 3 OR n %% 11 <> 0
    """,
    """
    INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at,
                                created_by_id, item_count, created, updated, archived, restored)
    SELECT %(project_id)s, %(dataset_id)s, (version - 1) * %(count)s + n, 0,
           CASE WHEN version = 1 THEN 'created' WHEN version = 3 AND n %% 11 = 0 THEN 'archived' ELSE 'updated' END,
           id, version, %(start)s + ((version - 1) * %(count)s + n) * interval '1 second', 1,
           CASE version WHEN 1 THEN n WHEN 2 THEN %(count)s ELSE %(count)s - n / 11 END,
           (version = 1)::int, (version = 2 OR version = 3 AND n %% 11 <> 0)::int,
           (version = 3 AND n %% 11 = 0)::int, 0
      FROM made, generate_series(1, 3) version
    """,
    """
    INSERT INTO dataset_tag (team_id, dataset_id, name, revision, created_at)
    VALUES (%(project_id)s, %(dataset_id)s, 'golden', 2, %(start)s)
    """,
    "DROP TABLE made",
)


class Filled(NamedTuple):
    team: int
    item: UUID  # of the large dataset
    created_at: datetime

    def parameters(self, **more: Any) -> dict[str, Any]:
        return {"project_id": self.team, "dataset_id": LARGE, "id": self.item, **guards(100), **more}

    def past(self, revision: int, *, limit: int, offset: int = 0) -> dict[str, Any]:
        return self.parameters(revision=revision, time=time_of(revision), limit=limit, offset=offset)


def time_of(revision: int) -> datetime:
    return START + timedelta(seconds=revision)


def fill() -> Filled:
    people = People()
    team = people.project.id
    for dataset, count in SIZES.items():
        of = people.foreign_project.id if dataset == FOREIGN else team
        connection.set_autocommit(False)
        # VACUUM marks no row as visible to all whose commit may still be lost.
        execute("SET LOCAL synchronous_commit = on", {})
        for statement in FILL:
            execute(statement, {"project_id": of, "dataset_id": dataset, "count": count, "start": START})
        connection.commit()
        connection.set_autocommit(True)
    for table in ("item_validity", "dataset_change", "item_version", "dataset_item"):
        execute(f"VACUUM ANALYZE {table}", {})
    execute("ANALYZE", {})
    found = fetch_one("SELECT id, created_at FROM dataset_item WHERE dataset_id = %(d)s AND revision = %(r)s",
                      {"d": LARGE, "r": LAST - 7})  # fmt: skip
    assert found
    return Filled(team, *found)


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Filled]:
    """Committed, since ANALYZE must see it; each test runs in a transaction that is rolled back."""
    with emptied(django_db_blocker):
        yield fill()


def nodes(plan: Plan, table: str) -> list[dict[str, Any]]:
    return [each for each in plan.nodes if each.get("Relation Name") == table]


def scans(plan: Plan, table: str) -> set[tuple[str, str | None]]:
    """Return (type, index) of each scan of the table."""
    return set(plan.scans(table))


def test_the_tables_are_filled_as_the_service_fills_them(filled: Filled) -> None:
    assert_history_holds()


# --- Lists of the past -----------------------------------------------------------------------------------------------


def reads_only_the_page(plan: Plan, *, rows: int) -> None:
    """Scan the validity index once, then read each of the page's rows by its key."""
    assert scans(plan, "item_validity") == {("Index Only Scan", "item_validity_page")}
    assert scans(plan, "dataset_item") <= {("Index Scan", "dataset_item_pkey")}
    assert scans(plan, "item_version") <= {("Index Scan", "item_version_pkey")}
    assert all(each["Heap Fetches"] == 0 for each in nodes(plan, "item_validity"))
    assert plan.rows_read("dataset_item") + plan.rows_read("item_version") <= 2 * rows
    assert "Seq Scan" not in plan.types()


@pytest.mark.parametrize("revision", [2, CREATED // 2, CREATED, PATCHED - N // 2, PATCHED, LAST - N // 2, LAST])
@pytest.mark.parametrize("limit", [1, 100])
def test_the_first_page_of_a_past_list_is_read_from_its_index(
    filled: Filled, mode: str, revision: int, limit: int
) -> None:
    plan = plan_of(as_of.PAGE_FROM_NEWEST, filled.past(revision, limit=limit), mode)

    reads_only_the_page(plan, rows=limit)
    # The three versions of an item are adjacent, and at most one of them is listed (none for every eleventh item);
    # items created later are not scanned.
    assert plan.rows_read("item_validity") <= 3.5 * limit


def test_a_thousand_rows_of_a_past_list_are_read_from_its_index(filled: Filled, mode: str) -> None:
    plan = plan_of(as_of.PAGE_FROM_NEWEST, filled.past(PATCHED, limit=1000), mode)

    reads_only_the_page(plan, rows=1000)
    assert plan.rows_read("item_validity") <= 3000


@pytest.mark.parametrize("end", ["newest", "oldest"])
@pytest.mark.parametrize("offset", [1000, N // 2 - 100])
def test_a_deep_page_of_a_past_list_scans_only_the_index_from_either_end(
    filled: Filled, mode: str, end: str, offset: int
) -> None:
    statement = {"newest": as_of.PAGE_FROM_NEWEST, "oldest": as_of.PAGE_FROM_OLDEST}[end]

    plan = plan_of(statement, filled.past(PATCHED - 5, limit=100, offset=offset), mode)

    reads_only_the_page(plan, rows=100)
    (walk,) = nodes(plan, "item_validity")
    assert walk["Scan Direction"] == {"newest": "Forward", "oldest": "Backward"}[end]
    assert plan.rows_read("item_validity") <= 3 * (offset + 100)


def test_a_page_of_a_small_datasets_past_is_read_from_its_index(filled: Filled, mode: str) -> None:
    parameters = filled.past(60, limit=100) | {"dataset_id": SMALL}

    plan = plan_of(as_of.PAGE_FROM_NEWEST, parameters, mode)

    reads_only_the_page(plan, rows=100)
    assert plan.rows_read("item_validity") <= 3 * SIZES[SMALL]


def test_the_last_page_is_a_short_scan(filled: Filled) -> None:
    snapshot = snapshots.Snapshot(PATCHED, N, time_of(PATCHED))

    rows = as_of.page_as_of(filled.team, LARGE, snapshot, limit=100, offset=N - 50)

    assert len(rows) == 50
    plan = plan_of(as_of.PAGE_FROM_OLDEST, filled.past(PATCHED, limit=50), "force_generic_plan")
    assert plan.rows_read("item_validity") <= 150


# --- One item --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_a_version_is_found_by_its_key(filled: Filled, mode: str, version: int) -> None:
    plan = plan_of(as_of.FIND_VERSION, filled.parameters(version=version), mode)

    assert scans(plan, "dataset_item") == {("Index Scan", "dataset_item_pkey")}
    assert scans(plan, "item_version") == {("Index Scan", "item_version_pkey")}
    assert plan.rows_read("item_version") <= 1


@pytest.mark.parametrize("revision", [2, CREATED, PATCHED, LAST])
def test_the_version_of_a_revision_is_found_by_its_key(filled: Filled, mode: str, revision: int) -> None:
    plan = plan_of(as_of.VERSION_AT_REVISION, filled.parameters(revision=revision), mode)

    assert scans(plan, "dataset_item") == {("Index Scan", "dataset_item_pkey")}
    assert scans(plan, "item_validity") == {("Index Only Scan", "item_validity_page")}
    assert plan.rows_read("item_validity") <= 3


@pytest.mark.parametrize(("limit", "offset"), [(100, 0), (1, 0), (100, 1), (100, 10**6)])
def test_versions_of_an_item_are_found_by_their_key(filled: Filled, mode: str, limit: int, offset: int) -> None:
    plan = plan_of(versions.LIST_VERSIONS, filled.parameters(limit=limit, offset=offset), mode)

    assert scans(plan, "dataset_item") == {("Index Scan", "dataset_item_pkey")}
    assert {index for _, index in scans(plan, "item_version")} == {"item_version_pkey"}
    assert scans(plan, "dataset_change") == {("Index Scan", "dataset_change_pkey")}
    assert plan.rows_read("item_version") <= 2
    assert plan.rows_read("dataset_change") <= 3


# --- Revisions and changes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("revision", [1, PATCHED, LAST + 1])
def test_a_revision_is_found_by_its_key(filled: Filled, mode: str, revision: int) -> None:
    plan = plan_of(snapshots.BY_NUMBER, filled.parameters(revision=revision), mode)

    assert scans(plan, "dataset_change") == {("Index Scan", "dataset_change_pkey")}
    assert plan.rows_read("dataset_change") <= 1


def test_a_tagged_revision_is_found_by_its_key(filled: Filled, mode: str) -> None:
    plan = plan_of(snapshots.BY_TAG, filled.parameters(tag="golden"), mode)

    assert scans(plan, "dataset_change") == {("Index Scan", "dataset_change_pkey")}
    assert plan.rows_read("dataset_change") == 1


@pytest.mark.parametrize("seconds", [0, 1, PATCHED, 10**9])
def test_the_revision_of_a_time_is_read_from_the_index_of_times(filled: Filled, mode: str, seconds: int) -> None:
    plan = plan_of(snapshots.BY_TIME, filled.parameters(time=START + timedelta(seconds=seconds)), mode)

    assert scans(plan, "dataset_change") == {("Index Scan", "dataset_change_time")}
    assert plan.rows_read("dataset_change") <= 1


@pytest.mark.parametrize("offset", [0, 100, PATCHED, LAST - 10, LAST + 10])
@pytest.mark.parametrize("limit", [1, 100, 1000])
def test_any_page_of_revisions_is_as_cheap_as_the_first(filled: Filled, mode: str, limit: int, offset: int) -> None:
    plan = plan_of(snapshots.LIST_REVISIONS, filled.parameters(limit=limit, offset=offset), mode)

    assert scans(plan, "dataset_change") <= {("Index Scan", "dataset_change_pkey")}
    assert plan.rows_read("dataset_change") <= limit
    # Only the tags of each revision are sorted.
    assert all(each["Sort Key"] == ['((t.name)::text) COLLATE "C"'] for each in plan.nodes if "Sort Key" in each)


@pytest.mark.parametrize("position", [feed.END_OF_REVISION, 0])
@pytest.mark.parametrize("revision", [0, 1, CREATED, PATCHED, LAST - 1, LAST])
@pytest.mark.parametrize("limit", [2, 101, 1001])
def test_any_page_of_the_feed_is_as_cheap_as_the_first(
    filled: Filled, mode: str, limit: int, revision: int, position: int
) -> None:
    plan = plan_of(feed.LIST_ENTRIES, filled.parameters(revision=revision, position=position, limit=limit), mode)

    assert scans(plan, "dataset_change") == {("Index Scan", "dataset_change_pkey")}
    assert scans(plan, "dataset_item") == {("Index Scan", "dataset_item_pkey")}
    assert scans(plan, "item_version") == {("Index Scan", "item_version_pkey")}
    # One more row has the message of a revision that began on an earlier page.
    assert plan.rows_read("dataset_change") <= limit + 1
    assert plan.rows_read("dataset_item") + plan.rows_read("item_version") <= 2 * limit


@pytest.mark.parametrize(("since", "until"), [(LAST - 50, LAST), (PATCHED, PATCHED + 50), (50, 1)])
def test_a_diff_costs_as_much_as_there_were_changes(filled: Filled, mode: str, since: int, until: int) -> None:
    plan = plan_of(diff.COUNT_DIFFERENCES, filled.parameters(f=since, t=until), mode)

    for table in ("item_validity", "item_version", "dataset_item"):
        assert {index for _, index in scans(plan, table)} <= {"item_validity_page", f"{table}_pkey"}
    assert {index for _, index in scans(plan, "dataset_change")} <= {"dataset_change_pkey", None}
    assert plan.rows_read("dataset_change") <= 50
    assert {index for _, index in scans(plan, "item_validity")} == {"item_validity_page"}


@pytest.mark.parametrize(("since", "until"), [(0, LAST), (LAST, 0), (PATCHED, LAST), (CREATED, PATCHED)])
@pytest.mark.parametrize("key_revision", [2**62, LAST - N // 4, PATCHED - N // 2, N // 2])
@pytest.mark.parametrize("is_backwards", [False, True])
def test_any_page_of_a_diff_is_as_cheap_as_the_first(
    filled: Filled, mode: str, since: int, until: int, key_revision: int, is_backwards: bool
) -> None:
    lower, upper = sorted((since, until))
    key = min(max(key_revision, lower), upper)
    statement = diff.diff_page_sql(Cursor((key, 0), is_backwards), diff.PAGE_CONTENT)
    parameters = filled.parameters(
        f=since, t=until, changes=list(diff.CHANGES), key_revision=key, key_position=0, limit=100
    )

    plan = plan_of(statement, parameters, mode)

    assert scans(plan, "dataset_change") <= {
        (kind, "dataset_change_pkey") for kind in ("Index Scan", "Index Only Scan")
    }
    assert scans(plan, "item_validity") == {("Index Only Scan", "item_validity_page")}
    for table in ("item_version", "dataset_item"):
        assert scans(plan, table) == {("Index Scan", f"{table}_pkey")}
    # Those of the page, and as many more as one statement may pass over.
    assert plan.rows_read("dataset_change") <= 2 * diff.MAX_SCANNED
    assert plan.rows_read("dataset_item") <= 4 * diff.MAX_SCANNED


# --- Exports ---------------------------------------------------------------------------------------------------------


def of_export(filled: Filled, revision: int, *, place: int) -> dict[str, Any]:
    """A batch after an item in the middle, or from the start."""
    past = filled.past(revision, limit=100)
    return past | batches.START_KEY | ({"created_at": time_of(place)} if place else {}) | {"bytes": batches.BATCH_BYTES}


@pytest.mark.parametrize(
    "select",
    [text_files.JSON_LINES.whole, text_files.CSV_LINES.whole, parquet_file.ROWS.whole],
    ids=["jsonl", "csv", "parquet"],
)
@pytest.mark.parametrize("place", [0, N // 2, N - 50])
def test_a_batch_of_current_items_is_one_scan_of_the_page_index(
    filled: Filled, mode: str, select: str, place: int
) -> None:
    plan = plan_of(select, of_export(filled, LAST, place=place), mode)

    assert scans(plan, "dataset_item") == {("Index Scan", "dataset_item_page")}
    assert plan.rows_read("dataset_item") <= 101
    assert plan.rows_read("item_validity") == plan.rows_read("item_version") == 0


@pytest.mark.parametrize("revision", [CREATED, PATCHED - N // 2, PATCHED, LAST - 5])
@pytest.mark.parametrize("place", [0, N // 2])
def test_a_batch_of_the_past_reads_validities_beside_its_rows(
    filled: Filled, mode: str, revision: int, place: int
) -> None:
    plan = plan_of(text_files.JSON_LINES.whole, of_export(filled, revision, place=place), mode)

    assert scans(plan, "item_validity") == {("Index Only Scan", "item_validity_page")}
    assert scans(plan, "dataset_item") == {("Index Scan", "dataset_item_page")}
    assert scans(plan, "item_version") <= {("Index Scan", "item_version_pkey")}
    assert plan.rows_read("item_version") <= 101
    if revision == LAST - 5:
        # Reads the three versions of each item in the batch, and no more.
        assert plan.rows_read("item_validity") <= 400
