"""A new dataset that holds the items of another one as they were."""

from typing import Any

import pytest

from items.models import Dataset, DatasetItem, ItemOrigin
from tests.api import Api
from tests.history.scene import (
    CONTENT,
    KEYS,
    NOWHERE,
    PREFIXES,
    Body,
    Scene,
    created,
    in_order,
    refused,
    replay,
    shown,
    unknown,
)
from tests.items.rows import dataset
from tests.people import key


def fork(scene: Scene, of: Body | None = None, **body: Any) -> Body:
    return created(scene.api.post(scene.path("fork/", of), {"name": "Fork", **body}))


def contents(items: list[Body]) -> list[Body]:
    kept = (*CONTENT, "deleted", "created_at", "updated_at", "created_by")
    return [{name: item[name] for name in kept} for item in items]


def test_a_fork_holds_the_items_as_they_are(scene: Scene) -> None:
    for number in range(4):
        scene.new_item(
            input={"n": number},
            output=[number],
            metadata=None,
            ref_trace_id=f"t{number}",
            ref_timestamp="2026-01-05T00:00:00Z",
            ref_source_id="s",
        )

    made = fork(scene)

    items = scene.results(of=made)
    assert contents(items) == contents(scene.results())
    assert all(tuple(item) == KEYS and item["dataset"] == made["id"] for item in items)
    assert not {item["id"] for item in items} & {item["id"] for item in scene.results()}
    assert scene.page(of=made).headers["Dataset-Revision"] == "1"


def test_a_fork_is_answered_as_a_new_dataset(scene: Scene) -> None:
    shown(scene.api.patch(scene.path(), {"description": "d", "metadata": {"a": 1}}))

    answer = scene.colleague.post(scene.path("fork/"), {"name": "Fork"})

    made = created(answer)
    assert tuple(made) == tuple(scene.dataset)
    assert (made["name"], made["description"], made["metadata"], made["deleted"]) == ("Fork", "d", {"a": 1}, False)
    assert made["created_by"]["email"] == "colleague@example.com"
    assert made["created_at"] > scene.dataset["created_at"]
    assert made["id"] != scene.dataset["id"]
    assert (answer.headers["ETag"], answer.headers["Dataset-Revision"]) == ('"1"', "1")
    assert shown(scene.api.get(scene.path(of=made))) == made


def test_ids_of_a_fork_rise_with_the_time(scene: Scene) -> None:
    for number in range(5):
        scene.new_item(input=number)

    ids = [item["id"] for item in scene.results(of=fork(scene))]

    assert ids == sorted(ids, reverse=True)


def test_a_fork_holds_the_items_as_they_were(scene: Scene) -> None:
    patched, archived, moved = (scene.new_item(input=number) for number in range(3))
    then = scene.results()
    scene.patch(patched, input="new")
    scene.archive(archived)
    scene.move(moved, scene.new_dataset())
    scene.new_item()
    scene.tag("golden", 4)

    for revision in (4, "4", "golden"):
        made = fork(scene, revision=revision)
        assert contents(scene.results(of=made)) == contents(then)


@pytest.mark.parametrize("body", [{}, {"revision": None}])
def test_without_a_revision_the_present_is_forked(scene: Scene, body: Body) -> None:
    archived, kept = scene.new_item(input=1), scene.new_item(input=2, deleted=None)
    scene.archive(archived)

    made = fork(scene, **body)

    assert [item["input"] for item in scene.results(of=made)] == [2]
    assert scene.results(of=made)[0]["deleted"] is kept["deleted"] is None


def test_an_empty_revision_is_forked_too(scene: Scene) -> None:
    scene.new_item()

    made = fork(scene, revision=1)

    assert shown(scene.page(of=made))["count"] == 0
    assert len(scene.feed(of=made)) == 1


def test_items_of_a_fork_are_at_version_one_and_know_their_origin(scene: Scene) -> None:
    item = scene.new_item(input=1)
    scene.patch(item, input=2)

    made = fork(scene, revision=2)

    (copy,) = scene.results(of=made)
    (version,) = scene.versions(copy)
    assert (version["version"], version["dataset_revision"], version["dataset"]) == (1, 1, made["id"])
    assert list(version)[-1] == "origin"
    assert version["origin"] == {"dataset": scene.dataset["id"], "revision": 2, "item": item["id"], "version": 1}
    assert scene.item(copy).headers["ETag"] == '"1"'


def test_every_version_of_a_forked_item_ends_with_its_origin(scene: Scene) -> None:
    scene.new_item(input=1)
    made = fork(scene)
    (copy,) = scene.results(of=made)
    scene.patch(copy, input=2)
    scene.move(copy, scene.dataset)

    origins = [version["origin"]["version"] for version in scene.versions(copy)]

    assert origins == [1, 1, 1]
    assert "origin" not in scene.item(copy).json()


def test_the_fork_of_a_fork_knows_the_nearest_origin(scene: Scene) -> None:
    scene.new_item(input=1)
    first = fork(scene)
    (middle,) = scene.results(of=first)

    second = fork(scene, of=first)

    (copy,) = scene.results(of=second)
    assert scene.versions(copy)[0]["origin"] == {
        "dataset": first["id"],
        "revision": 1,
        "item": middle["id"],
        "version": 1,
    }


def test_the_feed_of_a_fork_rebuilds_it(scene: Scene) -> None:
    for number in range(5):
        scene.new_item(input=number)
    made = fork(scene)
    scene.patch(scene.results(of=made)[0], input="new")

    entries = scene.feed(of=made)

    assert [each["operation"] for each in entries] == ["dataset_created"] + ["created"] * 5 + ["updated"]
    assert [each["revision"] for each in entries] == [1] * 6 + [2]
    assert in_order(replay(entries)) == scene.results(of=made)


def test_a_fork_leaves_its_source_alone(scene: Scene) -> None:
    item = scene.new_item()
    before = scene.results(), scene.head(), scene.versions(item)

    made = fork(scene)
    for copy in scene.results(of=made):
        scene.patch(copy, input="new")

    assert (scene.results(), scene.head(), scene.versions(item)) == before


def test_a_fork_of_a_deleted_dataset_is_a_live_one(scene: Scene) -> None:
    item = scene.new_item()
    shown(scene.api.patch(scene.path(), {"deleted": True}))

    made = fork(scene)

    assert made["deleted"] is False
    assert contents(scene.results(of=made)) == contents([item])


def test_json_of_a_fork_is_the_text_that_was_sent(scene: Scene) -> None:
    text = '{"b": 1.50, "a": 12345678901234567890123, "b": 1}'
    scene.api.post(scene.items, f'{{"dataset": "{scene.dataset["id"]}", "input": {text}}}')

    made = fork(scene)

    assert f'"input":{text},' in scene.page(of=made).content.decode()


def test_a_list_of_the_project_shows_the_items_of_forks(scene: Scene) -> None:
    scene.new_item()
    fork(scene)

    assert shown(scene.api.get(scene.items))["count"] == 2


@pytest.mark.parametrize(
    ("body", "code", "attr"),
    [
        (None, "required", "name"),
        ({}, "required", "name"),
        ({"name": ""}, "blank", "name"),
        ({"name": None}, "null", "name"),
        ({"name": "x" * 401}, "max_length", "name"),
        ({"name": "Fork", "revision": True}, "invalid_input", "revision"),
        ({"name": "Fork", "revision": 1.5}, "invalid_input", "revision"),
        ({"name": "Fork", "revision": [1]}, "invalid_input", "revision"),
        ({"name": "Fork", "revision": "A"}, "invalid_input", "revision"),
        ({"name": "Fork", "revision": ""}, "invalid_input", "revision"),
        ([], "invalid_input", None),
        ("{", "parse_error", None),
    ],
)
def test_a_wrong_body_forks_nothing(scene: Scene, body: Any, code: str, attr: str | None) -> None:
    refused(scene.api.post(scene.path("fork/"), body), 400, code, attr)

    assert Dataset.objects.count() == 1


@pytest.mark.parametrize("revision", [0, 2, 2**63, -1, "no-such-tag"])
def test_an_unknown_revision_forks_nothing(scene: Scene, revision: Any) -> None:
    unknown(scene.api.post(scene.path("fork/"), {"name": "Fork", "revision": revision}))

    assert Dataset.objects.count() == 1


def test_an_unknown_dataset_is_not_forked(scene: Scene) -> None:
    elsewhere = [dataset(scene.people.foreign_project).id, dataset(scene.people.sibling).id]
    before = Dataset.objects.count()

    for dataset_id in (NOWHERE, "abc", *elsewhere):
        for body in ({"name": "Fork"}, {}):
            unknown(scene.api.post(f"{scene.datasets}{dataset_id}/fork/", body))
    assert Dataset.objects.count() == before


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("end", ["", "/", ".json"])
def test_a_fork_is_made_under_both_prefixes(scene: Scene, prefix: str, end: str) -> None:
    scene.new_item()
    path = f"/api/{prefix}/{scene.project_id}/datasets/{scene.dataset['id']}/fork{end}"

    assert created(scene.api.post(path, {"name": "Fork"}))["team"] == scene.project_id


def test_forking_takes_the_scope_to_write(scene: Scene) -> None:
    scene.new_item()
    reader, writer = (Api(key(scene.people.owner, scope)) for scope in ("dataset:read", "dataset:write"))

    for refused_one in (reader, scene.stranger):
        assert refused_one.post(scene.path("fork/"), {"name": "Fork"}).status_code == 403
    assert ItemOrigin.objects.count() == 0
    assert writer.post(scene.path("fork/"), {"name": "Fork"}).status_code == 201
    assert DatasetItem.objects.count() == 2
