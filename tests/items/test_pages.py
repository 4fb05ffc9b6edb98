"""Pages of items: the same rows and counts however they are read, and the links between them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from items import queries
from items.models import DatasetHead, DatasetItem, ItemValidity
from items.queries import PAGE_COLUMNS, ProjectItems
from items.rows import DatasetRow
from tests.api import Api
from tests.people import People, key
from tests.rows import dataset, head, item, stored

pytestmark = pytest.mark.django_db

START = datetime(2025, 1, 1, tzinfo=UTC)
ID = PAGE_COLUMNS.index("id")


@pytest.fixture(params=[2, 10**9], ids=["deep", "near"])
def depth(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat offsets beyond 2 as deep, or none."""
    monkeypatch.setattr(queries, "DEEP_OFFSET", request.param)


class PagedDatasets:
    """Two datasets with items of all three states of `deleted`, some of equal time; and one of another project."""

    def __init__(self, *, items: int = 24) -> None:
        self.people = people = People()
        self.project = people.project
        self.first, self.second = dataset(self.project), dataset(self.project)
        self.empty = dataset(self.project)
        abroad = dataset(people.foreign_project)
        for number in range(items):
            # Two of three go into the first; some ids are not in the order of time.
            into = self.first if number % 3 else self.second
            made = item(into, deleted=[False, None, False, True][number % 4])
            created_at = START + timedelta(seconds=(number * 7 % items) // 3)
            DatasetItem.objects.filter(id=made.id).update(created_at=created_at)
            ItemValidity.objects.filter(item_id=made.id).update(created_at=created_at)
            item(abroad)
        self.path = f"/api/projects/{self.project.id}/dataset_items/"
        self.api = Api(key(people.colleague))

    def naive(self, of: DatasetRow | None = None) -> list[UUID]:
        rows = DatasetItem.objects.filter(team_id=self.project.id).exclude(deleted=True)
        if of:
            rows = rows.filter(dataset_id=of.id)
        return list(rows.order_by("-created_at", "id").values_list("id", flat=True))

    def page(self, of: DatasetRow | None, *, limit: int, offset: int) -> tuple[int, list[UUID]]:
        """Return the count and the ids; check them with the stored head, since both come from one statement."""
        found, rows = ProjectItems(self.project.id).page(dataset_id=of and of.id, limit=limit, offset=offset)
        if of:
            kept = head(of)
            assert found == (kept.item_count, kept.revision, kept.touch_count)
        return found.item_count, [UUID(row[ID]) for row in rows]

    def count(self, of: DatasetRow | None = None) -> int:
        query = f"?dataset={of.id}" if of else ""
        page = self.api.get(f"{self.path}{query}").json()
        assert page["count"] == len(page["results"]) == len(self.naive(of))
        return int(page["count"])


# --- The rows --------------------------------------------------------------------------------------------------------


def test_every_page_from_every_offset_matches_a_naive_query(depth: None) -> None:
    datasets_with_items = PagedDatasets()

    for of in (None, datasets_with_items.first, datasets_with_items.second, datasets_with_items.empty):
        expected = datasets_with_items.naive(of)
        for offset in [*range(len(expected) + 3), len(expected) * 2, 10**6, 2**62]:
            for limit in (1, 2, 3, 7, len(expected) or 1, 1000):
                found = datasets_with_items.page(of, limit=limit, offset=offset)

                assert found == (len(expected), expected[offset : offset + limit]), (offset, limit)


@pytest.mark.parametrize("items", [1, 2, 3, 4, 5])
def test_a_handful_of_items_is_paged_like_many(items: int, depth: None) -> None:
    datasets_with_items = PagedDatasets(items=items)
    expected = datasets_with_items.naive()

    for offset in range(items + 3):
        for limit in range(1, items + 3):
            assert datasets_with_items.page(None, limit=limit, offset=offset)[1] == expected[offset : offset + limit]


def test_following_all_links_shows_each_item_once(depth: None) -> None:
    datasets_with_items = PagedDatasets()

    for query in ("", f"dataset={datasets_with_items.first.id}&"):
        for limit in (1, 4, 5):
            seen = list(walk(datasets_with_items.api, f"{datasets_with_items.path}?{query}limit={limit}"))

            assert seen == [
                str(each) for each in datasets_with_items.naive(datasets_with_items.first if query else None)
            ]


def walk(api: Api, url: str | None) -> Iterator[str]:
    while url:
        page = api.get(url.removeprefix("http://testserver")).json()
        yield from (row["id"] for row in page["results"])
        url = page["next"]


def test_deep_pages_have_complete_rows(depth: None) -> None:
    datasets_with_items = PagedDatasets()
    everything = datasets_with_items.api.get(f"{datasets_with_items.path}?limit=1000").json()["results"]

    for offset in (0, 5, len(everything) - 2):
        page = datasets_with_items.api.get(f"{datasets_with_items.path}?limit=2&offset={offset}").json()

        assert page["results"] == everything[offset : offset + 2]


def test_a_page_has_nothing_of_another_project(depth: None) -> None:
    datasets_with_items = PagedDatasets()

    for offset in (0, 3, 10):
        rows = datasets_with_items.api.get(f"{datasets_with_items.path}?offset={offset}").json()["results"]

        assert {row["team"] for row in rows} == {datasets_with_items.project.id}


def test_a_page_is_capped_at_a_thousand_rows() -> None:
    datasets_with_items = PagedDatasets(items=1)
    DatasetItem.objects.bulk_create(
        DatasetItem(
            team_id=datasets_with_items.project.id,
            dataset_id=datasets_with_items.first.id,
            created_at=START,
            updated_at=START,
        )
        for _ in range(1005)
    )
    DatasetHead.objects.filter(dataset_id=datasets_with_items.first.id).update(item_count=1005)

    for limit in ("1001", "5000", str(2**63), "9" * 40):
        page = datasets_with_items.api.get(
            f"{datasets_with_items.path}?dataset={datasets_with_items.first.id}&limit={limit}"
        ).json()

        assert (page["count"], len(page["results"])) == (1005, 1000)
        assert page["next"].endswith("&limit=1000&offset=1000")
    rest = datasets_with_items.api.get(
        f"{datasets_with_items.path}?dataset={datasets_with_items.first.id}&limit=1000&offset=1004"
    ).json()
    assert len(rest["results"]) == 1


# --- The count -------------------------------------------------------------------------------------------------------


def test_creating_counts_except_for_deleted_items() -> None:
    datasets_with_items = PagedDatasets()
    before = datasets_with_items.count(), datasets_with_items.count(datasets_with_items.first)

    for deleted in (False, None, True, "absent"):
        body = {"dataset": str(datasets_with_items.first.id)} | ({} if deleted == "absent" else {"deleted": deleted})
        assert datasets_with_items.api.post(datasets_with_items.path, body).status_code == 201

    assert (datasets_with_items.count(), datasets_with_items.count(datasets_with_items.first)) == (
        before[0] + 3,
        before[1] + 3,
    )


@pytest.mark.parametrize("was", [False, None, True])
@pytest.mark.parametrize("becomes", [False, None, True, "yes", "off", "", 0, 1])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_every_change_of_deleted_is_counted(method: str, was: Any, becomes: Any) -> None:
    datasets_with_items = PagedDatasets(items=4)
    target = item(datasets_with_items.first, deleted=was)
    before = datasets_with_items.count(datasets_with_items.first)
    is_live = becomes not in (True, "yes", 1)

    body = {"dataset": str(datasets_with_items.first.id), "deleted": becomes}
    assert datasets_with_items.api.ask(method, f"{datasets_with_items.path}{target.id}/", body).status_code == 200

    assert datasets_with_items.count(datasets_with_items.first) == before + is_live - (was is not True)
    assert datasets_with_items.count() == datasets_with_items.count(
        datasets_with_items.first
    ) + datasets_with_items.count(datasets_with_items.second)


@pytest.mark.parametrize("was", [False, None, True])
@pytest.mark.parametrize("becomes", ["absent", False, None, True])
def test_a_move_moves_the_count(was: Any, becomes: Any) -> None:
    datasets_with_items = PagedDatasets()
    target = item(datasets_with_items.first, deleted=was)
    first, second = (
        datasets_with_items.count(datasets_with_items.first),
        datasets_with_items.count(datasets_with_items.second),
    )
    after = was if becomes == "absent" else becomes

    body = {"dataset": str(datasets_with_items.second.id)} | ({} if becomes == "absent" else {"deleted": becomes})
    moved = datasets_with_items.api.patch(f"{datasets_with_items.path}{target.id}/", body)

    assert moved.json()["dataset"] == str(datasets_with_items.second.id)
    assert datasets_with_items.count(datasets_with_items.first) == first - (was is not True)
    assert datasets_with_items.count(datasets_with_items.second) == second + (after is not True)
    assert datasets_with_items.count() == datasets_with_items.count(
        datasets_with_items.first
    ) + datasets_with_items.count(datasets_with_items.second)


def test_a_form_without_deleted_keeps_the_count() -> None:
    datasets_with_items = PagedDatasets()
    before = datasets_with_items.count(datasets_with_items.first)
    form = "application/x-www-form-urlencoded"

    made = datasets_with_items.api.post(
        datasets_with_items.path, f"dataset={datasets_with_items.first.id}", content_type=form
    ).json()
    datasets_with_items.api.put(
        f"{datasets_with_items.path}{made['id']}/", f"dataset={datasets_with_items.first.id}", content_type=form
    )

    assert made["deleted"] is False
    assert datasets_with_items.count(datasets_with_items.first) == before + 1


def test_a_rejected_write_keeps_the_count() -> None:
    datasets_with_items = PagedDatasets()
    target = item(datasets_with_items.first)
    before = datasets_with_items.count(datasets_with_items.first), head(datasets_with_items.first).revision

    for body in (
        {"deleted": "perhaps"},
        {"deleted": True, "ref_trace_id": "x" * 256},
        {"deleted": True, "dataset": None},
    ):
        assert datasets_with_items.api.patch(f"{datasets_with_items.path}{target.id}/", body).status_code == 400

    assert (datasets_with_items.count(datasets_with_items.first), head(datasets_with_items.first).revision) == before


def test_a_write_without_effect_is_a_touch_and_keeps_count_and_revision() -> None:
    datasets_with_items = PagedDatasets()
    target = item(datasets_with_items.first, output="1")
    before, was = head(datasets_with_items.first), stored(datasets_with_items.first, target.id)

    for touch_count, body in enumerate(
        ({}, {"output": 1}, {"deleted": False, "dataset": str(datasets_with_items.first.id)}), 1
    ):
        assert datasets_with_items.api.patch(f"{datasets_with_items.path}{target.id}/", body).status_code == 200

        now, is_now = head(datasets_with_items.first), stored(datasets_with_items.first, target.id)
        assert (now.item_count, now.revision, now.changed_at) == (before.item_count, before.revision, before.changed_at)
        assert now.touch_count == before.touch_count + touch_count
        assert (is_now.version, is_now.revision) == (was.version, was.revision)
        assert is_now.updated_at > was.updated_at


def test_items_of_a_soft_deleted_dataset_stay_counted_and_listed() -> None:
    datasets_with_items = PagedDatasets()
    before = datasets_with_items.count(), datasets_with_items.count(datasets_with_items.first)
    datasets = datasets_with_items.path.replace("dataset_items", "datasets")

    assert (
        datasets_with_items.api.patch(f"{datasets}{datasets_with_items.first.id}/", {"deleted": True}).status_code
        == 200
    )

    assert (datasets_with_items.count(), datasets_with_items.count(datasets_with_items.first)) == before


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "deleted", "move", "touch"]), st.integers(0, 5), st.sampled_from([True, False, None])
    ),
    max_size=12,
)


def test_after_any_series_of_writes_count_and_pages_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "DEEP_OFFSET", 2)
    datasets_with_items = PagedDatasets(items=6)
    both = (datasets_with_items.first, datasets_with_items.second)

    @given(steps=STEPS)
    @settings(max_examples=30, deadline=None, database=None)
    def holds(steps: list[tuple[str, int, bool | None]]) -> None:
        with transaction.atomic():
            ids = list(DatasetItem.objects.in_project(datasets_with_items.project.id).values_list("id", flat=True))
            for kind, number, deleted in steps:
                into = str(both[number % 2].id)
                body = {"create": {"dataset": into, "deleted": deleted}, "deleted": {"deleted": deleted}}.get(
                    kind, {"dataset": into} if kind == "move" else {}
                )
                if kind == "create":
                    datasets_with_items.api.post(datasets_with_items.path, body)
                else:
                    datasets_with_items.api.patch(f"{datasets_with_items.path}{ids[number]}/", body)
            for of in (None, *both):
                expected = datasets_with_items.naive(of)
                for offset in range(len(expected) + 2):
                    assert datasets_with_items.page(of, limit=3, offset=offset) == (
                        len(expected),
                        expected[offset : offset + 3],
                    )
            transaction.set_rollback(True)

    holds()


# --- The links -------------------------------------------------------------------------------------------------------


def test_links_lead_forward_until_the_end_and_back_until_the_start() -> None:
    datasets_with_items = PagedDatasets()
    here = f"http://testserver{datasets_with_items.path}"
    total = datasets_with_items.count()

    for limit in (1, 5, total, 1000):
        for offset in (0, 1, 4, limit, total - 1, total, total + 1, 10**6, 10**30):
            page = datasets_with_items.api.get(f"{datasets_with_items.path}?limit={limit}&offset={offset}").json()

            back = f"&offset={offset - limit}" if offset > limit else ""
            assert page["count"] == total
            assert page["next"] == (f"{here}?limit={limit}&offset={offset + limit}" if offset + limit < total else None)
            assert page["previous"] == (f"{here}?limit={limit}{back}" if offset else None)


@pytest.mark.parametrize("limit", ["", "0", "-1", "x", "1.5", "1e2", "%00", "%20", "null"])
def test_an_invalid_limit_means_a_hundred(limit: str) -> None:
    datasets_with_items = PagedDatasets()

    page = datasets_with_items.api.get(f"{datasets_with_items.path}?limit={limit}&offset=1").json()

    assert len(page["results"]) == page["count"] - 1
    assert page["previous"] == f"http://testserver{datasets_with_items.path}?limit=100"


@pytest.mark.parametrize("offset", ["", "-1", "x", "1.5", "%00", "0", "9" * 5000])
def test_an_invalid_offset_means_zero(offset: str) -> None:
    datasets_with_items = PagedDatasets()

    page = datasets_with_items.api.get(f"{datasets_with_items.path}?limit=3&offset={offset}").json()

    assert page["previous"] is None
    assert page["next"] == f"http://testserver{datasets_with_items.path}?limit=3&offset=3"


def test_links_keep_path_host_and_parameters_sorted_by_name() -> None:
    datasets_with_items = PagedDatasets()
    project_id, of = datasets_with_items.project.id, datasets_with_items.first.id

    for path in (
        f"/api/projects/{project_id}/dataset_items/",
        f"/api/projects/{project_id}/dataset_items",
        f"/api/environments/00{project_id}/dataset_items.json",
        "/api/projects/@current/dataset_items/",
    ):
        page = datasets_with_items.api.get(
            f"{path}?zeta=1&offset=2&dataset={of}&a=%C3%A9%26&limit=2&zeta=2", headers={"host": "data.example:81"}
        ).json()

        start = f"http://data.example:81{path}?a=%C3%A9%26&dataset={of}&limit=2"
        assert page["next"] == f"{start}&offset=4&zeta=1&zeta=2"
        assert page["previous"] == f"{start}&zeta=1&zeta=2"


def test_a_page_far_past_the_end_is_empty_and_leads_back() -> None:
    datasets_with_items = PagedDatasets()

    page = datasets_with_items.api.get(f"{datasets_with_items.path}?offset=500").json()

    assert page == {
        "count": datasets_with_items.count(),
        "next": None,
        "previous": f"http://testserver{datasets_with_items.path}?limit=100&offset=400",
        "results": [],
    }
