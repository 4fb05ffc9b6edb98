"""Archiving an item, restoring it, and restoring what a version said."""

from typing import Any

import pytest

from tests.api import FORM, Api
from tests.history.scene import CONTENT, KEYS, NOWHERE, PREFIXES, Body, Scene, refused, shown, unknown
from tests.items.rows import dataset, item
from tests.people import key

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
def test_an_item_is_archived(scene: Scene, deleted: Any) -> None:
    made = scene.new_item(input=1, deleted=deleted)

    answer = scene.api.post(scene.item_path(made, "archive/"))

    archived = shown(answer)
    assert tuple(archived) == KEYS
    assert archived == made | {"deleted": True, "updated_at": archived["updated_at"]}
    assert archived["updated_at"] > made["updated_at"]
    assert (answer.headers["ETag"], answer.headers["Dataset-Revision"]) == ('"2"', "3")
    unknown(scene.item(made))
    assert shown(scene.page())["count"] == 0


def test_archiving_an_archived_item_changes_nothing(scene: Scene) -> None:
    made = scene.new_item()
    archived = scene.archive(made)

    answer = scene.api.post(scene.item_path(made, "archive/"))

    assert shown(answer) == archived
    assert (answer.headers["ETag"], answer.headers["Dataset-Revision"]) == ('"2"', "3")
    assert (scene.head(), len(scene.feed()), len(scene.versions(made))) == (3, 3, 2)


def test_archiving_nothing_keeps_the_etag_of_the_list(scene: Scene) -> None:
    made = scene.new_item()
    scene.archive(made)
    before = scene.page().headers["ETag"]

    scene.archive(made)

    assert scene.page().headers["ETag"] == before


@pytest.mark.parametrize("body", [None, {}, {"deleted": False, "input": 9}, {"source_version": 1}, []])
def test_a_body_of_an_archive_is_not_looked_at(scene: Scene, body: Any) -> None:
    made = scene.new_item(input=1)

    archived = shown(scene.api.post(scene.item_path(made, "archive/"), body))

    assert (archived["deleted"], archived["input"]) == (True, 1)


# --- Restore ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [None, {}, {"source_version": None}])
def test_an_archived_item_is_restored(scene: Scene, body: Any) -> None:
    made = scene.new_item(**FULL)
    scene.archive(made)

    answer = scene.api.post(scene.item_path(made, "restore/"), body)

    restored = shown(answer)
    assert tuple(restored) == KEYS
    assert restored == made | {"updated_at": restored["updated_at"]}
    assert (answer.headers["ETag"], answer.headers["Dataset-Revision"]) == ('"3"', "4")
    assert scene.results() == [restored]


@pytest.mark.parametrize("deleted", [False, None])
def test_restoring_a_live_item_changes_nothing(scene: Scene, deleted: Any) -> None:
    made = scene.new_item(deleted=deleted)

    answer = scene.api.post(scene.item_path(made, "restore/"))

    assert shown(answer) == made
    assert (answer.headers["ETag"], answer.headers["Dataset-Revision"]) == ('"1"', "2")
    assert (scene.head(), len(scene.feed()), len(scene.versions(made))) == (2, 2, 1)


@pytest.mark.parametrize(("before", "after"), [(FULL, EMPTY), (EMPTY, FULL)])
def test_the_content_of_a_version_becomes_a_new_version(scene: Scene, before: Body, after: Body) -> None:
    made = scene.new_item(**before)
    scene.patch(made, **after)

    answer = scene.api.post(scene.item_path(made, "restore/"), {"source_version": 1})

    restored = shown(answer)
    assert content(restored) == before
    assert (answer.headers["ETag"], answer.headers["Dataset-Revision"]) == ('"3"', "4")
    assert [content(version) for version in scene.versions(made)] == [before, after, before]
    assert scene.feed()[-1]["operation"] == "updated"


def test_restoring_a_version_of_an_archived_item_brings_it_back(scene: Scene) -> None:
    made = scene.new_item(input=1)
    scene.patch(made, input=2)
    scene.archive(made)

    restored = scene.restore(made, source_version=1)

    assert (restored["input"], restored["deleted"]) == (1, False)
    assert scene.feed()[-1]["operation"] == "restored"
    assert scene.results() == [restored]


def test_restoring_a_version_that_was_archived_itself_brings_the_item_back(scene: Scene) -> None:
    made = scene.new_item(input=1)
    scene.archive(made)

    restored = scene.restore(made, source_version=2)

    assert (restored["input"], restored["deleted"]) == (1, False)


@pytest.mark.parametrize("deleted", [False, None])
def test_restoring_what_is_there_changes_nothing(scene: Scene, deleted: Any) -> None:
    made = scene.new_item(**FULL, deleted=deleted)
    scene.patch(made, input="other")
    scene.patch(made, input=FULL["input"])

    for version in (1, 3):
        answer = scene.api.post(scene.item_path(made, "restore/"), {"source_version": version})
        assert answer.headers["ETag"] == '"3"'
        assert shown(answer)["deleted"] is deleted
    assert scene.head() == 4


def test_a_version_whose_content_is_restored_is_not_deleted(scene: Scene) -> None:
    made = scene.new_item(input=1, deleted=None)
    scene.patch(made, input=2)

    restored = scene.restore(made, source_version=1)

    assert (restored["input"], restored["deleted"]) == (1, False)
    assert scene.feed()[-1]["operation"] == "updated"


def test_a_version_of_before_a_move_restores_the_content_but_not_the_dataset(scene: Scene) -> None:
    made = scene.new_item(input=1)
    other = scene.new_dataset()
    scene.move(made, other)
    scene.patch(made, input=2)

    restored = scene.restore(made, source_version=1)

    assert (restored["input"], restored["dataset"]) == (1, other["id"])
    assert scene.results() == []


def test_json_of_a_restored_version_is_the_text_that_was_sent(scene: Scene) -> None:
    text = '{"b": 1.50, "a": 12345678901234567890123, "b": 1}'
    made = scene.api.post(scene.items, f'{{"dataset": "{scene.dataset["id"]}", "input": {text}}}').json()
    scene.patch(made, input=2)

    answer = scene.api.post(scene.item_path(made, "restore/"), {"source_version": 1})

    assert f'"input":{text},' in answer.content.decode()


def test_a_restored_version_is_by_whoever_restored_it(scene: Scene) -> None:
    made = scene.new_item()
    scene.archive(made)
    shown(scene.colleague.post(scene.item_path(made, "restore/")))

    authors = [version["created_by"]["email"] for version in scene.versions(made)]

    assert authors == ["colleague@example.com", "owner@example.com", "owner@example.com"]


def test_a_form_names_a_version_too(scene: Scene) -> None:
    made = scene.new_item(input=1)
    scene.patch(made, input=2)

    answer = scene.api.post(scene.item_path(made, "restore/"), "source_version=1", content_type=FORM)

    assert shown(answer)["input"] == 1


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
def test_a_wrong_body_restores_nothing(scene: Scene, body: Any, code: str, attr: str | None) -> None:
    made = scene.new_item()

    refused(scene.api.post(scene.item_path(made, "restore/"), body), 400, code, attr)
    assert scene.head() == 2


def test_a_version_of_another_item_does_not_exist(scene: Scene) -> None:
    made, other = scene.new_item(), scene.new_item()
    scene.patch(other, input=1)

    answer = scene.api.post(scene.item_path(made, "restore/"), {"source_version": 2})

    error = refused(answer, 400, "does_not_exist", "source_version")
    assert error["detail"] == "Version 2 does not exist."


# --- Access ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["archive", "restore"])
def test_an_unknown_item_is_neither_archived_nor_restored(scene: Scene, action: str) -> None:
    elsewhere = [item(dataset(project)) for project in (scene.people.foreign_project, scene.people.sibling)]

    for item_id in (NOWHERE, "abc", *(each.id for each in elsewhere)):
        for body in (None, {"source_version": "x"}):
            unknown(scene.api.post(f"{scene.items}{item_id}/{action}/", body))


@pytest.mark.parametrize("action", ["archive", "restore"])
def test_a_filter_by_another_dataset_hides_the_item(scene: Scene, action: str) -> None:
    made = scene.new_item()
    other = scene.new_dataset()

    unknown(scene.api.post(scene.item_path(made, f"{action}/?dataset={other['id']}")))
    shown(scene.api.post(scene.item_path(made, f"{action}/?dataset={scene.dataset['id']}")))
    answer = scene.api.post(scene.item_path(made, f"{action}/?dataset={NOWHERE}"))
    refused(answer, 400, "invalid_choice", "dataset")


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("end", ["", "/", ".json"])
def test_items_are_archived_and_restored_under_both_prefixes(scene: Scene, prefix: str, end: str) -> None:
    made = scene.new_item()
    path = f"/api/{prefix}/{scene.project_id}/dataset_items/{made['id']}"

    assert shown(scene.api.post(f"{path}/archive{end}"))["deleted"] is True
    assert shown(scene.api.post(f"{path}/restore{end}"))["deleted"] is False


@pytest.mark.parametrize("action", ["archive", "restore"])
def test_archiving_and_restoring_take_the_scope_to_write(scene: Scene, action: str) -> None:
    made = scene.new_item(deleted=action == "restore")
    path = scene.item_path(made, f"{action}/")
    reader, writer = (Api(key(scene.people.owner, scope)) for scope in ("dataset:read", "dataset:write"))

    for refused_one, status in ((reader, 403), (scene.stranger, 403), (Api(), 401)):
        assert refused_one.post(path).status_code == status
    assert scene.head() == 2
    assert shown(writer.post(path))["deleted"] is (action == "archive")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_archive_and_restore_take_no_other_method(scene: Scene, method: str) -> None:
    made = scene.new_item()

    for action in ("archive", "restore"):
        assert scene.api.ask(method, scene.item_path(made, f"{action}/")).status_code == 405
    assert scene.head() == 2
