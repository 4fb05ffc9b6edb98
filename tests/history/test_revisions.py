"""The list of a dataset's revisions, and the header that names the one a write made."""

from typing import Any

import pytest

from items.models import DatasetChange
from tests.history.scene import NOWHERE, Body, Scene, created, needs_scope_to_read, shown, unknown
from tests.items.rows import dataset

REVISION_KEYS = ["revision", "created_at", "created_by", "created", "updated", "archived", "restored", "tags"]


def counts(revision: Body) -> tuple[int, int, int, int]:
    return revision["created"], revision["updated"], revision["archived"], revision["restored"]


def test_revisions_are_listed_newest_first(scene: Scene) -> None:
    made = scene.new_item()
    scene.patch(made, input=1)
    scene.archive(made)
    scene.restore(made)
    scene.rename("renamed")

    page = shown(scene.api.get(scene.path("revisions/")))

    assert (page["count"], page["next"], page["previous"]) == (6, None, None)
    assert all(list(each) == REVISION_KEYS for each in page["results"])
    assert [(each["revision"], counts(each)) for each in page["results"]] == [
        (6, (0, 0, 0, 0)),
        (5, (0, 0, 0, 1)),
        (4, (0, 0, 1, 0)),
        (3, (0, 1, 0, 0)),
        (2, (1, 0, 0, 0)),
        (1, (0, 0, 0, 0)),
    ]


def test_a_new_dataset_is_at_revision_one(scene: Scene) -> None:
    answer = scene.api.post(scene.datasets, {"name": "new"})

    assert (answer.headers["Dataset-Revision"], answer.headers["ETag"]) == ("1", '"1"')
    (revision,) = scene.revisions(created(answer))
    assert (revision["revision"], revision["created_at"]) == (1, answer.json()["updated_at"])


def test_a_revision_says_who_made_it(scene: Scene) -> None:
    made = scene.new_item(by=scene.colleague)
    scene.patch(made, input=1)
    shown(scene.colleague.patch(scene.path(), {"name": "renamed"}))

    authors = [each["created_by"]["email"] for each in scene.revisions()]

    assert authors == ["colleague@example.com", "owner@example.com", "colleague@example.com", "owner@example.com"]


def test_a_revision_without_an_author_has_none(scene: Scene) -> None:
    DatasetChange.objects.update(created_by_id=None)

    assert scene.revisions()[0]["created_by"] is None


def test_a_move_is_one_revision_in_each_dataset(scene: Scene) -> None:
    other = scene.new_dataset()
    made = scene.new_item()
    scene.move(made, other)

    assert [counts(each) for each in scene.revisions()] == [(0, 1, 0, 0), (1, 0, 0, 0), (0, 0, 0, 0)]
    assert [counts(each) for each in scene.revisions(other)] == [(0, 1, 0, 0), (0, 0, 0, 0)]


def test_a_fork_is_one_revision(scene: Scene) -> None:
    for number in range(3):
        scene.new_item(input=number)

    fork = created(scene.api.post(scene.path("fork/"), {"name": "fork"}))

    assert [(each["revision"], counts(each)) for each in scene.revisions(fork)] == [(1, (3, 0, 0, 0))]


def test_revisions_show_their_tags_in_order(scene: Scene) -> None:
    scene.new_item()
    for name, revision in (("beta", 2), ("alpha", 2), ("first", 1)):
        scene.tag(name, revision)

    assert [each["tags"] for each in scene.revisions()] == [["alpha", "beta"], ["first"]]


def test_tags_of_other_datasets_are_not_shown(scene: Scene) -> None:
    scene.tag("elsewhere", 1, of=scene.new_dataset())

    assert scene.revisions()[0]["tags"] == []


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_revisions_come_in_pages(scene: Scene, limit: int) -> None:
    for number in range(6):
        scene.new_item(input=number)

    seen, url = [], scene.path(f"revisions/?limit={limit}")
    while url:
        page = shown(scene.api.get(url))
        assert page["count"] == 7
        seen += [each["revision"] for each in page["results"]]
        url = page["next"]

    assert seen == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("offset", [1, 1000, 10**30])
def test_a_page_of_revisions_past_the_end_is_empty(scene: Scene, offset: int) -> None:
    page = shown(scene.api.get(scene.path(f"revisions/?offset={offset}")))

    assert (page["count"], page["results"]) == (1, [])


# --- The header ------------------------------------------------------------------------------------------------------


def test_every_write_names_its_revision(scene: Scene) -> None:
    made = scene.new_item()
    writes: list[tuple[str, str, Any]] = [
        ("POST", scene.items, {"dataset": scene.dataset["id"]}),
        ("PATCH", scene.item_path(made), {"input": 1}),
        ("PUT", scene.item_path(made), {"dataset": scene.dataset["id"], "input": 2}),
        ("POST", scene.item_path(made, "archive/"), None),
        ("POST", scene.item_path(made, "restore/"), None),
        ("PATCH", scene.path(), {"name": "a"}),
        ("PUT", scene.path(), {"name": "b"}),
    ]

    named = [int(scene.api.ask(*write).headers["Dataset-Revision"]) for write in writes]

    assert named == [3, 4, 5, 6, 7, 8, 9]
    assert scene.head() == 9


def test_a_write_without_effect_names_the_present_revision(scene: Scene) -> None:
    made = scene.new_item()
    scene.new_item()
    writes: list[tuple[str, str, Any]] = [
        ("PATCH", scene.item_path(made), {}),
        ("PUT", scene.item_path(made), {"dataset": scene.dataset["id"]}),
        ("POST", scene.item_path(made, "restore/"), None),
        ("PATCH", scene.path(), {"name": "Golden set"}),
        ("PUT", scene.path(), {"name": "Golden set"}),
    ]

    named = [scene.api.ask(*write).headers["Dataset-Revision"] for write in writes]

    assert named == ["3"] * 5
    assert scene.head() == 3


def test_a_move_names_the_revision_of_the_dataset_it_leads_to(scene: Scene) -> None:
    other = scene.new_dataset()
    made = [scene.new_item() for _ in range(3)]

    answer = scene.api.patch(scene.item_path(made[0]), {"dataset": other["id"]})

    assert answer.headers["Dataset-Revision"] == "2"


def test_a_list_of_a_dataset_names_its_revision_and_one_of_a_project_none(scene: Scene) -> None:
    scene.new_item()

    assert scene.page().headers["Dataset-Revision"] == "2"
    everything = scene.api.get(scene.items)
    assert "Dataset-Revision" not in everything.headers
    assert "ETag" not in everything.headers


# --- Refusals --------------------------------------------------------------------------------------------------------


def test_revisions_of_an_unknown_dataset_are_not_found(scene: Scene) -> None:
    elsewhere = [dataset(scene.people.foreign_project).id, dataset(scene.people.sibling).id]

    for dataset_id in (NOWHERE, "abc", *elsewhere):
        unknown(scene.api.get(f"{scene.datasets}{dataset_id}/revisions/"))


def test_revisions_of_a_deleted_dataset_can_be_read(scene: Scene) -> None:
    shown(scene.api.patch(scene.path(), {"deleted": True}))

    assert [each["revision"] for each in scene.revisions()] == [2, 1]


def test_both_prefixes_show_the_same_revisions(scene: Scene) -> None:
    bodies = {answer.content for answer in scene.spellings("revisions")}

    assert len(bodies) == 1


def test_reading_revisions_takes_the_scope_to_read(scene: Scene) -> None:
    needs_scope_to_read(scene, scene.path("revisions/"))
