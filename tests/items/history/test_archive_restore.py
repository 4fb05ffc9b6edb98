"""Archiving an item, restoring it, and restoring the content of a version."""

from typing import Any

import pytest

from tests.api import FORM, Api
from tests.dataset_client import (
    CONTENT,
    KEYS,
    NOWHERE,
    PREFIXES,
    Body,
    DatasetClient,
    assert_error,
    assert_not_found,
    ok,
)
from tests.people import key
from tests.rows import dataset, item

FULL = {
    "input": {"q": 1},
    "output": "one",
    "metadata": [1],
    "ref_trace_id": "t1",
    "ref_timestamp": "2025-01-01T00:00:00Z",
    "ref_source_id": "s1",
}
EMPTY = dict.fromkeys(FULL)


def content(item: Body) -> Body:
    return {name: item[name] for name in CONTENT}


# --- Archive ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deleted", [False, None])
def test_an_item_is_archived(client: DatasetClient, deleted: Any) -> None:
    made = client.new_item(input=1, deleted=deleted)

    response = client.api.post(client.item_path(made, "archive/"))

    archived = ok(response)
    assert tuple(archived) == KEYS
    assert archived == made | {"deleted": True, "updated_at": archived["updated_at"]}
    assert archived["updated_at"] > made["updated_at"]
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"2"', "2")
    assert_not_found(client.item(made))
    assert ok(client.page())["count"] == 0


def test_archiving_an_archived_item_changes_nothing(client: DatasetClient) -> None:
    made = client.new_item()
    archived = client.archive(made)

    response = client.api.post(client.item_path(made, "archive/"))

    assert ok(response) == archived
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"2"', "2")
    assert (client.head(), len(client.feed()), len(client.versions(made))) == (2, 2, 2)


def test_archiving_nothing_keeps_the_etag_of_the_list(client: DatasetClient) -> None:
    made = client.new_item()
    client.archive(made)
    before = client.page().headers["ETag"]

    client.archive(made)

    assert client.page().headers["ETag"] == before


@pytest.mark.parametrize("body", [None, {}, {"base_version": None}, {"base_version": 1}])
def test_archiving_accepts_a_body_without_content(client: DatasetClient, body: Any) -> None:
    made = client.new_item(input=1)

    archived = ok(client.api.post(client.item_path(made, "archive/"), body))

    assert (archived["deleted"], archived["input"]) == (True, 1)


@pytest.mark.parametrize("name", ["deleted", "input", "source_version", "basev", "expected_output"])
def test_archiving_rejects_unknown_members(client: DatasetClient, name: str) -> None:
    made = client.new_item(input=1)

    assert_error(client.api.post(client.item_path(made, "archive/"), {name: 1}), 400, "unknown_field", name)

    assert client.versions(made)[0]["version"] == 1


@pytest.mark.parametrize("action", ["archive", "restore"])
def test_a_base_version_works_like_if_match(client: DatasetClient, action: str) -> None:
    made = client.new_item(input=1)
    client.patch(made, input=2)
    path = client.item_path(made, f"{action}/")

    for stale in (1, 3, 2**63 - 1):
        error = assert_error(client.api.post(path, {"base_version": stale}), 412, "stale_version")
        assert error["current_version"] == 2
    ok(client.api.post(path, {"base_version": 2}))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [(0, "min_value"), (-1, "min_value"), (2**63, "max_value"), ("x", "invalid_input"), ([2], "invalid_input")],
)
def test_an_invalid_base_version_is_rejected(client: DatasetClient, wrong: Any, code: str) -> None:
    path = client.item_path(client.new_item(), "archive/")

    assert_error(client.api.post(path, {"base_version": wrong}), 400, code, "base_version")


# --- Restore ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [None, {}, {"source_version": None}])
def test_an_archived_item_is_restored(client: DatasetClient, body: Any) -> None:
    made = client.new_item(**FULL)
    client.archive(made)

    response = client.api.post(client.item_path(made, "restore/"), body)

    restored = ok(response)
    assert tuple(restored) == KEYS
    assert restored == made | {"updated_at": restored["updated_at"]}
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"3"', "3")
    assert client.results() == [restored]


@pytest.mark.parametrize("deleted", [False, None])
def test_restoring_a_live_item_changes_nothing(client: DatasetClient, deleted: Any) -> None:
    made = client.new_item(deleted=deleted)

    response = client.api.post(client.item_path(made, "restore/"))

    assert ok(response) == made
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"1"', "1")
    assert (client.head(), len(client.feed()), len(client.versions(made))) == (1, 1, 1)


@pytest.mark.parametrize(("before", "after"), [(FULL, EMPTY), (EMPTY, FULL)])
def test_the_content_of_a_version_becomes_a_new_version(client: DatasetClient, before: Body, after: Body) -> None:
    made = client.new_item(**before)
    client.patch(made, **after)

    response = client.api.post(client.item_path(made, "restore/"), {"source_version": 1})

    restored = ok(response)
    assert content(restored) == before
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"3"', "3")
    assert [content(version) for version in client.versions(made)] == [before, after, before]
    assert client.feed()[-1]["operation"] == "updated"


def test_restoring_a_version_of_an_archived_item_brings_it_back(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    client.patch(made, input=2)
    client.archive(made)

    restored = client.restore(made, source_version=1)

    assert (restored["input"], restored["deleted"]) == (1, False)
    assert client.feed()[-1]["operation"] == "restored"
    assert client.results() == [restored]


def test_restoring_a_version_that_was_archived_itself_brings_the_item_back(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    client.archive(made)

    restored = client.restore(made, source_version=2)

    assert (restored["input"], restored["deleted"]) == (1, False)


@pytest.mark.parametrize("deleted", [False, None])
def test_restoring_the_current_content_changes_nothing(client: DatasetClient, deleted: Any) -> None:
    made = client.new_item(**FULL, deleted=deleted)
    client.patch(made, input="other")
    client.patch(made, input=FULL["input"])

    for version in (1, 3):
        response = client.api.post(client.item_path(made, "restore/"), {"source_version": version})
        assert response.headers["ETag"] == '"3"'
        assert ok(response)["deleted"] is deleted
    assert client.head() == 3


def test_a_version_whose_content_is_restored_is_not_deleted(client: DatasetClient) -> None:
    made = client.new_item(input=1, deleted=None)
    client.patch(made, input=2)

    restored = client.restore(made, source_version=1)

    assert (restored["input"], restored["deleted"]) == (1, False)
    assert client.feed()[-1]["operation"] == "updated"


def test_a_version_from_before_a_move_restores_the_content_but_not_the_dataset(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    other = client.new_dataset()
    client.move(made, other)
    client.patch(made, input=2)

    restored = client.restore(made, source_version=1)

    assert (restored["input"], restored["dataset"]) == (1, other["id"])
    assert client.results() == []


def test_json_of_a_restored_version_is_kept_as_sent(client: DatasetClient) -> None:
    text = '{"b": 1.50, "a": 12345678901234567890123, "b": 1}'
    made = client.api.post(client.items, f'{{"dataset": "{client.dataset["id"]}", "input": {text}}}').json()
    client.patch(made, input=2)

    response = client.api.post(client.item_path(made, "restore/"), {"source_version": 1})

    assert f'"input":{text},' in response.content.decode()


def test_the_user_who_restores_a_version_is_its_author(client: DatasetClient) -> None:
    made = client.new_item()
    client.archive(made)
    ok(client.colleague.post(client.item_path(made, "restore/")))

    authors = [version["created_by"]["email"] for version in client.versions(made)]

    assert authors == ["colleague@example.com", "owner@example.com", "owner@example.com"]


def test_a_form_may_name_a_version(client: DatasetClient) -> None:
    made = client.new_item(input=1)
    client.patch(made, input=2)

    response = client.api.post(client.item_path(made, "restore/"), "source_version=1", content_type=FORM)

    assert ok(response)["input"] == 1


@pytest.mark.parametrize(
    ("body", "code", "attr"),
    [
        ({"source_version": 2}, "does_not_exist", "source_version"),
        ({"source_version": 2**63 - 1}, "does_not_exist", "source_version"),
        ({"source_version": 2**63}, "max_value", "source_version"),
        ({"source_version": 0}, "min_value", "source_version"),
        ({"source_version": -1}, "min_value", "source_version"),
        ({"source_version": "x"}, "invalid_input", "source_version"),
        ({"source_version": 1.5}, "invalid_input", "source_version"),
        ({"source_version": [1]}, "invalid_input", "source_version"),
        ([], "invalid_input", None),
        ("null", "null", None),
        ("{", "parse_error", None),
    ],
)
def test_an_invalid_body_restores_nothing(client: DatasetClient, body: Any, code: str, attr: str | None) -> None:
    made = client.new_item()

    assert_error(client.api.post(client.item_path(made, "restore/"), body), 400, code, attr)
    assert client.head() == 1


def test_a_version_of_another_item_does_not_exist(client: DatasetClient) -> None:
    made, other = client.new_item(), client.new_item()
    client.patch(other, input=1)

    response = client.api.post(client.item_path(made, "restore/"), {"source_version": 2})

    error = assert_error(response, 400, "does_not_exist", "source_version")
    assert error["detail"] == "Version 2 does not exist."


# --- Access ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["archive", "restore"])
def test_an_unknown_item_is_neither_archived_nor_restored(client: DatasetClient, action: str) -> None:
    elsewhere = [item(dataset(project)) for project in (client.people.foreign_project, client.people.sibling)]

    for item_id in (NOWHERE, "abc", *(each.id for each in elsewhere)):
        for body in (None, {"source_version": "x"}):
            assert_not_found(client.api.post(f"{client.items}{item_id}/{action}/", body))


@pytest.mark.parametrize("action", ["archive", "restore"])
def test_a_filter_by_another_dataset_hides_the_item(client: DatasetClient, action: str) -> None:
    made = client.new_item()
    other = client.new_dataset()

    assert_not_found(client.api.post(client.item_path(made, f"{action}/?dataset={other['id']}")))
    ok(client.api.post(client.item_path(made, f"{action}/?dataset={client.dataset['id']}")))
    response = client.api.post(client.item_path(made, f"{action}/?dataset={NOWHERE}"))
    assert_error(response, 400, "invalid_choice", "dataset")


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("end", ["", "/", ".json"])
def test_items_are_archived_and_restored_under_both_prefixes(client: DatasetClient, prefix: str, end: str) -> None:
    made = client.new_item()
    path = f"/api/{prefix}/{client.project_id}/dataset_items/{made['id']}"

    assert ok(client.api.post(f"{path}/archive{end}"))["deleted"] is True
    assert ok(client.api.post(f"{path}/restore{end}"))["deleted"] is False


@pytest.mark.parametrize("action", ["archive", "restore"])
def test_archiving_and_restoring_need_the_write_scope(client: DatasetClient, action: str) -> None:
    made = client.new_item(deleted=action == "restore")
    path = client.item_path(made, f"{action}/")
    reader, writer = (Api(key(client.people.owner, scope)) for scope in ("dataset:read", "dataset:write"))

    for refused_one, status in ((reader, 403), (client.stranger, 403), (Api(), 401)):
        assert refused_one.post(path).status_code == status
    assert client.head() == 1
    assert ok(writer.post(path))["deleted"] is (action == "archive")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_archive_and_restore_allow_only_post(client: DatasetClient, method: str) -> None:
    made = client.new_item()

    for action in ("archive", "restore"):
        assert client.api.ask(method, client.item_path(made, f"{action}/")).status_code == 405
    assert client.head() == 1
