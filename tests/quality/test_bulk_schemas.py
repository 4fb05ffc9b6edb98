"""Many items at once are held to the schemas as single ones are."""

from typing import Any
from uuid import UUID

import pytest

from items.bulk.creation import NewItem, create_items
from items.quality import in_force
from items.quality.many import RowMismatch
from tests.history.counter import Counter
from tests.history.scene import Body, Scene, created, refused, shown
from tests.quality.demands import FITTING, MISFIT, NUMBER, QUESTION, demand


@pytest.fixture(autouse=True)
def _questions(scene: Scene) -> None:
    demand(scene, input=QUESTION)


def bulk(scene: Scene, *items: Body, query: str = "") -> Any:
    return scene.api.post(f"{scene.items}bulk/{query}", {"dataset": scene.dataset["id"], "items": items})


def change(scene: Scene, changes: Body, *items: Body) -> Any:
    return scene.api.patch(f"{scene.items}bulk/", {"ids": [item["id"] for item in items], "changes": changes})


def statuses(answer: Any) -> list[str]:
    return [result["status"] for result in shown(answer)["results"]]


# --- Storing ---------------------------------------------------------------------------------------------------------


def test_one_misfit_refuses_all(scene: Scene) -> None:
    answer = bulk(scene, {"input": FITTING}, {"input": FITTING}, {"input": MISFIT}, {})

    refused(answer, 400, "schema_mismatch", "items.2.input.q")
    assert scene.head() == 2
    refused(bulk(scene, {"input": FITTING}, {"output": 1}), 400, "schema_mismatch", "items.1.input")


def test_a_partial_request_tells_each_misfit(scene: Scene) -> None:
    answer = bulk(
        scene, {"input": FITTING}, {"input": MISFIT}, {"ref_timestamp": "x"}, {}, {"input": FITTING},
        query="?partial=true",
    )  # fmt: skip

    assert statuses(answer) == ["created", "error", "error", "error", "created"]
    errors = [result["error"] for result in answer.json()["results"] if "error" in result]
    assert [(error["code"], error["attr"]) for error in errors] == [
        ("schema_mismatch", "items.1.input.q"),
        ("invalid_input", "items.2.ref_timestamp"),
        ("schema_mismatch", "items.3.input"),
    ]
    assert len(scene.results()) == 2


def test_more_than_a_batch_is_checked_in_order(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.quality.schemas.BATCH_LENGTH", 3)
    items = [{"input": MISFIT if number in {4, 7} else FITTING} for number in range(10)]

    refused(bulk(scene, *items), 400, "schema_mismatch", "items.4.input.q")
    found = statuses(bulk(scene, *items, query="?partial=true"))
    assert [index for index, status in enumerate(found) if status == "error"] == [4, 7]


def test_items_that_are_met_are_checked_in_what_changes(scene: Scene) -> None:
    query = "?match_on=ref_source_id&on_conflict=update&partial=true"
    demand(scene)
    scene.new_item(input=MISFIT, output=1, ref_source_id="old")
    demand(scene, input=QUESTION, output=NUMBER, enforce="new")

    answer = bulk(
        scene,
        {"ref_source_id": "old", "metadata": 1},
        {"ref_source_id": "old", "input": MISFIT},
        {"ref_source_id": "old", "output": "x"},
        {"ref_source_id": "old", "input": FITTING},
        {"ref_source_id": "old", "input": MISFIT},
        {"ref_source_id": "new", "input": FITTING, "output": 1},
        {"ref_source_id": "new", "output": None},
        {"ref_source_id": "new", "output": 2},
        {"ref_source_id": "other", "input": FITTING},
        query=query,
    )

    assert statuses(answer) == [
        "updated", "unchanged", "error", "updated", "error", "created", "error", "updated", "error",
    ]  # fmt: skip
    by_source = {item["ref_source_id"]: item for item in scene.results()}
    assert (by_source["old"]["input"], by_source["old"]["output"]) == (FITTING, 1)
    assert (by_source["new"]["output"], by_source.keys()) == (2, {"old", "new"})


def test_schemas_cost_no_statement_once_they_are_known(scene: Scene, statements: Counter) -> None:
    path = f"{scene.items}bulk/"
    body = {"dataset": scene.dataset["id"], "items": [{"input": FITTING}]}
    shown(scene.api.post(path, body))
    known = len(statements("POST", path, body))
    in_force.known.clear()

    assert len(statements("POST", path, body)) == known + 1
    plain = scene.new_dataset()
    assert len(statements("POST", path, body | {"dataset": plain["id"]})) == known


# --- Changing --------------------------------------------------------------------------------------------------------


def test_a_change_that_does_not_fit_changes_nothing(scene: Scene) -> None:
    items = [scene.new_item(input=FITTING) for _ in range(3)]
    head = scene.head()

    error = refused(change(scene, {"input": MISFIT}, *items), 400, "schema_mismatch", "changes")

    assert error["detail"] == "3 of the items do not fit."
    assert sorted(each["id"] for each in error["misfits"]) == sorted(item["id"] for item in items)
    assert {each["attr"] for each in error["misfits"]} == {"input.q"}
    assert scene.head() == head
    assert statuses(change(scene, {"input": {"q": "new"}, "output": 1}, *items)) == ["updated"] * 3
    assert statuses(change(scene, {"deleted": True}, *items)) == ["updated"] * 3


def test_items_that_come_back_or_arrive_are_checked_as_a_whole(scene: Scene) -> None:
    demand(scene)
    other = scene.new_dataset("Other")
    wrong, right = scene.new_item(input=MISFIT, deleted=True), scene.new_item(input=FITTING, deleted=True)
    abroad = [scene.new_item(other, input=value) for value in (MISFIT, FITTING)]
    demand(scene, input=QUESTION)

    error = refused(change(scene, {"deleted": False}, wrong, right), 400, "schema_mismatch", "changes")
    assert [each["id"] for each in error["misfits"]] == [wrong["id"]]
    error = refused(change(scene, {"dataset": scene.dataset["id"]}, *abroad), 400, "schema_mismatch", "changes")
    assert [each["id"] for each in error["misfits"]] == [abroad[0]["id"]]
    assert statuses(change(scene, {"dataset": scene.dataset["id"], "input": FITTING}, *abroad)) == ["updated"] * 2
    assert statuses(change(scene, {"deleted": False}, right)) == ["updated"]
    demand(scene, input=QUESTION, enforce="new")
    assert statuses(change(scene, {"deleted": False}, wrong)) == ["updated"]


def test_items_of_several_datasets_meet_the_schemas_of_theirs(scene: Scene) -> None:
    other = scene.new_dataset("Other")
    here, there = scene.new_item(input=FITTING), scene.new_item(other, input=1)

    error = refused(change(scene, {"input": MISFIT}, here, there), 400, "schema_mismatch", "changes")

    assert [each["id"] for each in error["misfits"]] == [here["id"]]
    assert statuses(change(scene, {"input": MISFIT}, there)) == ["updated"]


# --- From elsewhere --------------------------------------------------------------------------------------------------


def test_whoever_creates_items_is_told_the_row(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.quality.schemas.BATCH_LENGTH", 3)
    rows = [NewItem(input='{"q": "x"}')] * 5 + [NewItem(input='{"q": 1}')]

    def create(rows: list[NewItem]) -> Any:
        dataset_id = UUID(scene.dataset["id"])
        return create_items(project_id=scene.project_id, user_id=1, dataset_id=dataset_id, rows=iter(rows))

    with pytest.raises(RowMismatch) as raised:
        create(rows)

    assert raised.value.index == 5
    assert scene.results() == []
    assert create(rows[:5]).rows == 5
    assert len(scene.results()) == 5


def test_a_fork_is_held_to_its_schemas(scene: Scene) -> None:
    fork = created(scene.api.post(scene.path("fork/"), {"name": "Fork"}))

    answer = scene.api.post(f"{scene.items}bulk/", {"dataset": fork["id"], "items": [{"input": 1}]})

    refused(answer, 400, "schema_mismatch", "items.0.input")
