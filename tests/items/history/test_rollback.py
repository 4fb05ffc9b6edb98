"""Rollback: returns the items to their state at a revision, as one new revision."""

from typing import Any

import pytest

from items.rollback import rollback
from tests.api import Api
from tests.dataset_client import CONTENT, NOWHERE, Body, DatasetClient, assert_error, assert_not_found, ok, replay
from tests.history_check import assert_history_holds
from tests.people import key


def roll_back(client: DatasetClient, revision: Any, query: str = "", **more: Any) -> Any:
    return client.api.post(client.path(f"rollback/{query}"), {"revision": revision}, **more)


def contents(items: list[Body]) -> dict[str, Body]:
    return {item["id"]: {name: item[name] for name in (*CONTENT, "deleted")} for item in items}


@pytest.fixture
def changed(client: DatasetClient) -> DatasetClient:
    """Items at revision 4 (kept, changed, archived, restored later), with further writes since."""
    client.kept = client.new_item(input="kept")  # type: ignore[attr-defined]
    changed = client.new_item(input="old", output={"a": [1]}, metadata={"k": 1}, ref_trace_id="t")
    archived = client.new_item(input="archived")
    gone = client.new_item(input="gone", deleted=True)
    ok(client.api.patch(client.item_path(changed), {"input": "new", "output": None, "ref_trace_id": None}))
    client.archive(archived)
    client.restore(gone)
    client.new_item(input="created since")
    client.patch(client.kept, input="other")  # type: ignore[attr-defined]
    client.patch(client.kept, input="kept")  # type: ignore[attr-defined]
    return client


def test_a_rollback_is_one_revision(changed: DatasetClient) -> None:
    before, head = contents(changed.results("&revision=4")), changed.head()

    response = roll_back(changed, 4)

    expected = {"revision": 4, "dataset_revision": head + 1, "updated": 1, "archived": 2, "restored": 1}
    assert (response.status_code, response.json()) == (200, expected)
    assert response.headers["Dataset-Revision"] == str(head + 1)
    assert contents(changed.results()) == before
    assert changed.head() == head + 1
    assert contents(list(replay(changed.feed()).values())) == before
    newest = changed.revisions()[0]
    assert [newest[name] for name in ("created", "updated", "archived", "restored")] == [0, 1, 2, 1]
    assert_history_holds()


def test_past_lists_do_not_change(changed: DatasetClient) -> None:
    pages = [changed.results(f"&revision={number}") for number in range(changed.head() + 1)]

    roll_back(changed, 4)

    assert [changed.results(f"&revision={number}") for number in range(len(pages))] == pages


def test_a_rollback_in_many_batches_is_the_same(changed: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollback, "BATCH_ROWS", 1)
    before = contents(changed.results("&revision=4"))

    ok(roll_back(changed, 4))

    assert contents(changed.results()) == before
    assert_history_holds()


def test_a_second_rollback_finds_nothing_to_do(changed: DatasetClient) -> None:
    ok(roll_back(changed, 4))
    head = changed.head()

    response = ok(roll_back(changed, 4))

    assert response == {"revision": 4, "dataset_revision": head, "updated": 0, "archived": 0, "restored": 0}
    assert changed.head() == head


def test_a_rollback_can_be_rolled_back(changed: DatasetClient) -> None:
    head, before = changed.head(), contents(changed.results())
    ok(roll_back(changed, 0))
    assert changed.results() == []

    ok(roll_back(changed, head))

    assert contents(changed.results()) == before
    assert_history_holds()


def test_a_dry_run_returns_the_same_response_and_stores_nothing(changed: DatasetClient) -> None:
    head, before = changed.head(), changed.results()

    tried = ok(roll_back(changed, 4, "?dry_run=true", headers={"Idempotency-Key": "k"}))

    assert (changed.head(), changed.results()) == (head, before)
    assert ok(roll_back(changed, 4, headers={"Idempotency-Key": "k"})) == tried
    assert roll_back(changed, 4, headers={"Idempotency-Key": "k"}).headers["Idempotency-Replayed"] == "true"
    assert_error(roll_back(changed, 4, "?dry_run=perhaps"), 400, "invalid_input", "dry_run")


def test_a_tag_names_the_revision(changed: DatasetClient) -> None:
    changed.tag("golden", 4)

    assert ok(roll_back(changed, "golden"))["revision"] == 4


def test_items_moved_in_are_archived_and_items_moved_out_prevent_it(client: DatasetClient) -> None:
    other = client.new_dataset("Other")
    item, guest = client.new_item(input=1), client.new_item(other, input=2)
    client.move(guest, client.dataset)
    ok(roll_back(client, 1))
    assert [each["id"] for each in client.results()] == [item["id"]]
    client.move(item, other)
    head = client.head()

    error = assert_error(roll_back(client, 1), 409, "items_moved")

    assert item["id"] in error["detail"]
    assert client.head() == head
    assert_history_holds()


def test_content_that_violates_the_schemas_is_not_restored(client: DatasetClient) -> None:
    item = client.new_item(input="text")
    client.patch(item, input=1)
    ok(client.api.put(client.path("schemas/"), {"input": {"type": "integer"}}))

    assert_error(roll_back(client, 1), 400, "schema_mismatch", "input")

    assert client.results()[0]["input"] == 1


def test_bad_requests_are_rejected(changed: DatasetClient) -> None:
    head = changed.head()

    assert_not_found(roll_back(changed, head + 1))
    assert_not_found(changed.api.post(f"{changed.datasets}{NOWHERE}/rollback/", {"revision": 1}))
    assert_error(changed.api.post(changed.path("rollback/"), {}), 400, "required", "revision")
    assert_error(roll_back(changed, "NO TAG"), 400, "invalid_input", "revision")
    assert_error(roll_back(changed, 4, "?perhaps=1"), 400, "unknown_parameter", "perhaps")
    more = changed.api.post(changed.path("rollback/"), {"revision": 4, "force": True})
    assert_error(more, 400, "unknown_field", "force")
    assert changed.head() == head


def test_a_rollback_needs_the_scope_to_write_and_membership(changed: DatasetClient) -> None:
    path, owner = changed.path("rollback/"), changed.people.owner

    assert Api(key(owner, "dataset:read")).post(path, {"revision": 4}).status_code == 403
    assert changed.stranger.post(path, {"revision": 4}).status_code == 403
    ok(Api(key(changed.people.colleague, "dataset:write")).post(path, {"revision": 4}))
