"""Bulk requests that match items by id; dry runs; compressed bodies."""

import gzip
import json
from typing import Any

import pytest

from tests.dataset_client import Body, DatasetClient, ok
from tests.history_check import assert_history_holds

pytestmark = pytest.mark.django_db


def bulk(client: DatasetClient, items: list[Any], query: str = "") -> Any:
    return client.api.post(f"{client.items}bulk/{query}", {"dataset": client.dataset["id"], "items": items})


def statuses(body: Body) -> list[str]:
    return [result["status"] for result in body["results"]]


def test_items_that_are_sent_back_are_updated(client: DatasetClient) -> None:
    bulk(client, [{"input": 1, "output": "a"}, {"input": 2}])
    second, first = client.results()

    body = ok(bulk(client, [first | {"output": "b"}, second, {"input": 3}], "?match_on=id&on_conflict=update"))

    assert statuses(body) == ["updated", "unchanged", "created"]
    assert [item["output"] for item in client.results()] == [None, None, "b"]
    assert_history_holds()


def test_an_unknown_or_missing_id(client: DatasetClient) -> None:
    stranger = "01990000-0000-7000-8000-00000000dead"

    for item_id, code in ((stranger, "does_not_exist"), ("soon", "invalid_input"), (7, "invalid_input")):
        response = bulk(client, [{"id": item_id, "input": 1}], "?match_on=id&on_conflict=update")
        assert (response.status_code, response.json()["code"], response.json()["attr"]) == (400, code, "items.0.id")
    assert bulk(client, [{"id": None}], "?match_on=id").status_code == 200


def test_an_existing_item_is_a_conflict_or_skipped(client: DatasetClient) -> None:
    bulk(client, [{"input": 1}])
    [item] = client.results()

    assert bulk(client, [{"id": item["id"], "input": 2}], "?match_on=id").status_code == 409
    assert statuses(ok(bulk(client, [{"id": item["id"], "input": 2}], "?match_on=id&on_conflict=skip"))) == ["skipped"]


def test_an_item_of_another_dataset_is_not_matched(client: DatasetClient) -> None:
    bulk(client, [{"input": 1}])
    [item] = client.results()
    other = client.new_dataset("Other")

    response = client.api.post(
        f"{client.items}bulk/?match_on=id&on_conflict=update",
        {"dataset": other["id"], "items": [{"id": item["id"], "input": 2}]},
    )
    assert response.json()["code"] == "does_not_exist"


def test_a_dry_run_responds_and_stores_nothing(client: DatasetClient) -> None:
    bulk(client, [{"input": 1, "ref_source_id": "a"}])
    head = client.head()
    items = [{"input": 2, "ref_source_id": "a"}, {"input": 3}]

    body = ok(bulk(client, items, "?match_on=ref_source_id&on_conflict=update&dry_run=true"))

    assert (statuses(body), body["created"], body["updated"]) == (["updated", "created"], 1, 1)
    assert body["results"][0]["fields"] == ["input"]
    assert (body["results"][1]["id"], body["dataset_revision"], client.head()) == (None, head, head)
    assert [item["input"] for item in client.results()] == [1]
    assert bulk(client, [{"deleted": "?"}], "?dry_run=true").status_code == 400


def compressed(client: DatasetClient, body: bytes, encoding: str, media_type: str = "application/json") -> Any:
    headers = {"Content-Encoding": encoding}
    path = f"{client.items}bulk/?dataset={client.dataset['id']}"
    return client.api.post(path, body, content_type=media_type, headers=headers)


def test_compressed_bodies(client: DatasetClient) -> None:
    body = json.dumps({"items": [{"input": 1}]}).encode()

    assert ok(compressed(client, gzip.compress(body), "gzip"))["created"] == 1
    assert ok(compressed(client, gzip.compress(b'{"input": 2}\n'), "x-gzip", "application/x-ndjson"))["created"] == 1
    assert ok(compressed(client, b'{"input": 3}\n', "identity", "application/jsonl"))["created"] == 1
    assert compressed(client, gzip.compress(body)[:-9], "gzip").status_code == 400
    assert compressed(client, body, "gzip").status_code == 400
    assert compressed(client, gzip.compress(b" " * 21_000_000), "gzip").status_code == 413
    response = compressed(client, body, "br")
    assert (response.status_code, '"br"' in response.json()["detail"]) == (415, True)


def test_a_compressed_body_is_rejected_elsewhere(client: DatasetClient) -> None:
    body = gzip.compress(json.dumps({"dataset": client.dataset["id"]}).encode())
    response = client.api.post(
        client.items, body, content_type="application/json", headers={"Content-Encoding": "gzip"}
    )

    assert (response.status_code, '"gzip"' in response.json()["detail"]) == (415, True)
