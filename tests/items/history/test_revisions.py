"""The list of a dataset's revisions, and the header that names the revision of a write."""

from typing import Any

import pytest

from items.models import ChangeLogEntry
from tests.dataset_client import NOWHERE, Body, DatasetClient, assert_not_found, created, needs_scope_to_read, ok
from tests.rows import dataset

REVISION_KEYS = [
    "revision",
    "created_at",
    "created_by",
    "created",
    "updated",
    "archived",
    "restored",
    "message",
    "tags",
]


def counts(revision: Body) -> tuple[int, int, int, int]:
    return revision["created"], revision["updated"], revision["archived"], revision["restored"]


def test_revisions_are_listed_newest_first(client: DatasetClient) -> None:
    made = client.new_item()
    client.patch(made, input=1)
    client.archive(made)
    client.restore(made)
    client.rename("renamed")

    page = ok(client.api.get(client.path("revisions/")))

    assert (page["count"], page["next"], page["previous"]) == (4, None, None)
    assert all(list(each) == REVISION_KEYS for each in page["results"])
    assert [(each["revision"], counts(each)) for each in page["results"]] == [
        (4, (0, 0, 0, 1)),
        (3, (0, 0, 1, 0)),
        (2, (0, 1, 0, 0)),
        (1, (1, 0, 0, 0)),
    ]


def test_a_new_dataset_is_at_revision_zero(client: DatasetClient) -> None:
    response = client.api.post(client.datasets, {"name": "new"})

    assert (response.headers["Dataset-Revision"], response.headers["ETag"]) == ("0", '"1"')
    assert client.revisions(created(response)) == []
    assert client.head(response.json()) == 0


def test_a_revision_has_its_author(client: DatasetClient) -> None:
    made = client.new_item(by=client.colleague)
    client.patch(made, input=1)
    ok(client.colleague.patch(client.item_path(made), {"input": 2}))

    authors = [each["created_by"]["email"] for each in client.revisions()]

    assert authors == ["colleague@example.com", "owner@example.com", "colleague@example.com"]


def test_a_revision_without_an_author_has_none(client: DatasetClient) -> None:
    client.new_item()
    ChangeLogEntry.objects.update(created_by_id=None)

    assert client.revisions()[0]["created_by"] is None


def test_a_move_is_one_revision_in_each_dataset(client: DatasetClient) -> None:
    other = client.new_dataset()
    made = client.new_item()
    client.move(made, other)

    assert [counts(each) for each in client.revisions()] == [(0, 1, 0, 0), (1, 0, 0, 0)]
    assert [counts(each) for each in client.revisions(other)] == [(0, 1, 0, 0)]


def test_a_fork_is_one_revision(client: DatasetClient) -> None:
    for number in range(3):
        client.new_item(input=number)

    fork = created(client.api.post(client.path("fork/"), {"name": "fork"}))

    assert [(each["revision"], counts(each)) for each in client.revisions(fork)] == [(1, (3, 0, 0, 0))]


def test_revisions_show_their_tags_in_order(client: DatasetClient) -> None:
    client.new_item()
    client.new_item()
    for name, revision in (("beta", 2), ("alpha", 2), ("first", 1)):
        client.tag(name, revision)

    assert [each["tags"] for each in client.revisions()] == [["alpha", "beta"], ["first"]]


def test_tags_of_other_datasets_are_not_shown(client: DatasetClient) -> None:
    other = client.new_dataset()
    client.new_item()
    client.new_item(other)
    client.tag("elsewhere", 1, of=other)

    assert client.revisions()[0]["tags"] == []


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_revisions_come_in_pages(client: DatasetClient, limit: int) -> None:
    for number in range(6):
        client.new_item(input=number)

    seen, url = [], client.path(f"revisions/?limit={limit}")
    while url:
        page = ok(client.api.get(url))
        assert page["count"] == 6
        seen += [each["revision"] for each in page["results"]]
        url = page["next"]

    assert seen == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("offset", [1, 1000, 10**30])
def test_a_page_of_revisions_past_the_end_is_empty(client: DatasetClient, offset: int) -> None:
    client.new_item()

    page = ok(client.api.get(client.path(f"revisions/?offset={offset}")))

    assert (page["count"], page["results"]) == (1, [])


# --- The header ------------------------------------------------------------------------------------------------------


def test_every_write_names_its_revision(client: DatasetClient) -> None:
    made = client.new_item()
    writes: list[tuple[str, str, Any]] = [
        ("POST", client.items, {"dataset": client.dataset["id"]}),
        ("PATCH", client.item_path(made), {"input": 1}),
        ("PUT", client.item_path(made), {"dataset": client.dataset["id"], "input": 2}),
        ("POST", client.item_path(made, "archive/"), None),
        ("POST", client.item_path(made, "restore/"), None),
        ("PATCH", client.path(), {"name": "a"}),
        ("PUT", client.path(), {"name": "b"}),
    ]

    named = [int(client.api.ask(*write).headers["Dataset-Revision"]) for write in writes]

    assert named == [2, 3, 4, 5, 6, 6, 6]
    assert client.head() == 6


def test_a_write_without_effect_names_the_current_revision(client: DatasetClient) -> None:
    made = client.new_item()
    client.new_item()
    writes: list[tuple[str, str, Any]] = [
        ("PATCH", client.item_path(made), {}),
        ("PUT", client.item_path(made), {"dataset": client.dataset["id"]}),
        ("POST", client.item_path(made, "restore/"), None),
        ("PATCH", client.path(), {"name": "Golden set"}),
        ("PUT", client.path(), {"name": "Golden set"}),
    ]

    named = [client.api.ask(*write).headers["Dataset-Revision"] for write in writes]

    assert named == ["2"] * 5
    assert client.head() == 2


def test_a_move_names_the_revision_of_the_target_dataset(client: DatasetClient) -> None:
    other = client.new_dataset()
    made = [client.new_item() for _ in range(3)]

    response = client.api.patch(client.item_path(made[0]), {"dataset": other["id"]})

    assert response.headers["Dataset-Revision"] == "1"


def test_only_the_list_of_a_single_dataset_names_a_revision(client: DatasetClient) -> None:
    client.new_item()

    assert client.page().headers["Dataset-Revision"] == "1"
    everything = client.api.get(client.items)
    assert "Dataset-Revision" not in everything.headers
    assert "ETag" not in everything.headers


# --- Errors ----------------------------------------------------------------------------------------------------------


def test_revisions_of_an_unknown_dataset_are_not_found(client: DatasetClient) -> None:
    elsewhere = [dataset(client.people.foreign_project).id, dataset(client.people.sibling).id]

    for dataset_id in (NOWHERE, "abc", *elsewhere):
        assert_not_found(client.api.get(f"{client.datasets}{dataset_id}/revisions/"))


def test_revisions_of_a_deleted_dataset_can_be_read(client: DatasetClient) -> None:
    client.new_item()
    ok(client.api.patch(client.path(), {"deleted": True}))

    assert [each["revision"] for each in client.revisions()] == [1]


def test_both_prefixes_show_the_same_revisions(client: DatasetClient) -> None:
    bodies = {response.content for response in client.spellings("revisions")}

    assert len(bodies) == 1


def test_reading_revisions_needs_the_read_scope(client: DatasetClient) -> None:
    needs_scope_to_read(client, client.path("revisions/"))
