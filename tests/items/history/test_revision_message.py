"""Revision-Message: stored with the revision that a write makes, and shown with it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.dataset_client import DatasetClient, assert_error, created, ok
from tests.history_check import assert_history_holds
from tests.items.imports.files import lines

HEADERS = {"Revision-Message": "after the review"}

WRITES: dict[str, Callable[[DatasetClient, dict[str, Any]], Any]] = {
    "create": lambda client, item: client.api.post(client.items, {"dataset": client.dataset["id"]}, headers=HEADERS),
    "change": lambda client, item: client.api.patch(client.item_path(item), {"input": 2}, headers=HEADERS),
    "archive": lambda client, item: client.api.post(client.item_path(item, "archive/"), headers=HEADERS),
    "bulk create": lambda client, item: client.api.post(
        f"{client.items}bulk/", {"dataset": client.dataset["id"], "items": [{}, {}]}, headers=HEADERS
    ),
    "bulk change": lambda client, item: client.api.patch(
        f"{client.items}bulk/", {"ids": [item["id"]], "changes": {"input": 2}}, headers=HEADERS
    ),
    "import": lambda client, item: client.api.post(
        client.path("import/?import_format=jsonl"),
        lines({"input": 1}),
        content_type="application/octet-stream",
        headers=HEADERS,
    ),
    "rollback": lambda client, item: client.api.post(client.path("rollback/"), {"revision": 0}, headers=HEADERS),
}


@pytest.mark.parametrize("kind", WRITES)
def test_each_kind_of_write_stores_its_message(client: DatasetClient, kind: str) -> None:
    item = client.new_item(input=1)

    response = WRITES[kind](client, item)

    assert response.status_code in {200, 201}, response.content
    assert [each["message"] for each in client.revisions()] == ["after the review", None]
    entries = client.feed(since=1)
    assert {each["message"] for each in entries} == {"after the review"}
    assert client.feed()[0]["message"] is None


def test_a_fork_and_both_sides_of_a_move_store_it(client: DatasetClient) -> None:
    item, other = client.new_item(), client.new_dataset("Other")
    fork = created(client.api.post(client.path("fork/"), {"name": "Fork"}, headers=HEADERS))
    ok(client.api.patch(client.item_path(item), {"dataset": other["id"]}, headers=HEADERS))

    for dataset in (fork, other, client.dataset):
        assert client.revisions(dataset)[0]["message"] == "after the review"
    assert_history_holds()


def test_a_page_that_begins_inside_a_revision_shows_it(client: DatasetClient) -> None:
    bulk = {"dataset": client.dataset["id"], "items": [{}, {}, {}]}
    ok(client.api.post(f"{client.items}bulk/", bulk, headers=HEADERS))

    assert [each["message"] for each in client.feed(limit=1)] == ["after the review"] * 3


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("plain text, it's so", "plain text, it's so"),
        ("UTF-8''na%C3%AFve%20%F0%9F%8E%89", "naïve 🎉"),
        ("utf-8'fr'%E2%82%AC", "€"),
        ("x" * 500, "x" * 500),
        (f"UTF-8''{'%C3%AF' * 500}", "ï" * 500),
    ],
)
def test_a_message_is_decoded(client: DatasetClient, sent: str, kept: str) -> None:
    body = {"dataset": client.dataset["id"]}
    created(client.api.post(client.items, body, headers={"Revision-Message": sent}))

    assert client.revisions()[0]["message"] == kept


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("", "invalid_input"),
        ("x" * 501, "max_length"),
        ("UTF-8''", "invalid_input"),
        ("UTF-8''%FF", "invalid_input"),
        ("UTF-8''%00", "invalid_input"),
        ("UTF-8''%4", "invalid_input"),
        ("ISO-8859-1''%EF", "invalid_input"),
        ("naïve", "invalid_input"),
        ("a\tb", "invalid_input"),
    ],
)
def test_an_invalid_message_rejects_the_write(client: DatasetClient, sent: str, code: str) -> None:
    body = {"dataset": client.dataset["id"]}

    response = client.api.post(client.items, body, headers={"Revision-Message": sent})

    assert_error(response, 400, code, "Revision-Message")
    assert client.head() == 0


def test_a_write_without_effect_stores_nothing_and_reads_ignore_it(client: DatasetClient) -> None:
    item = client.new_item(input=1)
    ok(client.api.patch(client.item_path(item), {"input": 1}, headers=HEADERS))
    ok(client.api.get(client.item_path(item), headers=HEADERS))

    assert [each["message"] for each in client.revisions()] == [None]
