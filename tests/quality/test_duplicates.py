"""Which items of a dataset are equal, in one field or in several."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.history.scene import NOWHERE, PREFIXES, Body, Scene, refused, shown, unknown


def duplicates(scene: Scene, on: str = "input", more: str = "") -> Body:
    return shown(scene.api.get(scene.path(f"duplicates/?on={on}{more}")))


def raw_item(scene: Scene, value: bytes) -> str:
    body = b'{"dataset": "%s", "input": %s}' % (scene.dataset["id"].encode(), value)
    return str(scene.api.post(scene.items, body).json()["id"])


def test_equal_values_are_grouped_oldest_first(scene: Scene) -> None:
    a, b, c = (scene.new_item(input={"q": q})["id"] for q in "aba")
    d, e, _ = (scene.new_item(input={"q": q})["id"] for q in "abc")

    for prefix in PREFIXES:
        path = f"/api/{prefix}/{scene.project_id}/datasets/{scene.dataset['id']}/duplicates/?on=input"
        assert shown(scene.colleague.get(path)) == {
            "count": 2,
            "next": None,
            "previous": None,
            "results": [
                {"count": 3, "oldest": a, "ids": [a, c, d]},
                {"count": 2, "oldest": b, "ids": [b, e]},
            ],
        }


def test_json_is_equal_however_it_is_spelt(scene: Scene) -> None:
    same = [raw_item(scene, text) for text in (b'{"a": 1, "b": 2}', b'{"b": 2.0, "a": 10e-1}', b'{"b":3,"a":1,"b":2}')]
    large = [raw_item(scene, text) for text in (b"1e400", b"10e399")]
    for text in (b'{"a": 1}', b'{"a": "1"}', b"1e401", b"[1, 2]", b"[2, 1]", b"true", b'"true"'):
        raw_item(scene, text)

    assert [each["ids"] for each in duplicates(scene)["results"]] == [same, large]


def test_items_without_a_value_are_no_duplicates(scene: Scene) -> None:
    for _ in range(3):
        scene.new_item(output="only")
    pair = [scene.new_item(input=1)["id"] for _ in range(2)]

    assert [each["ids"] for each in duplicates(scene)["results"]] == [pair]
    # Where one field has a value, null is as good as any other in the second.
    assert [each["count"] for each in duplicates(scene, "input,output")["results"]] == [3, 2]


def test_several_fields_are_compared_together(scene: Scene) -> None:
    scene.new_item(input=1, output=1, ref_source_id="s", ref_timestamp="2026-01-01T00:00:00Z")
    scene.new_item(input=1, output=2, ref_source_id="s", ref_timestamp="2026-01-01T01:00:00+01:00")
    scene.new_item(input=2, output=1, ref_source_id="t")

    counts = {on: duplicates(scene, on)["count"] for on in ("input", "output", "input,output", "output,input")}
    assert counts == {"input": 1, "output": 1, "input,output": 0, "output,input": 0}
    assert duplicates(scene, "ref_source_id,input")["count"] == 1
    assert duplicates(scene, "ref_timestamp")["count"] == 1
    assert duplicates(scene, "ref_trace_id")["count"] == 0


def test_only_live_items_of_the_dataset_count(scene: Scene) -> None:
    scene.archive(scene.new_item(input=1))
    scene.new_item(scene.new_dataset("Other"), input=1)
    scene.new_item(input=1)

    assert duplicates(scene)["count"] == 0


def test_duplicates_come_in_pages(scene: Scene) -> None:
    for number in (1, 1, 2, 2, 2, 3, 3):
        scene.new_item(input=number)

    pages = [duplicates(scene, more=f"&limit=1&offset={offset}") for offset in range(4)]

    assert [[each["count"] for each in page["results"]] for page in pages] == [[3], [2], [2], []]
    assert all(page["count"] == 3 for page in pages)
    assert "on=input" in pages[0]["next"]


def test_of_a_large_group_a_hundred_ids_are_named(scene: Scene) -> None:
    made = [scene.new_item(input="same")["id"] for _ in range(103)]

    (group,) = duplicates(scene)["results"]

    assert (group["count"], group["ids"]) == (103, made[:100])


@pytest.mark.parametrize(("on", "code"), [("", "required"), ("inputs", "invalid_input"), ("input,id", "invalid_input")])
def test_what_can_be_compared(scene: Scene, on: str, code: str) -> None:
    refused(scene.api.get(scene.path(f"duplicates/?on={on}")), 400, code, "on")


def test_duplicates_of_an_unknown_dataset(scene: Scene) -> None:
    unknown(scene.api.get(f"{scene.datasets}{NOWHERE}/duplicates/?on=input"))


# --- Archiving them --------------------------------------------------------------------------------------------------


def archive_duplicates(scene: Scene, on: str = "input", **headers: str) -> Body:
    return shown(scene.api.post(scene.path(f"duplicates/?on={on}"), headers=headers))


def test_all_but_the_oldest_are_archived_as_one_revision(scene: Scene) -> None:
    made = [scene.new_item(input=value) for value in (1, 2, 1, 3, 1.0, 2)]
    scene.patch(made[4], output="later")
    head = scene.head()

    answer = scene.colleague.post(scene.path("duplicates/?on=input"))

    assert shown(answer) == {"dataset_revision": head + 1, "groups": 2, "archived": 3, "remaining": 0}
    assert answer.headers["Dataset-Revision"] == str(head + 1)
    assert [item["id"] for item in scene.results()] == [made[n]["id"] for n in (3, 1, 0)]
    entries = scene.feed(head)
    assert [(entry["operation"], entry["item"]["id"]) for entry in entries] == [
        ("archived", made[n]["id"]) for n in (2, 4, 5)
    ]
    assert {entry["revision"] for entry in entries} == {head + 1}
    revision = scene.revisions()[0]
    assert (revision["archived"], revision["created_by"]["email"]) == (3, "colleague@example.com")
    assert [each["version"] for each in scene.versions(made[4])] == [3, 2, 1]
    assert len(scene.results(f"&revision={head}")) == 6
    scene.restore(made[2])
    call_command("check_history", stdout=StringIO())


def test_without_duplicates_nothing_is_written(scene: Scene) -> None:
    scene.new_item(input=1)
    archive_duplicates(scene)

    assert archive_duplicates(scene) == {"dataset_revision": 2, "groups": 0, "archived": 0, "remaining": 0}
    assert scene.head() == 2


def test_archiving_can_be_repeated_with_a_key(scene: Scene) -> None:
    for _ in range(3):
        scene.new_item(input=1)

    first = archive_duplicates(scene, **{"Idempotency-Key": "k"})
    scene.new_item(input=1)

    assert archive_duplicates(scene, **{"Idempotency-Key": "k"}) == first
    assert archive_duplicates(scene)["archived"] == 1


def test_so_many_are_archived_at_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.quality.duplicates.MAX_ARCHIVED", 2)
    oldest = [scene.new_item(input=value)["id"] for value in (1, 1, 2, 1, 2)]

    answers = [archive_duplicates(scene) for _ in range(3)]

    assert [(each["groups"], each["archived"], each["remaining"]) for each in answers] == [
        (2, 2, 1),
        (1, 1, 0),
        (0, 0, 0),
    ]
    assert [item["id"] for item in scene.results()] == [oldest[2], oldest[0]]


def test_what_archiving_refuses(scene: Scene) -> None:
    refused(scene.api.post(scene.path("duplicates/")), 400, "required", "on")
    unknown(scene.api.post(f"{scene.datasets}{NOWHERE}/duplicates/?on=input"))


@pytest.mark.parametrize(("method", "rest"), [("GET", "duplicates/?on=input"), ("POST", "duplicates/?on=input"),
                                              ("GET", "stats/")])  # fmt: skip
def test_what_takes_too_long_is_refused_and_nothing_written(
    scene: Scene, method: str, rest: str, settings: Any
) -> None:
    for _ in range(50):
        scene.new_item(input={"a": ["text"] * 20_000})
    settings.SEARCH_TIMEOUT_SECONDS = 0.001
    head = scene.head()

    refused(scene.api.ask(method, scene.path(rest)), 400, "search_timeout")

    assert scene.head() == head
