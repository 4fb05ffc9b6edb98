"""Idempotency-Key: a write that is sent again is answered again, not done again."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from auth.tenancy import ProjectScoped
from items import idempotency
from items.models import Dataset, DatasetChange, DatasetItem, DatasetTag, KeptAnswer
from tests.api import FORM, Api
from tests.auth.routes import ROUTES
from tests.history.scene import Body, Scene, refused, shown
from tests.people import key

REPEATED = ("ETag", "Dataset-Revision")
# Methods of project-scoped views that write and need no key: v1's refusal, and a removal, which repeats itself.
NEED_NONE = {"destroy", "untag"}


def keyed(value: str) -> dict[str, str]:
    return {"Idempotency-Key": value}


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


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Dataset, DatasetItem, DatasetChange, DatasetTag))


def kept(answer: Any) -> tuple[int, bytes, list[Any], Any]:
    """What a replay repeats."""
    headers = [answer.headers.get(name) for name in REPEATED]
    return answer.status_code, answer.content, headers, answer.headers["Content-Type"]


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


# --- What is kept ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "rest", "body", "headers", "status"),
    [
        ("POST", None, {}, {}, 400),
        ("POST", None, {"dataset": "01990000-0000-7000-8000-00000000dead"}, {}, 400),
        ("PATCH", "", {"ref_timestamp": "x"}, {}, 400),
        ("PATCH", "", {"dataset": "01990000-0000-7000-8000-00000000dead"}, {}, 400),
        ("PATCH", "", {"input": 2}, {"If-Match": '"9"'}, 412),
        ("PATCH", "", {"input": 2}, {"If-Match": ""}, 400),
        ("POST", "restore/", {"source_version": 9}, {}, 400),
        ("PATCH", "?dataset=01990000-0000-7000-8000-00000000dead", {"input": 2}, {}, 400),
        ("PATCH", "../01990000-0000-7000-8000-00000000dead/", {"input": 2}, {}, 404),
    ],
)
def test_a_refused_request_keeps_nothing(
    scene: Scene, method: str, rest: str | None, body: Body, headers: dict[str, str], status: int
) -> None:
    item = scene.new_item(input=1)
    path = scene.items if rest is None else scene.item_path(item, rest)
    if rest and rest.startswith("../"):
        path = f"{scene.items}{rest.removeprefix('../')}"
    before = rows(), scene.head()

    answers = [scene.api.ask(method, path, body, headers=keyed("k") | headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [status] * 2
    assert answers[0].content == answers[1].content
    assert not KeptAnswer.objects.exists()
    assert (rows(), scene.head()) == before
    # The key is free for the request put right.
    assert shown(scene.api.patch(scene.item_path(item), {"input": 2}, headers=keyed("k")))["input"] == 2


def test_a_refused_tag_and_fork_keep_nothing(scene: Scene) -> None:
    scene.tag("golden", 1)
    scene.new_item()

    refused(scene.api.put(scene.path("tags/golden/"), {"revision": 2}, headers=keyed("k")), 409, "tag_exists")
    refused(scene.api.post(scene.path("fork/"), {"name": "", "revision": 1}, headers=keyed("k")), 400, "blank", "name")

    assert not KeptAnswer.objects.exists()


def test_nothing_is_kept_of_a_read(scene: Scene) -> None:
    for path in (scene.items, scene.item_path(scene.new_item()), scene.path("changes/")):
        for _ in range(2):
            answer = scene.api.get(path, headers=keyed("k"))
            assert answer.status_code == 200
            assert "Idempotency-Replayed" not in answer.headers

    assert not KeptAnswer.objects.exists()


# --- The order of the checks -----------------------------------------------------------------------------------------


def test_the_key_is_looked_up_before_if_match(scene: Scene) -> None:
    item = scene.new_item(input=1)
    headers = keyed("k") | {"If-Match": '"1"'}

    first, again = (scene.api.patch(scene.item_path(item), {"input": 2}, headers=headers) for _ in range(2))

    assert kept(again) == kept(first)
    assert again.headers["Idempotency-Replayed"] == "true"
    refused(scene.api.patch(scene.item_path(item), {"input": 3}, headers=headers), 422, "idempotency_key_reused")


def test_the_key_is_looked_up_before_404_and_validation(scene: Scene) -> None:
    item, other = scene.new_item(input=1), scene.new_dataset()
    path = f"{scene.item_path(item)}?dataset={scene.dataset['id']}"
    body = {"dataset": other["id"]}
    first = scene.api.patch(path, body, headers=keyed("k"))

    again = scene.api.patch(path, body, headers=keyed("k"))

    assert scene.api.patch(path, body).status_code == 404
    assert kept(again) == kept(first)
    for wrong in ({"input": 1, "ref_timestamp": "x"}, [1]):
        refused(scene.api.patch(path, wrong, headers=keyed("k")), 422, "idempotency_key_reused")


@pytest.mark.parametrize("value", ["", " ", "a b", "x" * 256, "é", "\x7f", "a\tb", "\x1f"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
def test_a_bad_key_is_refused(scene: Scene, method: str, value: str) -> None:
    path = scene.items if method == "POST" else f"{scene.items}not-even-an-id/"

    answer = scene.api.ask(method, path, {"dataset": scene.dataset["id"]}, headers=keyed(value))

    error = refused(answer, 400, "invalid_input", "Idempotency-Key")
    assert error["detail"] == "Idempotency-Key must be 1 to 255 visible ASCII characters."
    assert not DatasetItem.objects.exists()


@pytest.mark.parametrize("value", ["!", "~", "x" * 255, "8e03978e-40d5-43e8-bc93-6894a57f9324", '"quoted"', "a,b;c=d"])
def test_a_good_key_is_taken(scene: Scene, value: str) -> None:
    for _ in range(2):
        answer = scene.api.post(scene.items, {"dataset": scene.dataset["id"]}, headers=keyed(value))
        assert answer.status_code == 201

    assert DatasetItem.objects.count() == 1
    assert KeptAnswer.objects.get().key == value


# --- Age -------------------------------------------------------------------------------------------------------------


def age(**delta: float) -> None:
    KeptAnswer.objects.update(created_at=datetime.now(UTC) - timedelta(**delta))


def test_after_a_day_the_key_is_free(scene: Scene) -> None:
    body = {"dataset": scene.dataset["id"]}
    first = scene.api.post(scene.items, body, headers=keyed("k")).json()
    age(hours=24, seconds=1)

    second = scene.api.post(scene.items, body, headers=keyed("k"))
    third = scene.api.post(scene.items, body, headers=keyed("k"))

    assert "Idempotency-Replayed" not in second.headers
    assert second.json()["id"] != first["id"]
    assert kept(third) == kept(second)
    assert KeptAnswer.objects.count() == 1


def test_within_a_day_it_is_not(scene: Scene) -> None:
    body = {"dataset": scene.dataset["id"]}
    scene.api.post(scene.items, body, headers=keyed("k"))
    age(hours=23, minutes=59)

    assert scene.api.post(scene.items, body, headers=keyed("k")).headers["Idempotency-Replayed"] == "true"


def test_after_a_day_the_key_is_free_for_another_request(scene: Scene) -> None:
    scene.api.post(scene.items, {"dataset": scene.dataset["id"]}, headers=keyed("k"))
    age(days=2)

    assert scene.api.post(scene.datasets, {"name": "new"}, headers=keyed("k")).status_code == 201


def test_an_old_answer_stays_when_the_new_request_is_refused(scene: Scene) -> None:
    scene.api.post(scene.items, {"dataset": scene.dataset["id"]}, headers=keyed("k"))
    age(days=2)

    assert scene.api.post(scene.items, {}, headers=keyed("k")).status_code == 400
    assert KeptAnswer.objects.get().status == 201


def test_some_requests_clear_old_answers_of_their_project(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "CLEAR_ONE_IN", 1)
    sibling = f"/api/projects/{scene.people.sibling.id}/datasets/"
    for path, value in ((scene.datasets, "old"), (scene.datasets, "older"), (sibling, "elsewhere")):
        scene.api.post(path, {"name": "new"}, headers=keyed(value))
    age(hours=25)

    scene.api.post(scene.datasets, {"name": "new"}, headers=keyed("young"))

    assert sorted(KeptAnswer.objects.values_list("key", flat=True)) == ["elsewhere", "young"]


def test_the_command_clears_old_answers_of_all_projects(scene: Scene) -> None:
    for project in (scene.people.project, scene.people.sibling):
        for number in range(2):
            path = f"/api/projects/{project.id}/datasets/"
            scene.api.post(path, {"name": "new"}, headers=keyed(f"old-{number}"))
    age(hours=24, seconds=1)
    scene.api.post(scene.datasets, {"name": "new"}, headers=keyed("young"))

    printed = []
    for _ in range(2):
        output = StringIO()
        call_command("clear_kept_answers", stdout=output)
        printed.append(output.getvalue())

    assert printed == ["4 kept answers removed.\n", "0 kept answers removed.\n"]
    assert KeptAnswer.objects.get().key == "young"
    assert Dataset.objects.filter(name="new").count() == 5


# --- Which methods ---------------------------------------------------------------------------------------------------


def writing_methods() -> set[tuple[type, str]]:
    """(view, name) of what routes below a project call for methods that write."""
    found = set()
    for route in ROUTES:
        if route.is_under_project and issubclass(route.view, ProjectScoped):
            actions: dict[str, str] = getattr(route.callback, "actions", None) or {}
            found |= {
                (route.view, name) for method, name in actions.items() if method in {"post", "put", "patch", "delete"}
            }
    return found


def test_every_method_that_writes_below_a_project_takes_a_key() -> None:
    missing = {
        f"{view.__name__}.{name}"
        for view, name in writing_methods()
        if name not in NEED_NONE and not getattr(getattr(view, name), "is_idempotent", False)
    }

    assert missing == set()


def test_the_walk_finds_the_methods_that_write() -> None:
    names = {name for _, name in writing_methods()}

    assert names >= {"create", "update", "partial_update", "archive", "restore", "fork", "tag", "untag", "destroy"}
