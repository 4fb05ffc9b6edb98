"""PATCH dataset_items/bulk/: the same changes to many items."""

from typing import Any

import pytest

from database.query import fetch_one
from tests.api import Api
from tests.dataset_client import NOWHERE, PREFIXES, Body, DatasetClient, assert_error, ok, replay
from tests.history_check import assert_history_holds
from tests.items.bulk.requests import ids, patch, post, status_counts, statuses
from tests.people import key


@pytest.fixture
def three(client: DatasetClient) -> list[Body]:
    """Three items, oldest first."""
    post(client, [{"input": number, "metadata": {"n": number}, "ref_source_id": f"s{number}"} for number in range(3)])
    return list(reversed(client.results()))


def ids_of(items: list[Body]) -> list[str]:
    return [item["id"] for item in items]


def operations(client: DatasetClient, since: int, of: Body | None = None) -> list[str]:
    return [each["operation"] for each in client.feed(since=since, of=of, limit=2)]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_items_are_updated_by_their_ids(client: DatasetClient, three: list[Body], prefix: str) -> None:
    body = {"ids": [three[2]["id"], three[0]["id"]], "changes": {"output": {"a": 1}, "metadata": {"n": 0}}}

    response = client.api.patch(f"/api/{prefix}/{client.project_id}/dataset_items/bulk/", body)

    assert status_counts(response) == {"updated": 2}
    assert ids(response) == body["ids"]
    assert ok(response)["dataset_revision"] == client.head() == 2
    assert ok(response)["dataset_revisions"] == {client.dataset["id"]: 2}
    assert response.headers["Dataset-Revision"] == "2"
    assert [item["output"] for item in client.results()] == [{"a": 1}, None, {"a": 1}]
    assert ok(client.item(three[2])) | {"updated_at": None} == three[2] | {
        "output": {"a": 1}, "metadata": {"n": 0}, "updated_at": None,
    }  # fmt: skip
    assert operations(client, 1) == ["updated", "updated"]
    assert client.revisions()[0]["updated"] == 2
    assert replay(client.feed()) == {item["id"]: item for item in client.results()}
    assert_history_holds()


def test_equal_values_leave_items_unchanged(client: DatasetClient, three: list[Body]) -> None:
    response = patch(client, {"metadata": {"n": 1}}, ids=ids_of(three))

    assert statuses(response) == ["updated", "unchanged", "updated"]
    assert ok(client.item(three[1])) == three[1]
    again = patch(client, {"metadata": {"n": 1}}, ids=ids_of(three))
    assert statuses(again) == ["unchanged"] * 3
    assert ok(again)["dataset_revision"] == client.head() == 2
    assert status_counts(patch(client, {}, ids=ids_of(three))) == {"unchanged": 3}
    assert status_counts(patch(client, {"output": 1}, ids=[])) == {}
    assert_history_holds()


def test_a_repeated_id_is_updated_once(client: DatasetClient, three: list[Body]) -> None:
    response = patch(client, {"output": 1}, ids=[three[0]["id"]] * 2)

    assert statuses(response) == ["updated", "unchanged"]
    assert [each["version"] for each in client.versions(three[0])] == [2, 1]


def test_archive_and_restore(client: DatasetClient, three: list[Body]) -> None:
    gone = ids_of(three[:2])

    assert status_counts(patch(client, {"deleted": True}, ids=ids_of(three)[:2])) == {"updated": 2}
    assert [item["id"] for item in client.results()] == [three[2]["id"]]
    assert ok(client.page())["count"] == 1
    assert status_counts(patch(client, {"deleted": True}, ids=ids_of(three))) == {"updated": 1, "unchanged": 2}
    assert status_counts(patch(client, {"deleted": False}, ids=gone)) == {"updated": 2}
    assert status_counts(patch(client, {"deleted": None}, ids=ids_of(three))) == {"updated": 3}

    assert operations(client, 1) == ["archived"] * 3 + ["restored"] * 2 + ["updated"] * 2 + ["restored"]
    effects = [(each["updated"], each["archived"], each["restored"]) for each in client.revisions()[:4]]
    assert effects == [(2, 0, 1), (0, 0, 2), (0, 1, 0), (0, 2, 0)]
    assert [item["deleted"] for item in client.results()] == [None] * 3
    assert [item["id"] for item in client.results("&revision=2")] == [three[2]["id"]]
    assert_history_holds()


def test_items_of_several_datasets_are_updated(client: DatasetClient, three: list[Body]) -> None:
    other = client.new_dataset("Other")
    elsewhere = client.new_item(other)

    response = patch(client, {"output": 1}, ids=[three[0]["id"], elsewhere["id"]])

    body = ok(response)
    assert body["dataset_revision"] is None
    assert body["dataset_revisions"] == {client.dataset["id"]: 2, other["id"]: 2}
    assert "Dataset-Revision" not in response.headers
    assert (client.head(), client.head(other)) == (2, 2)
    assert_history_holds()


def test_items_are_moved(client: DatasetClient, three: list[Body]) -> None:
    other = client.new_dataset("Other")
    hidden = client.new_item(deleted=True)
    stays = client.new_item(other)

    response = patch(client, {"dataset": other["id"], "output": 1}, ids=[*ids_of(three[:2]), hidden["id"], stays["id"]])

    assert status_counts(response) == {"updated": 4}
    assert ok(response)["dataset_revision"] == client.head(other) == 2
    assert operations(client, 2) == ["moved_out"] * 3
    assert operations(client, 1, other) == ["moved_in"] * 3 + ["updated"]
    assert ok(client.page())["count"] == 1
    assert ok(client.page(of=other))["count"] == 3
    assert client.revisions()[0]["updated"] == 3
    for dataset in (client.dataset, other):
        assert replay(client.feed(of=dataset)) == {item["id"]: item for item in client.results(of=dataset)}
    assert len(client.results("&revision=2")) == 3
    assert_history_holds()


def test_items_are_archived_and_restored_by_a_move(client: DatasetClient, three: list[Body]) -> None:
    other = client.new_dataset("Other")

    patch(client, {"dataset": other["id"], "deleted": True}, ids=ids_of(three))
    assert ok(client.page(of=other))["count"] == 0
    assert_history_holds()

    patch(client, {"dataset": client.dataset["id"], "deleted": False}, ids=ids_of(three))
    assert ok(client.page())["count"] == 3
    assert_history_holds()


# --- By a filter -----------------------------------------------------------------------------------------------------


def by_filter(client: DatasetClient, changes: Any, **parameters: Any) -> Any:
    return patch(client, changes, filter={"dataset": client.dataset["id"], **parameters})


def test_items_are_updated_by_a_filter(client: DatasetClient, three: list[Body]) -> None:
    client.new_item(client.new_dataset("Other"), ref_source_id="s1")

    response = by_filter(client, {"output": 1}, ref_source_id="s1")

    assert ids(response) == [three[1]["id"]]
    assert [item["output"] for item in client.results()] == [None, 1, None]
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
def test_a_filter_takes_the_conditions_of_the_list(
    client: DatasetClient, three: list[Body], parameters: Body, found: list[int]
) -> None:
    response = by_filter(client, {"output": "x"}, **parameters)

    assert ids(response) == [three[number]["id"] for number in found]


def test_a_filter_may_list_ids(client: DatasetClient, three: list[Body]) -> None:
    assert ids(by_filter(client, {"output": 1}, id__in=ids_of(three[:1]))) == ids_of(three[:1])


def test_a_filter_selects_live_items_by_default(client: DatasetClient, three: list[Body]) -> None:
    client.archive(three[1])

    assert ids(by_filter(client, {"output": 1})) == [three[2]["id"], three[0]["id"]]
    assert ids(by_filter(client, {"deleted": False}, deleted="true")) == [three[1]["id"]]
    assert ok(client.page())["count"] == 3
    assert_history_holds()


def test_a_filter_without_matches_changes_nothing(client: DatasetClient) -> None:
    response = by_filter(client, {"output": 1}, ref_source_id="x")

    assert status_counts(response) == {}
    assert ok(response)["dataset_revision"] == 0


def test_a_filter_with_too_many_matches_is_rejected(client: DatasetClient) -> None:
    for _ in range(2):
        post(client, [{}] * 5001)

    assert_error(by_filter(client, {"output": 1}), 400, "too_many_items", "filter")
    assert client.head() == 2


def test_a_filter_that_takes_too_long_changes_nothing(client: DatasetClient, three: list[Body], settings: Any) -> None:
    settings.SEARCH_TIMEOUT_SECONDS = 0.001
    post(client, [{"input": "x" * 1000}] * 2000)

    assert_error(by_filter(client, {"output": 1}, search="nobody"), 400, "search_timeout")

    assert client.head() == 2


def test_the_time_limit_applies_only_to_the_search(client: DatasetClient, three: list[Body]) -> None:
    before = fetch_one("SELECT current_setting('statement_timeout'), current_setting('plan_cache_mode')", [])

    assert status_counts(by_filter(client, {"output": 1})) == {"updated": 3}

    assert fetch_one("SELECT current_setting('statement_timeout'), current_setting('plan_cache_mode')", []) == before


# --- Errors ----------------------------------------------------------------------------------------------------------


def test_an_unknown_id_rejects_the_request(client: DatasetClient, three: list[Body]) -> None:
    abroad = f"/api/projects/{client.people.foreign_project.id}/dataset_items/bulk/"

    error = assert_error(patch(client, {"output": 1}, ids=[three[0]["id"], NOWHERE]), 400, "does_not_exist", "ids.1")
    assert NOWHERE in error["detail"]
    body = {"ids": ids_of(three), "changes": {"output": 1}}
    assert_error(client.stranger.patch(abroad, body), 400, "does_not_exist", "ids.0")
    assert client.head() == 1


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
def test_invalid_requests_are_rejected(client: DatasetClient, body: Any, code: str, attr: str | None) -> None:
    response = client.api.patch(f"{client.items}bulk/", body)

    assert_error(response, 400, code, attr)


def test_a_body_of_lines_is_rejected(client: DatasetClient) -> None:
    response = client.api.patch(f"{client.items}bulk/", "{}", content_type="application/x-ndjson")

    assert_error(response, 415, "unsupported_media_type")


def test_other_methods_are_not_allowed(client: DatasetClient) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert client.api.ask(method, f"{client.items}bulk/").status_code == 405


def test_only_members_with_the_write_scope_update_items(client: DatasetClient, three: list[Body]) -> None:
    reader = Api(key(client.people.owner, "dataset:read"))

    for api, status in ((client.stranger, 403), (reader, 403), (Api(), 401), (client.colleague, 200)):
        assert patch(client, {"output": 1}, by=api, ids=ids_of(three)).status_code == status
    assert client.revisions()[0]["created_by"]["email"] == "colleague@example.com"


def test_a_repeat_returns_the_stored_response(client: DatasetClient, three: list[Body]) -> None:
    body = {"ids": ids_of(three), "changes": {"output": 1}}

    first, again = (client.api.patch(f"{client.items}bulk/", body, headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert status_counts(first) == {"updated": 3}
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_dry_run_returns_the_same_response_and_stores_nothing(client: DatasetClient) -> None:
    item = client.new_item(input=1)
    body = {"ids": [item["id"]], "changes": {"input": 2}}

    tried = ok(client.api.patch(f"{client.items}bulk/?dry_run=true", body))

    assert (client.head(), client.results()[0]["input"]) == (1, 1)
    assert ok(client.api.patch(f"{client.items}bulk/", body)) == tried
    assert tried["dataset_revision"] == client.head() == 2
