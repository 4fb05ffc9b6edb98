"""Idempotency-Key: a write that is sent again is answered again, not done again."""

from typing import Any

import pytest

from items.models import DatasetItem, KeptAnswer
from tests.api import FORM, Api
from tests.history.keyed import kept, keyed, rows
from tests.history.scene import Scene, refused, shown
from tests.people import key


def writes(scene: Scene) -> dict[str, tuple[str, str, Any]]:
    """One of each kind, and each with an effect."""
    item, archived = scene.new_item(input="first"), scene.new_item(deleted=True)
    return {
        "create item": ("POST", scene.items, {"dataset": scene.dataset["id"], "input": 1}),
        "patch item": ("PATCH", scene.item_path(item), {"input": 2}),
        "put item": ("PUT", scene.item_path(item), {"dataset": scene.dataset["id"], "input": 3}),
        "move item": ("PATCH", scene.item_path(item), {"dataset": scene.new_dataset()["id"]}),
        "archive": ("POST", scene.item_path(item, "archive/"), None),
        "restore": ("POST", scene.item_path(archived, "restore/"), None),
        "create dataset": ("POST", scene.datasets, {"name": "new"}),
        "patch dataset": ("PATCH", scene.path(), {"name": "a"}),
        "put dataset": ("PUT", scene.path(), {"name": "b"}),
        "tag": ("PUT", scene.path("tags/golden/"), {"revision": 1}),
        "fork": ("POST", scene.path("fork/"), {"name": "Fork"}),
    }


KINDS = [
    "create item", "patch item", "put item", "move item", "archive", "restore",
    "create dataset", "patch dataset", "put dataset", "tag", "fork",
]  # fmt: skip


# --- Replays ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_repeated_write_is_answered_again_and_not_done_again(scene: Scene, kind: str) -> None:
    method, path, body = writes(scene)[kind]

    first = scene.api.ask(method, path, body, headers=keyed("k"))
    after = rows()
    again = [scene.api.ask(method, path, body, headers=keyed("k")) for _ in range(2)]

    assert first.status_code in {200, 201}
    assert "Idempotency-Replayed" not in first.headers
    for each in again:
        assert kept(each) == kept(first)
        assert each.headers["Idempotency-Replayed"] == "true"
    assert rows() == after
    assert first.headers["ETag"] is not None


def test_the_kinds_of_writes_are_all_tried(scene: Scene) -> None:
    assert list(writes(scene)) == KINDS


def test_a_replay_tells_the_first_answer_whatever_has_been_written_since(scene: Scene) -> None:
    item = scene.new_item(input=1)
    first = scene.api.patch(scene.item_path(item), {"input": 2}, headers=keyed("k"))
    scene.patch(item, input=3)

    again = scene.api.patch(scene.item_path(item), {"input": 2}, headers=keyed("k"))

    assert kept(again) == kept(first)
    assert (again.headers["ETag"], again.headers["Dataset-Revision"]) == ('"2"', "3")
    assert shown(scene.item(item))["input"] == 3


def test_a_replay_repeats_the_bytes(scene: Scene) -> None:
    body = f'{{"dataset": "{scene.dataset["id"]}", "input": {{"b": 1.50, "a": "é\\u00e9", "b": 1e2}}}}'

    first, again = (scene.api.post(scene.items, body, headers=keyed("k")) for _ in range(2))

    assert again.content == first.content
    assert '"input":{"b": 1.50, "a": "éé", "b": 1e2}' in first.content.decode()


def test_without_a_key_everything_is_done_again(scene: Scene) -> None:
    for _ in range(2):
        scene.new_item()

    assert DatasetItem.objects.count() == 2
    assert not KeptAnswer.objects.exists()


def test_another_key_is_another_request(scene: Scene) -> None:
    body = {"dataset": scene.dataset["id"]}
    made = {scene.api.post(scene.items, body, headers=keyed(each)).json()["id"] for each in ("a", "A", "b")}

    assert len(made) == 3
    assert KeptAnswer.objects.count() == 3


def test_a_write_without_effect_is_replayed_too(scene: Scene) -> None:
    item = scene.new_item()
    path = scene.item_path(item, "restore/")

    first = scene.api.post(path, headers=keyed("k"))
    scene.archive(item)
    again = scene.api.post(path, headers=keyed("k"))

    assert kept(again) == kept(first)
    assert shown(scene.item(item, "?version=2"))["deleted"] is True


def test_a_move_within_a_kept_request_is_one_move(scene: Scene) -> None:
    item, other = scene.new_item(), scene.new_dataset()

    for _ in range(2):
        shown(scene.api.patch(scene.item_path(item), {"dataset": other["id"]}, headers=keyed("k")))

    assert (scene.head(), scene.head(other)) == (3, 2)


def test_a_form_is_replayed_too(scene: Scene) -> None:
    for _ in range(2):
        body = f"dataset={scene.dataset['id']}&ref_source_id=s"
        answer = scene.api.post(scene.items, body, content_type=FORM, headers=keyed("k"))
        assert answer.json()["ref_source_id"] == "s"

    assert DatasetItem.objects.count() == 1


# --- The same request ------------------------------------------------------------------------------------------------


def test_both_prefixes_are_one(scene: Scene) -> None:
    body = {"dataset": scene.dataset["id"]}
    paths = [
        f"/api/{project}/dataset_items{end}"
        for project in (f"projects/{scene.project_id}", f"environments/{scene.project_id}", "projects/@current")
        for end in ("/", "")
    ]

    answers = [scene.api.post(path, body, headers=keyed("k")) for path in paths]

    assert len({answer.content for answer in answers}) == 1
    assert DatasetItem.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "{items}", '{"dataset": "{dataset}", "input": 2}'),
        ("POST", "{items}", '{"dataset":"{dataset}", "input": 1}'),
        ("POST", "{items}?x=1", '{"dataset": "{dataset}", "input": 1}'),
        ("POST", "{datasets}", '{"dataset": "{dataset}", "input": 1}'),
        ("PATCH", "{item}", '{"dataset": "{dataset}", "input": 1}'),
        ("PUT", "{item}", '{"dataset": "{dataset}", "input": 1}'),
        ("POST", "{item}archive/", '{"dataset": "{dataset}", "input": 1}'),
        ("POST", "{items}", "{"),
        ("POST", "{items}", ""),
    ],
)
def test_a_key_is_not_taken_for_another_request(scene: Scene, method: str, path: str, body: str) -> None:
    item = scene.new_item()
    places = {
        "{items}": scene.items,
        "{datasets}": scene.datasets,
        "{item}": scene.item_path(item),
        "{dataset}": scene.dataset["id"],
    }
    for name, value in places.items():
        path, body = path.replace(name, value), body.replace(name, value)
    first = f'{{"dataset": "{scene.dataset["id"]}", "input": 1}}'
    assert scene.api.post(scene.items, first, headers=keyed("k")).status_code == 201
    before = rows()

    answer = scene.api.ask(method, path, body, headers=keyed("k"))

    if body == "{":
        refused(answer, 400, "parse_error")  # who may write is told first, and that reads the body
    else:
        error = refused(answer, 422, "idempotency_key_reused")
        assert error["type"] == "invalid_request"
        assert error["detail"] == "This Idempotency-Key was used for another request."
        assert "Idempotency-Replayed" not in answer.headers
    assert rows() == before
    assert scene.api.post(scene.items, first, headers=keyed("k")).headers["Idempotency-Replayed"] == "true"


def test_another_item_is_another_request(scene: Scene) -> None:
    one, two = scene.new_item(), scene.new_item()
    shown(scene.api.patch(scene.item_path(one), {"input": 1}, headers=keyed("k")))

    answer = scene.api.patch(scene.item_path(two), {"input": 1}, headers=keyed("k"))

    refused(answer, 422, "idempotency_key_reused")
    assert shown(scene.item(two))["input"] is None


def test_other_headers_are_not_of_the_request(scene: Scene) -> None:
    body = {"dataset": scene.dataset["id"]}
    scene.api.post(scene.items, body, headers=keyed("k"))

    answer = scene.api.post(scene.items, body, headers=keyed("k") | {"If-Match": '"9"', "X-Other": "1"})

    assert answer.headers["Idempotency-Replayed"] == "true"


# --- Whose key -------------------------------------------------------------------------------------------------------


def test_a_key_is_of_one_user(scene: Scene) -> None:
    body = {"dataset": scene.dataset["id"]}

    made = [api.post(scene.items, body, headers=keyed("k")).json() for api in (scene.api, scene.colleague)]

    assert made[0]["id"] != made[1]["id"]
    assert [each["created_by"]["email"] for each in made] == ["owner@example.com", "colleague@example.com"]


def test_all_api_keys_of_a_user_share_it(scene: Scene) -> None:
    body = {"dataset": scene.dataset["id"]}
    other = Api(key(scene.people.owner, "dataset:write"))

    first, again = (api.post(scene.items, body, headers=keyed("k")) for api in (scene.api, other))

    assert kept(again) == kept(first)


def test_a_key_is_of_one_project(scene: Scene) -> None:
    paths = [f"/api/projects/{project.id}/datasets/" for project in (scene.people.project, scene.people.sibling)]

    made = [scene.api.post(path, {"name": "new"}, headers=keyed("k")).json() for path in paths]

    assert [each["team"] for each in made] == [scene.people.project.id, scene.people.sibling.id]
    assert made[0]["id"] != made[1]["id"]


def test_a_replay_is_not_for_whoever_may_not_write(scene: Scene) -> None:
    body = {"dataset": scene.dataset["id"]}
    first = scene.api.post(scene.items, body, headers=keyed("k"))
    reader = Api(key(scene.people.owner, "dataset:read"))

    for api, status in ((reader, 403), (scene.stranger, 403), (Api(), 401)):
        answer = api.post(scene.items, body, headers=keyed("k"))
        assert answer.status_code == status
        assert first.json()["id"] not in answer.content.decode()
