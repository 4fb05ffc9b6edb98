"""Lists at a revision or at a tag."""

from datetime import UTC, datetime

import pytest

from items.models import DatasetItem, ItemValidity
from tests.api import Api
from tests.dataset_client import KEYS, NOWHERE, PREFIXES, DatasetClient, assert_error, assert_not_found, ok
from tests.people import key
from tests.recorded_lists import BEGINNING_OF_TIME, END_OF_TIME, RecordedLists
from tests.rows import dataset


def test_a_list_is_read_at_every_revision(client: DatasetClient) -> None:
    past = RecordedLists(client)
    other = client.new_dataset()
    first, second = client.new_item(input=1), client.new_item(input=2, deleted=None)
    for write in (
        lambda: client.patch(first, input=3),
        lambda: client.archive(second),
        lambda: client.patch(second, metadata={"while": "archived"}),
        lambda: client.move(first, other),
        lambda: client.restore(second),
        lambda: client.rename("renamed"),
        lambda: client.move(first, client.dataset),
        lambda: client.new_item(deleted=True),
        lambda: client.patch(second, deleted=None),
    ):
        write()
        past.record()

    for revision, expected in past.lists.items():
        response = client.page(f"&revision={revision}")
        assert ok(response) == {"count": len(expected), "next": None, "previous": None, "results": expected}
        assert response.headers["Dataset-Revision"] == str(revision)
    assert max(past.lists) == 10


def test_every_item_of_a_past_list_has_the_thirteen_keys(client: DatasetClient) -> None:
    client.patch(client.new_item(input=1), input=2)

    for item in client.results("&revision=1"):
        assert tuple(item) == KEYS


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_pages_of_a_past_list_show_its_items(client: DatasetClient, limit: int) -> None:
    past = RecordedLists(client, steps=7)
    for number, item in enumerate(past.created):
        if number % 2:
            client.archive(item)
        else:
            client.patch(item, input="new")
    client.new_item()

    for revision in (2, 7):
        expected = past.lists[revision]
        seen, url = [], f"{client.items}?dataset={client.dataset['id']}&revision={revision}&limit={limit}"
        while url:
            page = ok(client.api.get(url))
            assert page["count"] == len(expected)
            assert len(page["results"]) <= limit
            seen += page["results"]
            url = page["next"]
        assert seen == expected


def test_every_offset_of_a_past_list_shows_its_items(client: DatasetClient) -> None:
    past = RecordedLists(client, steps=6)
    for item in past.created:
        client.patch(item, input="new")

    expected = past.lists[6]
    for offset in range(9):
        for limit in range(1, 8):
            page = ok(client.page(f"&revision=6&limit={limit}&offset={offset}"))
            assert (page["count"], page["results"]) == (6, expected[offset : offset + limit])


def test_links_of_a_past_list_stay_in_the_past(client: DatasetClient) -> None:
    RecordedLists(client, steps=3)

    page = ok(client.page("&revision=3&limit=1&offset=1"))

    assert "revision=3" in page["next"]
    assert "revision=3" in page["previous"]


@pytest.mark.parametrize("offset", [3, 10**6, 10**30])
def test_a_page_of_a_past_list_past_the_end_is_empty(client: DatasetClient, offset: int) -> None:
    RecordedLists(client, steps=2)

    page = ok(client.page(f"&revision=2&offset={offset}"))

    assert (page["count"], page["results"]) == (2, [])


def test_items_of_equal_time_are_ordered_by_id(client: DatasetClient) -> None:
    RecordedLists(client, steps=6)
    for model in (DatasetItem, ItemValidity):
        model.objects.update(created_at=datetime(2025, 1, 1, tzinfo=UTC))

    for revision in (4, 6):
        ids = [item["id"] for item in client.results(f"&revision={revision}")]
        assert ids == sorted(ids)
        for offset in range(revision + 1):
            found = client.results(f"&revision={revision}&limit=2&offset={offset}")
            assert [item["id"] for item in found] == ids[offset : offset + 2]


def test_a_tag_names_a_revision(client: DatasetClient) -> None:
    past = RecordedLists(client, steps=2)
    client.tag("release-1", 1)

    response = client.page("&revision=release-1")

    assert ok(response)["results"] == past.lists[1]
    assert response.headers["Dataset-Revision"] == "1"


def test_a_past_list_of_a_deleted_dataset_can_be_read(client: DatasetClient) -> None:
    past = RecordedLists(client, steps=1)
    ok(client.api.patch(client.path(), {"deleted": True}))

    assert client.results("&revision=1") == past.lists[1]


def test_revision_zero_is_the_empty_list(client: DatasetClient) -> None:
    client.new_item()

    response = client.page("&revision=0")

    assert ok(response) == {"count": 0, "next": None, "previous": None, "results": []}
    assert response.headers["Dataset-Revision"] == "0"
    assert ok(client.page("&revision=0&search=a"))["count"] == 0
    assert ok(client.page("&revision=0&cursor="))["results"] == []


def test_leading_zeros_name_the_same_revision(client: DatasetClient) -> None:
    past = RecordedLists(client, steps=1)

    assert client.results(f"&revision={'0' * 30}1") == past.lists[1]


@pytest.mark.parametrize("revision", ["3", "4", "999", str(2**63 - 1), str(2**63), "9" * 255, "no-such-tag", "-1"])
def test_an_unknown_revision_is_not_found(client: DatasetClient, revision: str) -> None:
    RecordedLists(client, steps=2)

    assert_not_found(client.page(f"&revision={revision}"))


@pytest.mark.parametrize("revision", ["A", "a/b", "%00", "a%20b", "1%0A", "é", "x" * 65, "１"])
def test_a_malformed_revision_is_rejected(client: DatasetClient, revision: str) -> None:
    assert_error(client.page(f"&revision={revision}"), 400, "invalid_input", "revision")


def test_a_tag_of_another_dataset_is_unknown(client: DatasetClient) -> None:
    other = client.new_dataset()
    made = client.new_item(other)
    client.tag("golden", 1, of=other)

    assert_not_found(client.page("&revision=golden"))
    assert client.results("&revision=golden", of=other) == [made]


@pytest.mark.parametrize("snapshot", ["revision=0", "revision=A", f"as_of={END_OF_TIME}", "as_of=x"])
def test_a_snapshot_without_a_dataset_is_rejected(client: DatasetClient, snapshot: str) -> None:
    for query in (snapshot, f"{snapshot}&dataset="):
        assert_error(client.api.get(f"{client.items}?{query}"), 400, "required", "dataset")


@pytest.mark.parametrize("snapshot", ["revision=0", f"as_of={END_OF_TIME}", f"as_of={BEGINNING_OF_TIME}", "revision=t"])
def test_a_snapshot_of_an_unknown_dataset_is_rejected(client: DatasetClient, snapshot: str) -> None:
    elsewhere = [dataset(client.people.foreign_project).id, dataset(client.people.sibling).id]

    for dataset_id in (NOWHERE, *elsewhere):
        response = client.api.get(f"{client.items}?dataset={dataset_id}&{snapshot}")
        assert_error(response, 400, "invalid_choice", "dataset")


def test_a_malformed_dataset_is_rejected_first(client: DatasetClient) -> None:
    assert_error(client.api.get(f"{client.items}?dataset=abc&revision=A"), 400, "invalid_input", "dataset")


def test_a_revision_with_a_time_is_rejected(client: DatasetClient) -> None:
    for query in (f"revision=0&as_of={END_OF_TIME}", "revision=A&as_of=x"):
        assert_error(client.page(f"&{query}"), 400, "invalid_input", "as_of")


def test_empty_snapshot_parameters_are_ignored(client: DatasetClient) -> None:
    item = client.new_item()

    assert client.results("&revision=&as_of=") == [item]
    assert ok(client.api.get(f"{client.items}?revision=&as_of="))["results"] == [item]


def test_both_prefixes_show_the_same_past(client: DatasetClient) -> None:
    RecordedLists(client, steps=2)

    for query in ("revision=1", f"as_of={END_OF_TIME}"):
        pages = [
            client.api.get(f"/api/{prefix}/{client.project_id}/dataset_items/?dataset={client.dataset['id']}&{query}")
            for prefix in PREFIXES
        ]
        assert ok(pages[0]) == ok(pages[1])
        assert len(pages[0].json()["results"]) in {1, 2}


def test_reading_a_past_list_needs_the_read_scope(client: DatasetClient) -> None:
    RecordedLists(client, steps=1)
    reader = Api(key(client.people.owner, "dataset:read"))

    assert ok(reader.get(f"{client.items}?dataset={client.dataset['id']}&revision=1"))["count"] == 1


def test_only_members_read_past_lists(client: DatasetClient) -> None:
    path = f"{client.items}?dataset={client.dataset['id']}&revision=0"

    assert client.stranger.get(path).status_code == 403
    assert Api().get(path).status_code == 401


# --- ETags of the past -----------------------------------------------------------------------------------------------


def test_a_past_list_has_an_etag_that_outlives_writes(client: DatasetClient) -> None:
    RecordedLists(client, steps=2)
    tag = client.page("&revision=1").headers["ETag"]
    client.new_item()

    response = client.api.get(
        f"{client.items}?dataset={client.dataset['id']}&revision=1", headers={"If-None-Match": tag}
    )

    assert tag.startswith('W/"')
    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", tag)
    assert response.headers["Dataset-Revision"] == "1"


@pytest.mark.parametrize("snapshot", ["revision=1", "as_of=9999-01-01T00:00:00Z"])
def test_the_etag_of_a_past_list_follows_a_write_without_effect(client: DatasetClient, snapshot: str) -> None:
    item = client.new_item()
    path = f"{client.items}?dataset={client.dataset['id']}&{snapshot}"
    tag = client.api.get(path).headers["ETag"]
    touched = client.patch(item)

    response = client.api.get(path, headers={"If-None-Match": tag})

    assert ok(response)["results"] == [touched]
    assert response.headers["ETag"] != tag


def test_the_etag_of_a_tagged_list_follows_the_tag(client: DatasetClient) -> None:
    RecordedLists(client, steps=2)
    client.tag("newest", 1)
    before = client.page("&revision=newest").headers["ETag"]
    client.tag("newest", 2, force=True)

    assert client.page("&revision=newest").headers["ETag"] != before
