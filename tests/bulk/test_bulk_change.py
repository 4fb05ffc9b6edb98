"""PATCH dataset_items/bulk/: the same changes to many items."""

from typing import Any

import pytest

from database.statements import fetch_one
from tests.api import Api
from tests.bulk.requests import counts, ids, patch, post, statuses
from tests.history.check import assert_history_holds
from tests.history.scene import NOWHERE, PREFIXES, Body, Scene, refused, replay, shown
from tests.people import key


@pytest.fixture
def three(scene: Scene) -> list[Body]:
    """Oldest first."""
    post(scene, [{"input": number, "metadata": {"n": number}, "ref_source_id": f"s{number}"} for number in range(3)])
    return list(reversed(scene.results()))


def ids_of(items: list[Body]) -> list[str]:
    return [item["id"] for item in items]


def operations(scene: Scene, since: int, of: Body | None = None) -> list[str]:
    return [each["operation"] for each in scene.feed(since=since, of=of, limit=2)]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_items_are_changed_by_their_ids(scene: Scene, three: list[Body], prefix: str) -> None:
    body = {"ids": [three[2]["id"], three[0]["id"]], "changes": {"output": {"a": 1}, "metadata": {"n": 0}}}

    answer = scene.api.patch(f"/api/{prefix}/{scene.project_id}/dataset_items/bulk/", body)

    assert counts(answer) == {"updated": 2}
    assert ids(answer) == body["ids"]
    assert shown(answer)["dataset_revision"] == scene.head() == 3
    assert shown(answer)["dataset_revisions"] == {scene.dataset["id"]: 3}
    assert answer.headers["Dataset-Revision"] == "3"
    assert [item["output"] for item in scene.results()] == [{"a": 1}, None, {"a": 1}]
    assert shown(scene.item(three[2])) | {"updated_at": None} == three[2] | {
        "output": {"a": 1}, "metadata": {"n": 0}, "updated_at": None,
    }  # fmt: skip
    assert operations(scene, 2) == ["updated", "updated"]
    assert scene.revisions()[0]["updated"] == 2
    assert replay(scene.feed()) == {item["id"]: item for item in scene.results()}
    assert_history_holds()


def test_what_changes_nothing_is_unchanged(scene: Scene, three: list[Body]) -> None:
    answer = patch(scene, {"metadata": {"n": 1}}, ids=ids_of(three))

    assert statuses(answer) == ["updated", "unchanged", "updated"]
    assert shown(scene.item(three[1])) == three[1]
    again = patch(scene, {"metadata": {"n": 1}}, ids=ids_of(three))
    assert statuses(again) == ["unchanged"] * 3
    assert shown(again)["dataset_revision"] == scene.head() == 3
    assert counts(patch(scene, {}, ids=ids_of(three))) == {"unchanged": 3}
    assert counts(patch(scene, {"output": 1}, ids=[])) == {}
    assert_history_holds()


def test_an_id_named_twice_is_changed_once(scene: Scene, three: list[Body]) -> None:
    answer = patch(scene, {"output": 1}, ids=[three[0]["id"]] * 2)

    assert statuses(answer) == ["updated", "unchanged"]
    assert [each["version"] for each in scene.versions(three[0])] == [2, 1]


def test_archive_and_restore(scene: Scene, three: list[Body]) -> None:
    gone = ids_of(three[:2])

    assert counts(patch(scene, {"deleted": True}, ids=ids_of(three)[:2])) == {"updated": 2}
    assert [item["id"] for item in scene.results()] == [three[2]["id"]]
    assert shown(scene.page())["count"] == 1
    assert counts(patch(scene, {"deleted": True}, ids=ids_of(three))) == {"updated": 1, "unchanged": 2}
    assert counts(patch(scene, {"deleted": False}, ids=gone)) == {"updated": 2}
    assert counts(patch(scene, {"deleted": None}, ids=ids_of(three))) == {"updated": 3}

    assert operations(scene, 2) == ["archived"] * 3 + ["restored"] * 2 + ["updated"] * 2 + ["restored"]
    effects = [(each["updated"], each["archived"], each["restored"]) for each in scene.revisions()[:4]]
    assert effects == [(2, 0, 1), (0, 0, 2), (0, 1, 0), (0, 2, 0)]
    assert [item["deleted"] for item in scene.results()] == [None] * 3
    assert [item["id"] for item in scene.results("&revision=3")] == [three[2]["id"]]
    assert_history_holds()


def test_items_of_several_datasets(scene: Scene, three: list[Body]) -> None:
    other = scene.new_dataset("Other")
    elsewhere = scene.new_item(other)

    answer = patch(scene, {"output": 1}, ids=[three[0]["id"], elsewhere["id"]])

    body = shown(answer)
    assert body["dataset_revision"] is None
    assert body["dataset_revisions"] == {scene.dataset["id"]: 3, other["id"]: 3}
    assert "Dataset-Revision" not in answer.headers
    assert (scene.head(), scene.head(other)) == (3, 3)
    assert_history_holds()


def test_items_are_moved(scene: Scene, three: list[Body]) -> None:
    other = scene.new_dataset("Other")
    hidden = scene.new_item(deleted=True)
    stays = scene.new_item(other)

    answer = patch(scene, {"dataset": other["id"], "output": 1}, ids=[*ids_of(three[:2]), hidden["id"], stays["id"]])

    assert counts(answer) == {"updated": 4}
    assert shown(answer)["dataset_revision"] == scene.head(other) == 3
    assert operations(scene, 3) == ["moved_out"] * 3
    assert operations(scene, 2, other) == ["moved_in"] * 3 + ["updated"]
    assert shown(scene.page())["count"] == 1
    assert shown(scene.page(of=other))["count"] == 3
    assert scene.revisions()[0]["updated"] == 3
    for dataset in (scene.dataset, other):
        assert replay(scene.feed(of=dataset)) == {item["id"]: item for item in scene.results(of=dataset)}
    assert len(scene.results("&revision=3")) == 3
    assert_history_holds()


def test_items_are_archived_and_restored_while_they_move(scene: Scene, three: list[Body]) -> None:
    other = scene.new_dataset("Other")

    patch(scene, {"dataset": other["id"], "deleted": True}, ids=ids_of(three))
    assert shown(scene.page(of=other))["count"] == 0
    assert_history_holds()

    patch(scene, {"dataset": scene.dataset["id"], "deleted": False}, ids=ids_of(three))
    assert shown(scene.page())["count"] == 3
    assert_history_holds()


# --- By a filter -----------------------------------------------------------------------------------------------------


def by_filter(scene: Scene, changes: Any, **parameters: Any) -> Any:
    return patch(scene, changes, filter={"dataset": scene.dataset["id"], **parameters})


def test_items_are_changed_by_a_filter(scene: Scene, three: list[Body]) -> None:
    scene.new_item(scene.new_dataset("Other"), ref_source_id="s1")

    answer = by_filter(scene, {"output": 1}, ref_source_id="s1")

    assert ids(answer) == [three[1]["id"]]
    assert [item["output"] for item in scene.results()] == [None, 1, None]
    assert_history_holds()


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, [2, 1, 0]),
        ({"metadata__n": 1}, [1]),
        ({"metadata__contains": {"n": 2}}, [2]),
        ({"metadata__contains": '{"n": 2}'}, [2]),
        ({"input__contains": 0}, [0]),
        ({"search": "s2"}, [2]),
        ({"ref_source_id": "nobody"}, []),
        ({"created_at__lt": "2000-01-01T00:00:00Z"}, []),
        ({"deleted": "all"}, [2, 1, 0]),
        ({"deleted": "true"}, []),
        ({"deleted": True}, []),
        ({"deleted": False}, [2, 1, 0]),
    ],
)
def test_a_filter_takes_the_names_of_the_list(
    scene: Scene, three: list[Body], parameters: Body, found: list[int]
) -> None:
    answer = by_filter(scene, {"output": "x"}, **parameters)

    assert ids(answer) == [three[number]["id"] for number in found]


def test_a_list_of_ids_is_a_filter_too(scene: Scene, three: list[Body]) -> None:
    assert ids(by_filter(scene, {"output": 1}, id__in=ids_of(three[:1]))) == ids_of(three[:1])


def test_a_filter_means_live_items_unless_it_says_otherwise(scene: Scene, three: list[Body]) -> None:
    scene.archive(three[1])

    assert ids(by_filter(scene, {"output": 1})) == [three[2]["id"], three[0]["id"]]
    assert ids(by_filter(scene, {"deleted": False}, deleted="true")) == [three[1]["id"]]
    assert shown(scene.page())["count"] == 3
    assert_history_holds()


def test_a_filter_that_finds_nothing_changes_nothing(scene: Scene) -> None:
    answer = by_filter(scene, {"output": 1}, ref_source_id="x")

    assert counts(answer) == {}
    assert shown(answer)["dataset_revision"] == 1


def test_a_filter_that_finds_too_many(scene: Scene) -> None:
    for _ in range(2):
        post(scene, [{}] * 5001)

    refused(by_filter(scene, {"output": 1}), 400, "too_many_items", "filter")
    assert scene.head() == 3


def test_a_filter_that_takes_too_long_changes_nothing(scene: Scene, three: list[Body], settings: Any) -> None:
    settings.SEARCH_TIMEOUT_SECONDS = 0.001
    post(scene, [{"input": "x" * 1000}] * 2000)

    refused(by_filter(scene, {"output": 1}, search="nobody"), 400, "search_timeout")

    assert scene.head() == 3


def test_the_limit_of_time_is_that_of_the_search_alone(scene: Scene, three: list[Body]) -> None:
    before = fetch_one("SELECT current_setting('statement_timeout'), current_setting('plan_cache_mode')", [])

    assert counts(by_filter(scene, {"output": 1})) == {"updated": 3}

    assert fetch_one("SELECT current_setting('statement_timeout'), current_setting('plan_cache_mode')", []) == before


# --- Refusals --------------------------------------------------------------------------------------------------------


def test_an_unknown_id_refuses_all(scene: Scene, three: list[Body]) -> None:
    abroad = f"/api/projects/{scene.people.foreign_project.id}/dataset_items/bulk/"

    error = refused(patch(scene, {"output": 1}, ids=[three[0]["id"], NOWHERE]), 400, "does_not_exist", "ids.1")
    assert NOWHERE in error["detail"]
    body = {"ids": ids_of(three), "changes": {"output": 1}}
    refused(scene.stranger.patch(abroad, body), 400, "does_not_exist", "ids.0")
    assert scene.head() == 2


REQUESTS = [
    ({}, "required", "ids"),
    ({"changes": {}}, "required", "ids"),
    ({"ids": []}, "required", "changes"),
    ({"ids": [], "changes": 1}, "invalid_input", "changes"),
    ({"ids": {}, "changes": {}}, "not_a_list", "ids"),
    ({"ids": ["x"], "changes": {}}, "invalid_input", "ids.0"),
    ({"ids": [7], "changes": {}}, "invalid_input", "ids.0"),
    ({"ids": [], "filter": {}, "changes": {}}, "invalid_input", "filter"),
    ({"filter": [], "changes": {}}, "invalid_input", "filter"),
    ({"filter": {}, "changes": {}}, "required", "filter.dataset"),
    ({"filter": {"dataset": "x"}, "changes": {}}, "invalid_input", "filter.dataset"),
    ({"filter": {"dataset": NOWHERE}, "changes": {}}, "does_not_exist", "filter.dataset"),
    ({"filter": {"dataset": NOWHERE, "metdata__n": 1}, "changes": {}}, "unknown_parameter", "filter.metdata__n"),
    ({"filter": {"dataset": NOWHERE, "limit": 1}, "changes": {}}, "unknown_parameter", "filter.limit"),
    ({"filter": {"dataset": NOWHERE, "search": ""}, "changes": {}}, "empty", "filter.search"),
    ({"filter": {"dataset": NOWHERE, "search": None}, "changes": {}}, "empty", "filter.search"),
    ({"filter": {"dataset": NOWHERE, "id__in": []}, "changes": {}}, "empty", "filter.id__in"),
    (
        {"filter": {"dataset": NOWHERE, "created_at__gt": "soon"}, "changes": {}},
        "invalid_input",
        "filter.created_at__gt",
    ),
    ({"ids": [], "changes": {"ref_timestamp": "soon"}}, "invalid_input", "changes.ref_timestamp"),
    ({"ids": [], "changes": {"input": "\0"}}, "null_characters_not_allowed", "changes.input"),
    ({"ids": [], "changes": {"dataset": NOWHERE}}, "does_not_exist", "changes.dataset"),
    ({"ids": [], "changes": {"dataset": None}}, "null", "changes.dataset"),
    ({"ids": [NOWHERE] * 10_001, "changes": {}}, "too_many_items", "ids"),
    ([], "invalid_input", None),
]


@pytest.mark.parametrize(("body", "code", "attr"), REQUESTS)
def test_wrong_requests(scene: Scene, body: Any, code: str, attr: str | None) -> None:
    answer = scene.api.patch(f"{scene.items}bulk/", body)

    refused(answer, 400, code, attr)


def test_lines_are_no_changes(scene: Scene) -> None:
    answer = scene.api.patch(f"{scene.items}bulk/", "{}", content_type="application/x-ndjson")

    refused(answer, 415, "unsupported_media_type")


def test_other_methods_are_refused(scene: Scene) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert scene.api.ask(method, f"{scene.items}bulk/").status_code == 405


def test_who_may(scene: Scene, three: list[Body]) -> None:
    reader = Api(key(scene.people.owner, "dataset:read"))

    for api, status in ((scene.stranger, 403), (reader, 403), (Api(), 401), (scene.colleague, 200)):
        assert patch(scene, {"output": 1}, by=api, ids=ids_of(three)).status_code == status
    assert scene.revisions()[0]["created_by"]["email"] == "colleague@example.com"


def test_a_repeat_is_answered_again(scene: Scene, three: list[Body]) -> None:
    body = {"ids": ids_of(three), "changes": {"output": 1}}

    first, again = (scene.api.patch(f"{scene.items}bulk/", body, headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert counts(first) == {"updated": 3}
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
