"""The number of a project's datasets, which lists do not count."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.models import ProjectHead
from tests.dataset_client import DatasetClient, created, ok
from tests.history_check import assert_history_holds

pytestmark = pytest.mark.django_db


def counts(client: DatasetClient) -> tuple[int, int]:
    """Return the numbers of live and of archived datasets, which empty pages of lists show too."""
    seen = set()
    for query in ("", "&offset=100", "&limit=1", "&order_by=updated_at"):
        live, archived, together = (
            ok(client.api.get(f"{client.datasets}?deleted={deleted}{query}"))["count"]
            for deleted in ("false", "true", "all")
        )
        assert together == live + archived
        seen.add((live, archived))
    [only] = seen
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
    datasets = f"/v2{client.datasets}"
    second = created(client.api.post(datasets, {"name": "Second"}))

    ok(client.api.post(f"{datasets}{second['id']}/archive/"))

    queries = ("", "?offset=50", "?offset=50&archived=true")
    assert [ok(client.api.get(f"{datasets}{query}"))["count"] for query in queries] == [1, 1, 1]
    assert counts(client) == (1, 1)


def test_a_project_without_datasets_has_none(client: DatasetClient) -> None:
    sibling = client.people.sibling.id

    assert ok(client.api.get(f"/api/projects/{sibling}/datasets/?offset=5"))["count"] == 0
    assert not ProjectHead.objects.filter(team_id=sibling).exists()


def test_a_fork_is_counted_last(client: DatasetClient) -> None:
    """Others that create a dataset meanwhile only wait for the count."""
    client.new_item()

    with CaptureQueriesContext(connection) as captured:
        created(client.api.post(client.path("fork/"), {"name": "fork"}))

    written = [each["sql"] for each in captured if each["sql"].startswith("INSERT")]
    assert ["project_head" in statement for statement in written] == [False] * (len(written) - 1) + [True]
