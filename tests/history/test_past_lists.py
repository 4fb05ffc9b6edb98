"""Lists as they were at a revision or at a tag."""

from datetime import UTC, datetime

import pytest

from items.models import DatasetItem, ItemPresence
from tests.api import Api
from tests.history.past import BEGINNING_OF_TIME, END_OF_TIME, Past
from tests.history.scene import KEYS, NOWHERE, PREFIXES, Scene, refused, shown, unknown
from tests.items.rows import dataset
from tests.people import key


def test_a_list_is_read_as_it_was_at_every_revision(scene: Scene) -> None:
    past = Past(scene)
    other = scene.new_dataset()
    first, second = scene.new_item(input=1), scene.new_item(input=2, deleted=None)
    for write in (
        lambda: scene.patch(first, input=3),
        lambda: scene.archive(second),
        lambda: scene.patch(second, metadata={"while": "archived"}),
        lambda: scene.move(first, other),
        lambda: scene.restore(second),
        lambda: scene.rename("renamed"),
        lambda: scene.move(first, scene.dataset),
        lambda: scene.new_item(deleted=True),
        lambda: scene.patch(second, deleted=None),
    ):
        write()
        past.remember()

    for revision, expected in past.lists.items():
        answer = scene.page(f"&revision={revision}")
        assert shown(answer) == {"count": len(expected), "next": None, "previous": None, "results": expected}
        assert answer.headers["Dataset-Revision"] == str(revision)
    assert max(past.lists) == 12


def test_every_item_of_a_past_list_has_the_thirteen_keys(scene: Scene) -> None:
    scene.patch(scene.new_item(input=1), input=2)

    for item in scene.results("&revision=2"):
        assert tuple(item) == KEYS


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_pages_of_a_past_list_are_those_of_then(scene: Scene, limit: int) -> None:
    past = Past(scene, steps=7)
    for number, item in enumerate(past.made):
        if number % 2:
            scene.archive(item)
        else:
            scene.patch(item, input="new")
    scene.new_item()

    for revision in (3, 8):
        expected = past.lists[revision]
        seen, url = [], f"{scene.items}?dataset={scene.dataset['id']}&revision={revision}&limit={limit}"
        while url:
            page = shown(scene.api.get(url))
            assert page["count"] == len(expected)
            assert len(page["results"]) <= limit
            seen += page["results"]
            url = page["next"]
        assert seen == expected


def test_every_offset_of_a_past_list_shows_what_stood_there(scene: Scene) -> None:
    past = Past(scene, steps=6)
    for item in past.made:
        scene.patch(item, input="new")

    expected = past.lists[7]
    for offset in range(9):
        for limit in range(1, 8):
            page = shown(scene.page(f"&revision=7&limit={limit}&offset={offset}"))
            assert (page["count"], page["results"]) == (6, expected[offset : offset + limit])


def test_links_of_a_past_list_stay_in_the_past(scene: Scene) -> None:
    Past(scene, steps=3)

    page = shown(scene.page("&revision=4&limit=1&offset=1"))

    assert "revision=4" in page["next"]
    assert "revision=4" in page["previous"]


@pytest.mark.parametrize("offset", [3, 10**6, 10**30])
def test_a_page_of_a_past_list_behind_the_end_is_empty(scene: Scene, offset: int) -> None:
    Past(scene, steps=2)

    page = shown(scene.page(f"&revision=3&offset={offset}"))

    assert (page["count"], page["results"]) == (2, [])


def test_items_of_one_moment_stand_in_the_order_of_their_ids(scene: Scene) -> None:
    Past(scene, steps=6)
    for model in (DatasetItem, ItemPresence):
        model.objects.update(created_at=datetime(2025, 1, 1, tzinfo=UTC))

    for revision in (5, 7):
        ids = [item["id"] for item in scene.results(f"&revision={revision}")]
        assert ids == sorted(ids)
        for offset in range(revision):
            found = scene.results(f"&revision={revision}&limit=2&offset={offset}")
            assert [item["id"] for item in found] == ids[offset : offset + 2]


def test_a_tag_names_a_revision(scene: Scene) -> None:
    past = Past(scene, steps=2)
    scene.tag("release-1", 2)

    answer = scene.page("&revision=release-1")

    assert shown(answer)["results"] == past.lists[2]
    assert answer.headers["Dataset-Revision"] == "2"


def test_a_past_list_of_a_deleted_dataset_can_be_read(scene: Scene) -> None:
    past = Past(scene, steps=1)
    shown(scene.api.patch(scene.path(), {"deleted": True}))

    assert scene.results("&revision=2") == past.lists[2]


def test_leading_zeros_name_the_same_revision(scene: Scene) -> None:
    past = Past(scene, steps=1)

    assert scene.results(f"&revision={'0' * 30}2") == past.lists[2]


@pytest.mark.parametrize("revision", ["0", "4", "999", str(2**63 - 1), str(2**63), "9" * 5000, "no-such-tag", "-1"])
def test_an_unknown_revision_is_not_found(scene: Scene, revision: str) -> None:
    Past(scene, steps=2)

    unknown(scene.page(f"&revision={revision}"))


@pytest.mark.parametrize("revision", ["A", "a/b", "%00", "a%20b", "1%0A", "é", "x" * 65, "１"])
def test_a_malformed_revision_is_refused(scene: Scene, revision: str) -> None:
    refused(scene.page(f"&revision={revision}"), 400, "invalid_input", "revision")


def test_a_tag_of_another_dataset_is_unknown(scene: Scene) -> None:
    other = scene.new_dataset()
    scene.tag("golden", 1, of=other)

    unknown(scene.page("&revision=golden"))
    assert scene.results("&revision=golden", of=other) == []


@pytest.mark.parametrize("moment", ["revision=1", "revision=A", f"as_of={END_OF_TIME}", "as_of=x"])
def test_a_moment_without_a_dataset_is_refused(scene: Scene, moment: str) -> None:
    for query in (moment, f"{moment}&dataset="):
        refused(scene.api.get(f"{scene.items}?{query}"), 400, "required", "dataset")


@pytest.mark.parametrize("moment", ["revision=1", f"as_of={END_OF_TIME}", f"as_of={BEGINNING_OF_TIME}", "revision=t"])
def test_a_moment_of_an_unknown_dataset_is_refused(scene: Scene, moment: str) -> None:
    elsewhere = [dataset(scene.people.foreign_project).id, dataset(scene.people.sibling).id]

    for dataset_id in (NOWHERE, *elsewhere):
        answer = scene.api.get(f"{scene.items}?dataset={dataset_id}&{moment}")
        refused(answer, 400, "invalid_choice", "dataset")


def test_a_malformed_dataset_is_refused_first(scene: Scene) -> None:
    refused(scene.api.get(f"{scene.items}?dataset=abc&revision=A"), 400, "invalid_input", "dataset")


def test_a_revision_and_a_time_are_refused(scene: Scene) -> None:
    for query in (f"revision=1&as_of={END_OF_TIME}", "revision=A&as_of=x"):
        refused(scene.page(f"&{query}"), 400, "invalid_input", "as_of")


def test_empty_moments_ask_for_nothing(scene: Scene) -> None:
    item = scene.new_item()

    assert scene.results("&revision=&as_of=") == [item]
    assert shown(scene.api.get(f"{scene.items}?revision=&as_of="))["results"] == [item]


def test_both_prefixes_show_the_same_past(scene: Scene) -> None:
    Past(scene, steps=2)

    for query in ("revision=2", f"as_of={END_OF_TIME}"):
        pages = [
            scene.api.get(f"/api/{prefix}/{scene.project_id}/dataset_items/?dataset={scene.dataset['id']}&{query}")
            for prefix in PREFIXES
        ]
        assert shown(pages[0]) == shown(pages[1])
        assert len(pages[0].json()["results"]) in {1, 2}


def test_reading_the_past_takes_the_scope_to_read(scene: Scene) -> None:
    Past(scene, steps=1)
    reader = Api(key(scene.people.owner, "dataset:read"))

    assert shown(reader.get(f"{scene.items}?dataset={scene.dataset['id']}&revision=2"))["count"] == 1


def test_the_past_of_a_list_is_for_members_alone(scene: Scene) -> None:
    path = f"{scene.items}?dataset={scene.dataset['id']}&revision=1"

    assert scene.stranger.get(path).status_code == 403
    assert Api().get(path).status_code == 401


# --- ETags of the past -----------------------------------------------------------------------------------------------


def test_a_past_list_has_an_etag_that_outlives_writes(scene: Scene) -> None:
    Past(scene, steps=2)
    tag = scene.page("&revision=2").headers["ETag"]
    scene.new_item()

    answer = scene.api.get(f"{scene.items}?dataset={scene.dataset['id']}&revision=2", headers={"If-None-Match": tag})

    assert tag.startswith('W/"')
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert answer.headers["Dataset-Revision"] == "2"


@pytest.mark.parametrize("moment", ["revision=2", "as_of=9999-01-01T00:00:00Z"])
def test_the_etag_of_a_past_list_follows_a_write_without_effect(scene: Scene, moment: str) -> None:
    item = scene.new_item()
    path = f"{scene.items}?dataset={scene.dataset['id']}&{moment}"
    tag = scene.api.get(path).headers["ETag"]
    touched = scene.patch(item)

    answer = scene.api.get(path, headers={"If-None-Match": tag})

    assert shown(answer)["results"] == [touched]
    assert answer.headers["ETag"] != tag


def test_the_etag_of_a_tagged_list_follows_the_tag(scene: Scene) -> None:
    Past(scene, steps=2)
    scene.tag("latest", 2)
    before = scene.page("&revision=latest").headers["ETag"]
    scene.tag("latest", 3, force=True)

    assert scene.page("&revision=latest").headers["ETag"] != before
