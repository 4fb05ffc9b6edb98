"""Putting schemas, reading them, and what they say of the items that are there."""

from typing import Any

import pytest

from items.models import DatasetItem, ItemPresence
from items.quality import schema_changes
from items.quality.present_items import PresentItems
from tests.history.scene import NOWHERE, PREFIXES, Scene, created, refused, shown, unknown
from tests.quality.demands import FITTING, MISFIT, NUMBER, QUESTION, demand, demanded, put


def test_schemas_are_put_and_read(scene: Scene) -> None:
    answer = put(scene, input=QUESTION, output=NUMBER)

    shown_schemas = shown(answer)
    assert list(shown_schemas) == ["input", "output", "metadata", "enforce", "version", "created_at", "created_by"]
    assert (shown_schemas["input"], shown_schemas["output"], shown_schemas["metadata"]) == (QUESTION, NUMBER, None)
    assert (shown_schemas["enforce"], shown_schemas["version"]) == ("all", 1)
    assert shown_schemas["created_by"]["email"] == "owner@example.com"
    assert (answer.headers["ETag"], answer.headers["Dataset-Revision"]) == ('"1"', "2")
    for prefix in PREFIXES:
        read = scene.api.get(f"/api/{prefix}/{scene.project_id}/datasets/{scene.dataset['id']}/schemas/")
        assert shown(read) == shown_schemas
        assert read.headers["ETag"] == '"1"'


def test_a_dataset_has_no_schemas_at_first(scene: Scene) -> None:
    answer = scene.colleague.get(scene.path("schemas/"))

    assert shown(answer) == {
        "input": None, "output": None, "metadata": None, "enforce": "all", "version": 0, "created_at": None,
        "created_by": None,
    }  # fmt: skip
    assert answer.headers["ETag"] == '"0"'


def test_a_schema_is_kept_as_it_was_sent(scene: Scene) -> None:
    text = b'{"input": {"title": "z", "const": 1.00, "a": 100000000000000000000000000000001}}'

    answer = scene.api.put(scene.path("schemas/"), text)

    assert b'"input":{"title": "z", "const": 1.00, "a": 100000000000000000000000000000001}' in answer.content


def test_a_put_replaces_all_schemas_and_an_empty_one_takes_them_away(scene: Scene) -> None:
    demand(scene, input=QUESTION)
    demand(scene, output=NUMBER)
    assert demanded(scene)["input"] is None
    scene.new_item(input=MISFIT, output=1)

    assert demand(scene)["version"] == 3
    scene.new_item(output="text")
    assert demand(scene, output=None)["version"] == 3
    assert demand(scene, enforce="new")["version"] == 3


def test_schemas_make_a_revision_and_leave_the_version_of_the_dataset_alone(scene: Scene) -> None:
    before = scene.api.get(scene.path()).headers["ETag"]

    demand(scene, input=QUESTION)
    again = put(scene, input=QUESTION)

    assert again.headers["Dataset-Revision"] == "2"
    assert [(entry["operation"], entry["item"]) for entry in scene.feed(1)] == [("dataset_updated", None)]
    assert scene.api.get(scene.path()).headers["ETag"] == before
    assert scene.revisions()[0]["revision"] == 2


def test_schemas_can_be_read_as_they_were(scene: Scene) -> None:
    demand(scene, input=QUESTION)
    scene.new_item(input=FITTING)
    demand(scene, metadata=True)
    scene.tag("golden", 3)

    assert demanded(scene, query="?revision=1")["version"] == 0
    for query in ("?revision=2", "?revision=3", "?revision=golden"):
        assert demanded(scene, query=query)["input"] == QUESTION
    assert demanded(scene, query="?revision=4")["version"] == 2
    answer = scene.api.get(scene.path("schemas/?revision=golden"))
    assert (answer.headers["ETag"], answer.headers["Dataset-Revision"]) == ('"1"', "3")
    unknown(scene.api.get(scene.path("schemas/?revision=9")))
    refused(scene.api.get(scene.path("schemas/?revision=No!")), 400, "invalid_input", "revision")


def test_conditions_on_schemas(scene: Scene) -> None:
    demand(scene, input=QUESTION)

    stale = refused(put(scene, input=NUMBER, headers={"If-Match": '"0"'}), 412, "stale_version")
    assert (stale["detail"], stale["current_version"]) == ("This set of schemas is at version 1, not 0.", 1)
    # Before validation, and where nothing would be written.
    refused(put(scene, input=7, headers={"If-Match": '"0"'}), 412, "stale_version")
    refused(put(scene, input=QUESTION, headers={"If-Match": '"0"'}), 412, "stale_version")
    assert shown(put(scene, input=NUMBER, headers={"If-Match": '"1"'}))["version"] == 2
    assert scene.api.get(scene.path("schemas/"), headers={"If-None-Match": '"2"'}).status_code == 304
    assert scene.api.get(scene.path("schemas/"), headers={"If-None-Match": '"1"'}).status_code == 200


def test_a_put_can_be_repeated(scene: Scene) -> None:
    first = put(scene, input=QUESTION, headers={"Idempotency-Key": "k"})
    again = put(scene, input=QUESTION, headers={"Idempotency-Key": "k"})

    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    ("body", "code", "attr"),
    [
        ({"input": 7}, "invalid_schema", "input"),
        ({"input": [QUESTION]}, "invalid_schema", "input"),
        ({"input": "text"}, "invalid_schema", "input"),
        ({"output": {"type": "strin"}}, "invalid_schema", "output.type"),
        ({"output": {"properties": {"a": {"minimum": "x"}}}}, "invalid_schema", "output.properties.a.minimum"),
        ({"metadata": {"items": {"pattern": "("}}}, "invalid_schema", "metadata.items.pattern"),
        ({"input": {"$ref": "#/nowhere"}}, "invalid_schema", "input"),
        ({"input": {"$schema": "https://example.com/mine"}}, "invalid_schema", "input"),
        ({"input": {"description": "x" * 65_536}}, "invalid_schema", "input"),
        ({"input": QUESTION, "enforce": "some"}, "invalid_choice", "enforce"),
        ({"input": QUESTION, "enforce": None}, "null", "enforce"),
        ({"inputs": QUESTION}, "invalid_input", "inputs"),
        ([QUESTION], "invalid_input", None),
    ],
)
def test_what_is_no_schema_is_refused(scene: Scene, body: Any, code: str, attr: str | None) -> None:
    answer = scene.api.put(scene.path("schemas/"), body)

    refused(answer, 400, code, attr)
    assert demanded(scene)["version"] == 0


def test_booleans_are_schemas(scene: Scene) -> None:
    demand(scene, input=True, output=False)

    refused(scene.api.post(scene.items, {"dataset": scene.dataset["id"]}), 400, "schema_mismatch", "output")


def test_schemas_of_an_unknown_dataset(scene: Scene) -> None:
    for path in (f"{scene.datasets}{NOWHERE}/schemas/", f"{scene.datasets}x/schemas/"):
        unknown(scene.api.get(path))
        unknown(scene.api.put(path, {"input": 7}))


# --- Items that are there --------------------------------------------------------------------------------------------


def test_items_that_do_not_fit_refuse_schemas_and_are_named(scene: Scene) -> None:
    scene.new_item(input=FITTING, output=1)
    wrong = scene.new_item(input=MISFIT, output=1)
    worse = scene.new_item(input={"q": "x"}, output="text")

    error = refused(put(scene, input=QUESTION, output=NUMBER), 400, "schema_mismatch", "output")

    assert error["detail"] == "2 of the items do not fit."
    assert error["misfits"] == [
        {"id": worse["id"], "attr": "output", "detail": 'This value is not of type "number"'},
        {"id": wrong["id"], "attr": "input.q", "detail": 'This value is not of type "string"'},
    ]
    assert list(error) == ["type", "code", "detail", "attr", "misfits"]
    assert demanded(scene)["version"] == 0
    assert scene.head() == 4


def test_archived_items_refuse_no_schemas(scene: Scene) -> None:
    scene.archive(scene.new_item(input=MISFIT))
    scene.new_item(input=MISFIT, deleted=True)
    moved = scene.new_item(input=MISFIT)
    scene.move(moved, scene.new_dataset())

    assert demand(scene, input=QUESTION)["version"] == 1


def test_the_first_hundred_misfits_are_named(scene: Scene) -> None:
    made = [scene.new_item(input=number) for number in range(103)]

    error = refused(put(scene, input=QUESTION), 400, "schema_mismatch", "input")

    assert error["detail"] == "At least 100 of the items do not fit."
    assert [each["id"] for each in error["misfits"]] == [each["id"] for each in made[:2:-1]]


def test_more_items_than_a_page_are_all_checked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.quality.present_items.PAGE", 3)
    made = [scene.new_item(input=number) for number in range(10)]

    error = refused(put(scene, input={"enum": [3, 4, 9]}), 400, "schema_mismatch", "input")

    assert [each["id"] for each in error["misfits"]] == [made[n]["id"] for n in (8, 7, 6, 5, 2, 1, 0)]


def test_items_of_one_time_are_all_checked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.quality.present_items.PAGE", 2)
    made = [scene.new_item(input=number)["id"] for number in range(7)]
    time = scene.dataset["created_at"]
    DatasetItem.objects.filter(id__in=made).update(created_at=time)
    ItemPresence.objects.filter(item_id__in=made).update(created_at=time)

    error = refused(put(scene, input=QUESTION), 400, "schema_mismatch", "input")

    assert [each["id"] for each in error["misfits"]] == sorted(made)


def test_with_enforce_new_the_items_that_are_there_may_stay(scene: Scene) -> None:
    item = scene.new_item(input=MISFIT)

    assert demand(scene, input=QUESTION, enforce="new")["enforce"] == "new"

    refused(scene.api.post(scene.items, {"dataset": scene.dataset["id"], "input": 1}), 400, "schema_mismatch", "input")
    refused(put(scene, input=QUESTION), 400, "schema_mismatch", "input")
    scene.patch(item, input=FITTING)
    assert demand(scene, input=QUESTION)["version"] == 2


def test_what_is_written_during_the_check_is_checked_too(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a writer slips in between the check of all items and the switch."""
    item = scene.new_item(input=FITTING)
    check = schema_changes.check_with_writers_at_work

    def slip_in(*args: Any) -> int:
        revision = check(*args)
        scene.patch(item, input=MISFIT)
        return revision

    monkeypatch.setattr(schema_changes, "check_with_writers_at_work", slip_in)

    error = refused(put(scene, input=QUESTION), 400, "schema_mismatch", "input")

    assert [each["id"] for each in error["misfits"]] == [item["id"]]


def test_many_writes_during_the_check_are_checked_without_the_lock(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema_changes, "FEW", 2)
    misfits, slipped = PresentItems.misfits, []

    def slip_in(there: PresentItems, schemas: Any) -> Any:
        found = misfits(there, schemas)
        slipped.extend(scene.new_item(input=MISFIT if number == 2 else FITTING) for number in range(5))
        return found

    monkeypatch.setattr(PresentItems, "misfits", slip_in)

    error = refused(put(scene, input=QUESTION), 400, "schema_mismatch", "input")

    assert [each["id"] for each in error["misfits"]] == [slipped[2]["id"]]


# --- Forks -----------------------------------------------------------------------------------------------------------


def fork(scene: Scene, **body: Any) -> Any:
    return created(scene.api.post(scene.path("fork/"), {"name": "Fork", **body}))


def test_a_fork_takes_the_schemas_of_its_revision_along(scene: Scene) -> None:
    scene.new_item(input=FITTING)
    demand(scene, input=QUESTION, enforce="new")
    demand(scene, input=QUESTION)
    demand(scene)

    for revision, enforce, version in ((2, "all", 0), (3, "new", 1), (4, "all", 1), (5, "all", 0)):
        made = fork(scene, revision=revision)
        taken = demanded(scene, made)
        assert (taken["enforce"], taken["version"]) == (enforce, version)
        assert taken["input"] == (QUESTION if version else None)
    made = fork(scene, revision=4)
    refused(scene.api.post(scene.items, {"dataset": made["id"], "input": 1}), 400, "schema_mismatch", "input")
    assert demand(scene, made)["version"] == 2
