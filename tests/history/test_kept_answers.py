"""Which answers are kept for an Idempotency-Key, and for how long."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from items import idempotency
from items.models import Dataset, KeptAnswer
from tests.history.keyed import kept, keyed, rows
from tests.history.scene import Body, Scene, refused, shown

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
