"""Versions of an item: their list, and the item as it was at one of them."""

import pytest

from database.statements import execute
from tests.api import Api
from tests.history.scene import CONTENT, KEYS, NOWHERE, PREFIXES, Scene, refused, shown, unknown
from tests.items.rows import dataset, item
from tests.people import key

VERSION_KEYS = ["version", "dataset_revision", "dataset", *CONTENT, "deleted", "created_at", "created_by"]


def test_versions_of_an_item_are_listed_newest_first(scene: Scene) -> None:
    made = scene.new_item(input={"q": 1}, ref_trace_id="t")
    patched = scene.patch(made, output="an answer")

    page = shown(scene.item(made, "versions/"))

    assert (page["count"], page["next"], page["previous"]) == (2, None, None)
    newest, oldest = page["results"]
    assert list(newest) == list(oldest) == VERSION_KEYS
    assert (newest["version"], newest["dataset_revision"], newest["output"]) == (2, 3, "an answer")
    assert (oldest["version"], oldest["dataset_revision"], oldest["output"]) == (1, 2, None)
    for version in (newest, oldest):
        assert (version["dataset"], version["input"], version["ref_trace_id"]) == (
            scene.dataset["id"],
            {"q": 1},
            "t",
        )
        assert version["deleted"] is False
    assert newest["created_at"] == patched["updated_at"]


def test_versions_are_in_order_whatever_the_planner_knows(scene: Scene) -> None:
    made = scene.new_item()
    for number in range(20):
        scene.patch(made, output=number)
    execute("ANALYZE", {})

    assert [version["version"] for version in scene.versions(made)] == list(range(21, 0, -1))


def test_a_version_was_made_by_whoever_wrote_it(scene: Scene) -> None:
    made = scene.new_item()
    scene.patch(made, by=scene.colleague, output=1)

    newest, oldest = scene.versions(made)

    assert newest["created_by"]["email"] == "colleague@example.com"
    assert oldest["created_by"] == made["created_by"]
    assert shown(scene.item(made))["created_by"]["email"] == "owner@example.com"


def test_a_version_is_as_old_as_its_revision(scene: Scene) -> None:
    made = scene.new_item()
    scene.patch(made, output=1)

    times = {each["revision"]: (each["created_at"], each["created_by"]) for each in scene.revisions()}

    for version in scene.versions(made):
        assert (version["created_at"], version["created_by"]) == times[version["dataset_revision"]]


def test_every_field_of_every_version_is_kept(scene: Scene) -> None:
    states = [
        {
            "input": {"n": number},
            "output": [number],
            "metadata": None if number == 2 else number,
            "ref_trace_id": f"trace {number}",
            "ref_timestamp": f"2025-01-0{number}T00:00:00Z",
            "ref_source_id": None if number == 1 else str(number),
            "deleted": [False, None, True, False][number],
        }
        for number in range(1, 4)
    ]
    made = scene.new_item(**states[0])
    for state in states[1:]:
        scene.patch(made, **state)

    kept = [{name: version[name] for name in states[0]} for version in reversed(scene.versions(made))]

    assert kept == states


def test_json_of_a_version_is_the_text_that_was_sent(scene: Scene) -> None:
    text = '{"b": 1.50, "a": 12345678901234567890123, "b": "\u00e9"}'
    made = scene.api.post(scene.items, f'{{"dataset": "{scene.dataset["id"]}", "input": {text}}}').json()
    scene.patch(made, input=2)

    listed = scene.item(made, "versions/").content.decode()
    single = scene.item(made, "?version=1").content.decode()

    assert f'"input":{text},' in listed
    assert f'"input":{text},' in single


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_write_that_changes_nothing_makes_no_version(scene: Scene, method: str) -> None:
    made = scene.new_item(input={"q": 1}, deleted=None)
    body = {"dataset": scene.dataset["id"], "input": {"q": 1}, "deleted": None}

    answer = scene.api.ask(method, scene.item_path(made), body)

    assert shown(answer)["updated_at"] > made["updated_at"]
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Dataset-Revision"] == "2"
    assert [version["version"] for version in scene.versions(made)] == [1]
    assert scene.head() == 2
    assert len(scene.feed()) == 2


def test_a_moved_item_takes_its_versions_along(scene: Scene) -> None:
    other = scene.new_dataset()
    made = scene.new_item(input=1)
    scene.move(made, other)
    scene.patch(made, input=2)

    versions = scene.versions(made)

    assert [(each["version"], each["dataset"], each["dataset_revision"], each["input"]) for each in versions] == [
        (3, other["id"], 3, 2),
        (2, other["id"], 2, 1),
        (1, scene.dataset["id"], 2, 1),
    ]


def test_versions_of_an_archived_item_stay_listed(scene: Scene) -> None:
    made = scene.new_item(input=1)
    scene.archive(made)

    assert [(each["version"], each["deleted"]) for each in scene.versions(made)] == [(2, True), (1, False)]


def test_versions_come_in_pages(scene: Scene) -> None:
    made = scene.new_item(input=1)
    for number in range(2, 8):
        scene.patch(made, input=number)

    seen, url = [], scene.item_path(made, "versions/?limit=3")
    while url:
        page = shown(scene.api.get(url))
        assert page["count"] == 7
        seen += [(each["version"], each["input"]) for each in page["results"]]
        url = page["next"]

    assert seen == [(number, number) for number in range(7, 0, -1)]


@pytest.mark.parametrize("offset", [2, 1000, 10**30])
def test_a_page_of_versions_past_the_end_is_empty(scene: Scene, offset: int) -> None:
    made = scene.new_item()

    page = shown(scene.item(made, f"versions/?offset={offset}"))

    assert (page["count"], page["results"]) == (1, [])


def test_an_item_that_was_never_forked_has_no_origin(scene: Scene) -> None:
    made = scene.new_item()

    assert "origin" not in scene.versions(made)[0]


# --- ?version= -------------------------------------------------------------------------------------------------------


def test_an_item_is_read_as_it_was_at_a_version(scene: Scene) -> None:
    made = scene.new_item(input=1)
    second = scene.patch(made, input=2)
    scene.patch(made, input=3)

    answers = [scene.item(made, f"?version={number}") for number in (1, 2, 3)]

    assert [tuple(shown(each)) for each in answers] == [KEYS] * 3
    assert [each.json()["input"] for each in answers] == [1, 2, 3]
    assert [each.headers["ETag"] for each in answers] == ['"1"', '"2"', '"3"']
    assert answers[0].json() == made
    assert answers[1].json() == second


def test_a_version_of_an_item_that_was_deleted_since_can_be_read(scene: Scene) -> None:
    made = scene.new_item(input=1)
    scene.archive(made)

    unknown(scene.item(made))
    assert shown(scene.item(made, "?version=1")) == made
    assert shown(scene.item(made, "?version=2"))["deleted"] is True


def test_a_version_of_before_a_move_is_of_the_former_dataset(scene: Scene) -> None:
    made = scene.new_item()
    other = scene.new_dataset()
    scene.move(made, other)

    assert shown(scene.item(made, "?version=1"))["dataset"] == scene.dataset["id"]
    assert shown(scene.item(made, "?version=2"))["dataset"] == other["id"]


def test_the_author_of_an_item_stays_its_creator_in_every_version(scene: Scene) -> None:
    made = scene.new_item(by=scene.colleague)
    scene.patch(made, output=1)

    for number in (1, 2):
        assert shown(scene.item(made, f"?version={number}"))["created_by"]["email"] == "colleague@example.com"


@pytest.mark.parametrize("version", ["0", "2", "000", str(2**63 - 1), str(2**63), "9" * 5000])
def test_an_unknown_version_is_not_found(scene: Scene, version: str) -> None:
    made = scene.new_item()

    unknown(scene.item(made, f"?version={version}"))


@pytest.mark.parametrize("version", ["x", "-1", "+1", "1.0", "1e0", "0x1", "%00", "%201", "１", "null"])
def test_a_malformed_version_is_refused(scene: Scene, version: str) -> None:
    made = scene.new_item()

    refused(scene.item(made, f"?version={version}"), 400, "invalid_input", "version")


@pytest.mark.parametrize("other", ["revision=1", "as_of=2026-01-05T00:00:00Z"])
def test_a_version_and_another_moment_are_refused(scene: Scene, other: str) -> None:
    made = scene.new_item()

    refused(scene.item(made, f"?version=1&{other}"), 400, "invalid_input", "version")


def test_an_empty_version_asks_for_nothing(scene: Scene) -> None:
    made = scene.new_item()
    patched = scene.patch(made, input=2)

    assert shown(scene.item(made, "?version=")) == patched


@pytest.mark.parametrize("item_id", [NOWHERE, "abc", "0"])
def test_an_unknown_item_has_no_versions(scene: Scene, item_id: str) -> None:
    for rest in ("versions/", "?version=1", "?revision=1"):
        unknown(scene.api.get(f"{scene.items}{item_id}/{rest}"))


def test_items_of_another_project_have_no_versions_here(scene: Scene) -> None:
    for project in (scene.people.foreign_project, scene.people.sibling):
        there = item(dataset(project))
        for rest in ("versions/", "?version=1", "?revision=2"):
            unknown(scene.api.get(f"{scene.items}{there.id}/{rest}"))


def test_both_prefixes_show_the_same_versions(scene: Scene) -> None:
    made = scene.new_item()
    scene.patch(made, input=2)

    for rest in ("versions/", "versions", "versions.json", "?version=1"):
        bodies = {
            scene.api.get(f"/api/{prefix}/{scene.project_id}/dataset_items/{made['id']}/{rest}").content
            for prefix in PREFIXES
        }

        assert len(bodies) == 1
        assert b'"input":null' in bodies.pop()


def test_reading_versions_takes_the_scope_to_read(scene: Scene) -> None:
    made = scene.new_item()
    reader = Api(key(scene.people.owner, "dataset:read"))

    for rest in ("versions/", "?version=1", "?revision=2"):
        shown(reader.get(scene.item_path(made, rest)))
