"""Erasure of items: their content is in no response and no table, and nothing restores it."""

from typing import Any

import pytest
from django.apps import apps

from database.query import fetch_all
from items.models import Erasure
from tests.api import Api
from tests.dataset_client import NOWHERE, Body, DatasetClient, assert_error, assert_not_found, created, ok
from tests.history_check import assert_history_holds
from tests.people import key

CANARY = "canary-6f1d"
NULLS = dict.fromkeys(("input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id"))


def erase(client: DatasetClient, item: Body, query: str = "", **body: Any) -> Any:
    return client.api.post(client.item_path(item, f"erase/{query}"), body)


def erase_many(client: DatasetClient, query: str = "", **body: Any) -> Any:
    return client.api.post(f"{client.items}erase/{query}", body)


def tables_with(text: str) -> list[str]:
    """Return every table that has a row with the text, including bytes."""
    found = []
    for model in apps.get_models():
        table = model._meta.db_table  # noqa: SLF001  Django documents it
        in_hex = text.encode().hex()
        statement = f"SELECT 1 FROM {table} t WHERE t::text LIKE %(text)s OR t::text LIKE %(hex)s LIMIT 1"
        if fetch_all(statement, {"text": f"%{text}%", "hex": f"%{in_hex}%"}):
            found.append(table)
    return found


@pytest.fixture
def planted(client: DatasetClient) -> Body:
    """An item whose content is everywhere: in versions, a stored response, a message, the later API's fields, forks."""
    headers = {"Idempotency-Key": "first", "Revision-Message": f"from {CANARY}"}
    body = {"dataset": client.dataset["id"], "input": CANARY, "metadata": {CANARY: 1}, "ref_trace_id": CANARY}
    item = created(client.api.post(client.items, body, headers=headers))
    ok(client.api.patch(client.item_path(item), {"output": [CANARY]}, headers={"Idempotency-Key": "second"}))
    client.fork = created(client.api.post(client.path("fork/"), {"name": "Fork"}))  # type: ignore[attr-defined]
    client.grandchild = created(  # type: ignore[attr-defined]
        client.api.post(client.path("fork/", client.fork), {"name": "Fork of the fork"})  # type: ignore[attr-defined]
    )
    other = client.new_dataset("Other")
    ok(client.api.patch(client.item_path(item), {"dataset": other["id"]}, headers=headers | {"Idempotency-Key": "m"}))
    client.move(item, client.dataset)
    client.patch(item, input="other", metadata=None, ref_trace_id=None)
    return item


def test_the_content_is_in_no_table_afterwards(client: DatasetClient, planted: Body) -> None:
    source = {"dataset": client.dataset["id"], "input": CANARY, "source_output": CANARY, "client_item_id": CANARY}
    later = created(client.api.post(f"/v2{client.items}", source, headers={"Idempotency-Key": "later"}))
    assert {"dataset_item", "item_version", "dataset_change", "idempotency_record", "item_source"} <= set(
        tables_with(CANARY)
    )

    response = ok(erase_many(client, ids=[planted["id"], later["id"]], reason="request 17"))

    assert tables_with(CANARY) == []
    assert [each["id"] for each in response["erased"][:2]] == [planted["id"], later["id"]]
    assert len(response["erased"]) == 4
    assert_history_holds()


def test_the_response_lists_what_was_erased(client: DatasetClient) -> None:
    item = client.new_item(input=CANARY)
    client.patch(item, input=1)

    response = erase(client, item, reason="request 17")

    expected = {"dataset": client.dataset["id"], "id": item["id"], "versions": 2, "revision": 3}
    assert (response.status_code, response.json()) == (200, {"erased": [expected]})
    assert response.headers["Dataset-Revision"] == "3"


def test_ids_numbers_and_users_stay(client: DatasetClient) -> None:
    item = client.new_item(input=CANARY, by=client.colleague)
    client.patch(item, output=CANARY)
    other = client.new_item(input=2)
    etag = client.page().headers["ETag"]

    ok(erase(client, item))

    assert client.item(item).status_code == 404
    assert [each["id"] for each in client.results()] == [other["id"]]
    assert client.page().headers["ETag"] != etag
    [past] = client.results("&revision=2")
    assert past == past | NULLS | {"id": item["id"], "created_at": item["created_at"]}
    versions = client.versions(item)
    assert [each["version"] for each in versions] == [3, 2, 1]
    assert all(each == each | NULLS for each in versions)
    assert versions[2]["created_by"]["email"] == "colleague@example.com"
    entry = client.feed()[-1]
    assert (entry["operation"], entry["version"]) == ("erased", 3)
    assert entry["item"] == entry["item"] | NULLS | {"id": item["id"], "deleted": True}
    assert client.revisions()[0]["archived"] == 1
    assert client.item(item, "?version=1").json()["input"] is None
    assert_history_holds()


def test_nothing_brings_the_content_back(client: DatasetClient) -> None:
    item = client.new_item(input=CANARY)
    before = client.head()
    ok(erase(client, item))

    responses = [
        client.api.post(client.item_path(item, "restore/")),
        client.api.post(client.item_path(item, "restore/"), {"source_version": 1}),
        client.api.patch(client.item_path(item), {"deleted": False}),
        client.api.patch(client.item_path(item), {"input": CANARY}),
        client.api.patch(f"{client.items}bulk/", {"ids": [item["id"]], "changes": {"deleted": False}}),
        client.api.post(client.path("rollback/"), {"revision": before}),
    ]

    for response in responses:
        error = assert_error(response, 409, "erased")
        assert item["id"] in error["detail"]
    assert client.head() == before + 1


def test_an_erased_item_is_reported_before_its_schema_violations(client: DatasetClient) -> None:
    item = client.new_item(input=CANARY)
    ok(client.api.put(client.path("schemas/"), {"input": {"type": "string"}}))
    ok(erase(client, item))

    assert_error(client.api.post(client.item_path(item, "restore/")), 409, "erased")


def test_a_repeat_of_a_request_whose_response_is_erased_stores_nothing(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"], "input": CANARY}
    item = created(client.api.post(client.items, body, headers={"Idempotency-Key": "k"}))
    kept = created(client.api.post(client.items, body, headers={"Idempotency-Key": "other"}))
    ok(erase(client, item))

    assert_error(client.api.post(client.items, body, headers={"Idempotency-Key": "k"}), 409, "erased")

    assert created(client.api.post(client.items, body, headers={"Idempotency-Key": "other"})) == kept
    assert client.head() == 3


def test_copies_are_erased_too_by_default(client: DatasetClient) -> None:
    item = client.new_item(input=CANARY)
    fork = created(client.api.post(client.path("fork/"), {"name": "Fork"}))

    ok(erase(client, item, copies=False))
    assert [each["input"] for each in client.results(of=fork)] == [CANARY]
    response = ok(erase(client, item))

    assert [each["dataset"] for each in response["erased"]] == [fork["id"]]
    assert tables_with(CANARY) == []
    assert ok(erase(client, item)) == {"erased": []}
    assert_history_holds()


def test_items_are_found_by_a_filter(client: DatasetClient) -> None:
    for number in range(3):
        client.new_item(input=number, metadata={"subject": "a" if number else "b"})
    selected = {"dataset": client.dataset["id"], "metadata__subject": "a"}

    tried = ok(erase_many(client, "?dry_run=true", filter=selected))
    assert (client.head(), Erasure.objects.count()) == (3, 0)
    response = ok(erase_many(client, filter=selected))

    assert response == tried
    assert [each["input"] for each in client.results()] == [0]
    assert client.head() == 4
    assert_history_holds()


def test_erasures_are_listed_without_content(client: DatasetClient) -> None:
    item = client.new_item(input=CANARY)
    ok(erase(client, item, reason="request 17"))

    [row] = ok(client.api.get(f"{client.base}/erasures/"))["results"]

    assert list(row) == ["id", "dataset", "item", "revision", "versions", "reason", "created_at", "created_by"]
    assert (row["dataset"], row["item"]) == (client.dataset["id"], item["id"])
    assert (row["revision"], row["versions"], row["reason"]) == (2, 1, "request 17")
    assert row["created_by"]["email"] == "owner@example.com"


def test_an_erasure_is_one_line_of_the_log(
    client: DatasetClient, caplog: Any, django_capture_on_commit_callbacks: Any
) -> None:
    item = client.new_item(input=CANARY)
    client.patch(item, input=1)

    with django_capture_on_commit_callbacks(execute=True):
        ok(erase(client, item, reason=f"about {CANARY}"))

    [record] = [each for each in caplog.records if each.name == "items.erasure"]
    assert (record.message, record.items, record.versions) == ("Items erased", 1, 2)
    assert CANARY not in str(vars(record))


def test_bad_requests_erase_nothing(client: DatasetClient) -> None:
    item = client.new_item(input=1)
    unknown = {"dataset": client.dataset["id"], "perhaps": "1"}

    assert_not_found(erase(client, {"id": NOWHERE}))
    assert_error(erase_many(client, ids=[item["id"], NOWHERE]), 400, "does_not_exist", "ids.1")
    assert_error(erase_many(client, ids=[]), 400, "empty", "ids")
    assert_error(erase_many(client), 400, "required", "ids")
    assert_error(erase_many(client, filter={}), 400, "required", "filter.dataset")
    assert_error(erase_many(client, filter=unknown), 400, "unknown_parameter", "filter.perhaps")
    assert_error(erase_many(client, filter={"dataset": NOWHERE}), 400, "does_not_exist", "filter.dataset")
    assert_error(erase_many(client, ids=[item["id"]], perhaps=1), 400, "unknown_field", "perhaps")
    assert_error(erase(client, item, perhaps=1), 400, "unknown_field", "perhaps")
    assert_error(erase(client, item, reason="x" * 501), 400, "max_length", "reason")
    assert client.head() == 1


def test_erasing_needs_the_erase_scope(client: DatasetClient) -> None:
    item, owner = client.new_item(input=1), client.people.owner
    paths = [client.item_path(item, "erase/"), f"{client.items}erase/", client.path("erase/")]

    for path in paths:
        for scope in ("dataset:write", "dataset:read"):
            response = Api(key(owner, scope)).post(path, {"ids": [item["id"]]})
            assert_error(response, 403, "permission_denied")
        assert client.stranger.post(path).status_code == 403
    assert Api(key(owner, "dataset:erase")).get(f"{client.base}/erasures/").status_code == 403
    ok(Api(key(owner, "dataset:read")).get(f"{client.base}/erasures/"))
    ok(Api(key(client.people.colleague, "dataset:erase")).post(paths[0]))
