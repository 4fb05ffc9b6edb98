"""The number of a project's datasets, which lists do not count."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from items.models import ProjectHead
from tests.dataset_client import DatasetClient, created, ok
from tests.history_check import assert_history_holds
from tests.people import People
from tests.posthog_v2.v2_client import V2Client
from tests.rows import dataset

pytestmark = pytest.mark.django_db


def counts(client: DatasetClient) -> tuple[int, int]:
    """Of live and of archived datasets, as lists tell them, also those of empty pages."""
    told = set()
    for query in ("", "&offset=100", "&limit=1", "&order_by=updated_at"):
        live, archived, together = (
            ok(client.api.get(f"{client.datasets}?deleted={deleted}{query}"))["count"]
            for deleted in ("false", "true", "all")
        )
        assert together == live + archived
        told.add((live, archived))
    [only] = told
    assert_history_holds()
    return only


def test_each_write_of_a_dataset_is_counted(client: DatasetClient) -> None:
    assert counts(client) == (1, 0)

    second = client.new_dataset()
    ok(client.api.patch(client.path(of=second), {"name": "renamed", "deleted": False}))
    ok(client.api.patch(client.path(of=second), {"deleted": None}))
    assert counts(client) == (2, 0)
    client.new_item(second)
    created(client.api.post(client.path("fork/", second), {"name": "fork"}))
    assert counts(client) == (3, 0)

    for _ in range(2):
        ok(client.api.patch(client.path(of=second), {"deleted": True}))
    assert counts(client) == (2, 1)
    ok(client.api.patch(client.path(of=second), {"deleted": False}))
    created(client.api.post(client.datasets, {"name": "gone", "deleted": True}))
    assert counts(client) == (3, 1)
    ok(client.api.post(client.path("erase/", second), {"name": "renamed"}))
    assert counts(client) == (2, 1)
    ok(client.api.post(client.path("erase/", client.dataset), {"name": client.dataset["name"]}))
    assert counts(client) == (1, 1)


def test_a_dry_run_counts_nothing(client: DatasetClient) -> None:
    client.new_item()

    created(client.api.post(client.path("fork/?dry_run=true"), {"name": "fork"}))
    ok(client.api.post(client.path("erase/?dry_run=true"), {"name": client.dataset["name"]}))

    assert counts(client) == (1, 0)


def test_the_later_api_counts_the_same(client: DatasetClient) -> None:
    v2 = V2Client()
    made = v2.new_dataset(name="Second")
    page = f"{v2.datasets}?offset=50"

    ok(v2.api.post(f"{v2.datasets}{made['id']}/archive/"))

    assert [ok(v2.api.get(path))["count"] for path in (v2.datasets, page, f"{page}&archived=true")] == [1, 1, 1]
    assert counts(v2.v1) == (1, 1)


def test_a_project_without_datasets_has_none() -> None:
    people = People()
    client = DatasetClient()

    assert ok(client.api.get(f"/api/projects/{client.people.sibling.id}/datasets/?offset=5"))["count"] == 0
    assert not ProjectHead.objects.filter(team_id=people.project.id).exists()


def test_a_fork_is_counted_last(client: DatasetClient) -> None:
    """Whoever makes a dataset meanwhile waits for the count alone."""
    client.new_item()

    with CaptureQueriesContext(connection) as captured:
        created(client.api.post(client.path("fork/"), {"name": "fork"}))

    written = [each["sql"] for each in captured if "INSERT INTO" in each["sql"]]
    assert ["project_head" in statement for statement in written] == [False] * (len(written) - 1) + [True]


@pytest.mark.django_db(transaction=True)
def test_datasets_made_at_once_are_all_counted() -> None:
    people = People()

    def make(_: Any) -> None:
        dataset(people.project)
        connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make, range(40)))

    assert ProjectHead.objects.get(team_id=people.project.id).dataset_count == 40
    assert_history_holds()
