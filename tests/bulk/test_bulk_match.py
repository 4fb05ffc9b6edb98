"""POST dataset_items/bulk/?match_on=ref_source_id: items that are there already are met."""

from typing import Any

import pytest

from items.models import DatasetItem, ItemVersion
from tests.bulk.requests import MATCH, counts, ids, post, statuses, upsert
from tests.history.check import assert_history_holds
from tests.history.scene import CONTENT, Body, Scene, refused, replay, shown


@pytest.fixture
def there(scene: Scene) -> Body:
    return scene.new_item(
        input={"a": 1}, output="out", metadata={"k": [1]}, ref_trace_id="t", ref_timestamp="2026-01-05T00:00:00Z",
        ref_source_id="s",
    )  # fmt: skip


def test_update_changes_the_given_fields_alone(scene: Scene, there: Body) -> None:
    answer = upsert(scene, [{"ref_source_id": "s", "input": 2}, {"ref_source_id": "new", "input": 3}])

    assert statuses(answer) == ["updated", "created"]
    assert ids(answer)[0] == there["id"]
    assert counts(answer) == {"created": 1, "updated": 1}
    now = shown(scene.item(there))
    assert now == there | {"input": 2, "updated_at": now["updated_at"]}
    assert [each["version"] for each in scene.versions(there)] == [2, 1]
    assert shown(scene.item(there, "?version=1"))["input"] == {"a": 1}
    assert_history_holds()


def test_it_is_one_revision_with_positions(scene: Scene, there: Body) -> None:
    scene.new_item(ref_source_id="u")
    before = scene.head()

    answer = upsert(
        scene,
        [
            {"ref_source_id": "s", "input": 2},
            {"input": "new"},
            {"ref_source_id": "u", "deleted": True},
            {"ref_source_id": "w"},
        ],
    )

    assert shown(answer)["dataset_revision"] == scene.head() == before + 1
    for limit in (1, 2, 3, 5):
        entries = scene.feed(since=before, limit=limit)
        assert [each["operation"] for each in entries] == ["created", "created", "updated", "archived"]
    newest = scene.revisions()[0]
    assert {name: newest[name] for name in ("created", "updated", "archived", "restored")} == {
        "created": 2, "updated": 1, "archived": 1, "restored": 0,
    }  # fmt: skip
    assert shown(scene.page())["count"] == 3
    assert replay(scene.feed()) == {item["id"]: item for item in scene.results()}
    diff = shown(scene.api.get(scene.path(f"diff/?from={before}&to={before + 1}")))
    assert diff["counts"] == {"added": 2, "removed": 1, "changed": 1}
    assert len(scene.results(f"&revision={before}")) == 2
    assert_history_holds()


SAME: list[Body] = [
    {},
    {"input": {"a": 1}},
    {"output": "out", "metadata": {"k": [1]}, "ref_trace_id": "t", "deleted": False},
    {"ref_timestamp": "2026-01-05T01:00:00+01:00"},
]


@pytest.mark.parametrize("same", SAME)
def test_what_changes_nothing_is_unchanged(scene: Scene, there: Body, same: Body) -> None:
    answer = upsert(scene, [{"ref_source_id": "s", **same}])

    assert statuses(answer) == ["unchanged"]
    assert scene.head() == shown(answer)["dataset_revision"] == 2
    assert shown(scene.item(there)) == there
    assert not ItemVersion.objects.exists()


DIFFERENT: list[Body] = [
    {"input": {"a": 1.0}},
    {"input": None},
    {"output": "out "},
    {"metadata": {"k": []}},
    {"ref_trace_id": None},
    {"ref_timestamp": "2026-01-05T00:00:00.000001Z"},
    {"deleted": None},
]


@pytest.mark.parametrize("different", DIFFERENT)
def test_what_differs_is_a_version(scene: Scene, there: Body, different: Body) -> None:
    upserted = upsert(scene, [{"ref_source_id": "s", **different}])

    assert statuses(upserted) == ["updated"]
    assert scene.head() == 3
    now = shown(scene.item(there))
    assert {name: now[name] for name in different} == different
    assert {name: now[name] for name in CONTENT if name not in different} == {
        name: there[name] for name in CONTENT if name not in different
    }
    assert_history_holds()


def test_each_item_gives_its_own_fields(scene: Scene) -> None:
    post(scene, [{"ref_source_id": f"s{number}", "input": number, "output": number} for number in range(4)])

    answer = upsert(
        scene,
        [
            {"ref_source_id": "s3", "output": None},
            {"ref_source_id": "s0", "input": "new"},
            {"ref_source_id": "s1", "input": 1},
            {"ref_source_id": "s2", "input": 7, "output": 8, "ref_timestamp": "2026-01-05T00:00:00Z"},
        ],
    )

    assert statuses(answer) == ["updated", "updated", "unchanged", "updated"]
    found = [(each["ref_source_id"], each["input"], each["output"]) for each in scene.results()]
    assert found == [("s3", 3, None), ("s2", 7, 8), ("s1", 1, 1), ("s0", "new", 0)]
    assert_history_holds()


def test_skip_leaves_items_alone(scene: Scene, there: Body) -> None:
    answer = upsert(scene, [{"ref_source_id": "s", "input": 2}, {"ref_source_id": "n"}], "skip")

    assert statuses(answer) == ["skipped", "created"]
    assert ids(answer)[0] == there["id"]
    assert shown(scene.item(there)) == there


@pytest.mark.parametrize("query", [MATCH, f"{MATCH}&on_conflict=error", f"{MATCH}&on_conflict="])
def test_a_conflict_refuses_all(scene: Scene, there: Body, query: str) -> None:
    answer = post(scene, [{"ref_source_id": "n"}, {"ref_source_id": "s"}], query)

    error = refused(answer, 409, "conflict", "items.1.ref_source_id")
    assert there["id"] in error["detail"]
    assert error["type"] == "invalid_request"
    assert scene.head() == 2


def test_a_conflict_of_a_partial_request_is_that_items(scene: Scene, there: Body) -> None:
    answer = post(scene, [{"ref_source_id": "s"}, {"ref_source_id": "n"}], f"{MATCH}&partial=true")

    assert statuses(answer) == ["error", "created"]
    assert shown(answer)["results"][0]["error"]["code"] == "conflict"
    assert_history_holds()


def test_on_conflict_may_stand_in_the_body(scene: Scene, there: Body) -> None:
    answer = post(scene, [{"ref_source_id": "s"}], MATCH, on_conflict="skip")

    assert statuses(answer) == ["skipped"]


def test_two_matches_are_an_error(scene: Scene, there: Body) -> None:
    scene.new_item(ref_source_id="s")

    for on_conflict in ("update", "skip"):
        refused(upsert(scene, [{"ref_source_id": "s"}], on_conflict), 400, "multiple_matches", "items.0.ref_source_id")

    answer = upsert(scene, [{"ref_source_id": "s"}, {"input": 1}], "update", "&partial=true")
    assert statuses(answer) == ["error", "created"]


def test_only_live_items_of_the_dataset_are_met(scene: Scene) -> None:
    scene.archive(scene.new_item(ref_source_id="s"))
    scene.new_item(scene.new_dataset("Other"), ref_source_id="s")

    assert statuses(upsert(scene, [{"ref_source_id": "s"}])) == ["created"]
    assert statuses(upsert(scene, [{"ref_source_id": "s"}])) == ["unchanged"]


@pytest.mark.parametrize("nothing", [{}, {"ref_source_id": None}, {"ref_source_id": ""}])
def test_items_without_an_id_are_created(scene: Scene, nothing: Body) -> None:
    scene.new_item(**nothing)

    assert statuses(upsert(scene, [nothing, nothing])) == ["created", "created"]


# --- The same id several times in one request ------------------------------------------------------------------------


def test_what_stood_earlier_in_the_request_is_there(scene: Scene) -> None:
    twice = [{"ref_source_id": "s", "input": 1, "output": 1}, {"ref_source_id": "s", "input": 2}]

    refused(upsert(scene, twice, "error"), 409, "conflict", "items.1.ref_source_id")
    assert statuses(upsert(scene, [*twice, {"ref_source_id": "s"}], "skip")) == ["created", "skipped", "skipped"]
    again = upsert(scene, [{"ref_source_id": "t", "input": 1, "output": 1}, {"ref_source_id": "t", "input": 2}] * 2)

    assert statuses(again) == ["created", "updated", "updated", "updated"]
    assert len(set(ids(again))) == 1
    newest = scene.results()[0]
    assert (newest["ref_source_id"], newest["input"], newest["output"]) == ("t", 2, 1)
    assert [each["version"] for each in scene.versions(newest)] == [1]
    assert_history_holds()


def test_an_item_that_is_changed_twice_has_one_new_version(scene: Scene, there: Body) -> None:
    answer = upsert(
        scene,
        [{"ref_source_id": "s", "input": 2}, {"ref_source_id": "s", "output": 3}, {"ref_source_id": "s", "input": 2}],
    )

    assert statuses(answer) == ["updated", "updated", "unchanged"]
    now = shown(scene.item(there))
    assert (now["input"], now["output"]) == (2, 3)
    assert [each["version"] for each in scene.versions(there)] == [2, 1]
    assert_history_holds()


def test_a_change_taken_back_is_none(scene: Scene, there: Body) -> None:
    answer = upsert(scene, [{"ref_source_id": "s", "input": 2}, {"ref_source_id": "s", "input": {"a": 1}}])

    assert statuses(answer) == ["unchanged", "unchanged"]
    assert shown(answer)["dataset_revision"] == 2
    assert shown(scene.item(there)) == there


def test_what_the_request_archives_is_there_no_more(scene: Scene, there: Body) -> None:
    answer = upsert(
        scene, [{"ref_source_id": "s", "deleted": True}, {"ref_source_id": "s", "input": 1}, {"ref_source_id": "s"}]
    )

    assert statuses(answer) == ["updated", "created", "unchanged"]
    assert ids(answer)[0] == there["id"] != ids(answer)[1] == ids(answer)[2]
    assert [item["id"] for item in scene.results()] == [ids(answer)[1]]
    assert_history_holds()


def test_an_item_created_deleted_is_not_there(scene: Scene) -> None:
    answer = upsert(scene, [{"ref_source_id": "s", "deleted": True}, {"ref_source_id": "s"}])

    assert statuses(answer) == ["created", "created"]


def test_however_it_is_cut_the_end_is_the_same(scene: Scene) -> None:
    items: list[Any] = [
        {"ref_source_id": f"s{number % 3}", **({"input": number} if number % 2 else {"output": number})}
        for number in range(12)
    ]
    ends = []
    for size in (1, 2, 5, 12):
        dataset = scene.new_dataset(f"{size}")
        for start in range(0, len(items), size):
            shown(post(scene, items[start : start + size], f"{MATCH}&on_conflict=update", of=dataset))
        ends.append([[item[name] for name in CONTENT] for item in scene.results(of=dataset)])

    assert ends == [ends[0]] * 4
    assert_history_holds()


def test_a_thousand_are_updated(scene: Scene) -> None:
    post(scene, [{"ref_source_id": f"s{number}", "input": number} for number in range(1000)])

    answer = upsert(scene, [{"ref_source_id": f"s{number}", "input": [number, 'ü\\"\n']} for number in range(1000)])

    assert counts(answer) == {"updated": 1000}
    stored = DatasetItem.objects.get(id=ids(answer)[7])
    assert stored.input == '[7, "ü\\\\\\"\\n"]'
    assert (stored.version, stored.revision) == (2, 3)
    assert_history_holds()
