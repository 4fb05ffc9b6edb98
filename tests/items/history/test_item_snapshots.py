"""Items at a revision, at a tag or at a time."""

from typing import Any

import pytest

from tests.dataset_client import NOWHERE, DatasetClient, assert_error, assert_not_found, ok
from tests.recorded_lists import BEGINNING_OF_TIME, END_OF_TIME


def test_an_item_is_read_at_a_revision(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    client.new_item()
    patched = client.patch(made, input=2)

    responses = {revision: client.item(made, f"?revision={revision}") for revision in (1, 2, 3)}

    assert [ok(each) for each in responses.values()] == [made, made, patched]
    assert [each.headers["ETag"] for each in responses.values()] == ['"1"', '"1"', '"2"']
    assert [each.headers["Dataset-Revision"] for each in responses.values()] == ["1", "2", "3"]


def test_an_item_is_read_at_a_tag_or_a_time(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    time = client.revisions()[0]["created_at"]
    client.tag("first", 1)
    patched = client.patch(made, input=2)

    assert ok(client.item(made, "?revision=first")) == made
    assert ok(client.item(made, f"?as_of={time}")) == made
    assert ok(client.item(made, f"?as_of={END_OF_TIME}")) == patched
    assert_not_found(client.item(made, f"?as_of={BEGINNING_OF_TIME}"))


def test_an_item_is_not_found_at_a_revision_that_does_not_list_it(client: DatasetClient) -> None:
    made = client.new_item()
    client.archive(made)
    restored = client.restore(made)

    assert_not_found(client.item(made, "?revision=0"))
    assert ok(client.item(made, "?revision=1"))["deleted"] is False
    assert_not_found(client.item(made, "?revision=2"))
    assert ok(client.item(made, "?revision=3")) == restored


def test_an_item_deleted_since_is_found_in_the_past(client: DatasetClient) -> None:
    made = client.new_item()
    client.archive(made)

    assert_not_found(client.item(made))
    assert ok(client.item(made, "?revision=1")) == made


def test_a_revision_of_a_moved_item_is_of_its_current_or_the_given_dataset(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    other = client.new_dataset()
    moved = client.move(made, other)

    assert_not_found(client.item(made, "?revision=0"))
    assert ok(client.item(made, "?revision=1")) == moved
    assert_not_found(client.item(made, "?revision=2"))  # the former dataset has this revision, the current one does not
    assert ok(client.item(made, f"?revision=1&dataset={client.dataset['id']}")) == made
    assert_not_found(client.item(made, f"?revision=2&dataset={client.dataset['id']}"))
    assert ok(client.item(made, f"?revision=1&dataset={other['id']}")) == moved


def test_a_past_item_is_not_modified_if_its_version_is_the_same(client: DatasetClient) -> None:
    made = client.new_item()
    client.patch(made, input=2)

    response = client.api.get(client.item_path(made, "?revision=1"), headers={"If-None-Match": '"1"'})

    assert (response.status_code, response.content) == (304, b"")
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"1"', "1")


@pytest.mark.parametrize(
    ("query", "status", "code", "attr"),
    [
        ("revision=9", 404, "not_found", None),
        ("revision=no-such-tag", 404, "not_found", None),
        ("revision=A", 400, "invalid_input", "revision"),
        (f"revision=1&as_of={END_OF_TIME}", 400, "invalid_input", "as_of"),
        (f"revision=1&dataset={NOWHERE}", 400, "invalid_choice", "dataset"),
        ("revision=1&dataset=abc", 400, "invalid_input", "dataset"),
        (f"as_of={BEGINNING_OF_TIME}&dataset={NOWHERE}", 400, "invalid_choice", "dataset"),
    ],
)
def test_invalid_snapshots_of_an_item_are_rejected(
    client: DatasetClient, query: str, status: int, code: str, attr: Any
) -> None:
    made = client.new_item()

    assert_error(client.item(made, f"?{query}"), status, code, attr)
