"""Items of a dataset that are equal in one or several fields."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.dataset_client import NOWHERE, PREFIXES, Body, DatasetClient, assert_error, assert_not_found, ok


def duplicates(client: DatasetClient, on: str = "input", more: str = "") -> Body:
    return ok(client.api.get(client.path(f"duplicates/?on={on}{more}")))


def raw_item(client: DatasetClient, value: bytes) -> str:
    body = b'{"dataset": "%s", "input": %s}' % (client.dataset["id"].encode(), value)
    return str(client.api.post(client.items, body).json()["id"])


def test_equal_values_are_grouped_oldest_first(client: DatasetClient) -> None:
    a, b, c = (client.new_item(input={"q": q})["id"] for q in "aba")
    d, e, _ = (client.new_item(input={"q": q})["id"] for q in "abc")

    for prefix in PREFIXES:
        path = f"/api/{prefix}/{client.project_id}/datasets/{client.dataset['id']}/duplicates/?on=input"
        assert ok(client.colleague.get(path)) == {
            "count": 2,
            "next": None,
            "previous": None,
            "results": [
                {"count": 3, "oldest": a, "ids": [a, c, d]},
                {"count": 2, "oldest": b, "ids": [b, e]},
            ],
        }


def test_json_is_compared_by_value(client: DatasetClient) -> None:
    same = [raw_item(client, text) for text in (b'{"a": 1, "b": 2}', b'{"b": 2.0, "a": 10e-1}', b'{"b":3,"a":1,"b":2}')]
    large = [raw_item(client, text) for text in (b"1e400", b"10e399")]
    for text in (b'{"a": 1}', b'{"a": "1"}', b"1e401", b"[1, 2]", b"[2, 1]", b"true", b'"true"'):
        raw_item(client, text)

    assert [each["ids"] for each in duplicates(client)["results"]] == [same, large]


def test_items_without_a_value_are_not_duplicates(client: DatasetClient) -> None:
    for _ in range(3):
        client.new_item(output="only")
    pair = [client.new_item(input=1)["id"] for _ in range(2)]

    assert [each["ids"] for each in duplicates(client)["results"]] == [pair]
    # If one field has a value, nulls in another field are equal.
    assert [each["count"] for each in duplicates(client, "input,output")["results"]] == [3, 2]


def test_several_fields_are_compared_together(client: DatasetClient) -> None:
    client.new_item(input=1, output=1, ref_source_id="s", ref_timestamp="2026-01-01T00:00:00Z")
    client.new_item(input=1, output=2, ref_source_id="s", ref_timestamp="2026-01-01T01:00:00+01:00")
    client.new_item(input=2, output=1, ref_source_id="t")

    counts = {on: duplicates(client, on)["count"] for on in ("input", "output", "input,output", "output,input")}
    assert counts == {"input": 1, "output": 1, "input,output": 0, "output,input": 0}
    assert duplicates(client, "ref_source_id,input")["count"] == 1
    assert duplicates(client, "ref_timestamp")["count"] == 1
    assert duplicates(client, "ref_trace_id")["count"] == 0


def test_only_live_items_of_the_dataset_count(client: DatasetClient) -> None:
    client.archive(client.new_item(input=1))
    client.new_item(client.new_dataset("Other"), input=1)
    client.new_item(input=1)

    assert duplicates(client)["count"] == 0


def test_duplicates_come_in_pages(client: DatasetClient) -> None:
    for number in (1, 1, 2, 2, 2, 3, 3):
        client.new_item(input=number)

    pages = [duplicates(client, more=f"&limit=1&offset={offset}") for offset in range(4)]

    assert [[each["count"] for each in page["results"]] for page in pages] == [[3], [2], [2], []]
    assert all(page["count"] == 3 for page in pages)
    assert "on=input" in pages[0]["next"]


def test_a_large_group_names_a_hundred_ids(client: DatasetClient) -> None:
    made = [client.new_item(input="same")["id"] for _ in range(103)]

    (group,) = duplicates(client)["results"]

    assert (group["count"], group["ids"]) == (103, made[:100])


@pytest.mark.parametrize(("on", "code"), [("", "required"), ("inputs", "invalid_input"), ("input,id", "invalid_input")])
def test_fields_that_can_be_compared(client: DatasetClient, on: str, code: str) -> None:
    assert_error(client.api.get(client.path(f"duplicates/?on={on}")), 400, code, "on")


def test_duplicates_of_an_unknown_dataset(client: DatasetClient) -> None:
    assert_not_found(client.api.get(f"{client.datasets}{NOWHERE}/duplicates/?on=input"))


# --- Archiving them --------------------------------------------------------------------------------------------------


def archive_duplicates(client: DatasetClient, on: str = "input", **headers: str) -> Body:
    return ok(client.api.post(client.path(f"duplicates/?on={on}"), headers=headers))


def test_a_dry_run_of_archiving_answers_the_same_and_archives_nothing(client: DatasetClient) -> None:
    for _ in range(3):
        client.new_item(input=1)

    tried = ok(client.api.post(client.path("duplicates/?on=input&dry_run=true")))

    assert (tried["groups"], tried["archived"], tried["remaining"]) == (1, 2, 0)
    assert (client.head(), len(client.results())) == (3, 3)
    assert ok(client.api.post(client.path("duplicates/?on=input"))) == tried


def test_all_but_the_oldest_are_archived_as_one_revision(client: DatasetClient) -> None:
    made = [client.new_item(input=value) for value in (1, 2, 1, 3, 1.0, 2)]
    client.patch(made[4], output="later")
    head = client.head()

    response = client.colleague.post(client.path("duplicates/?on=input"))

    assert ok(response) == {"dataset_revision": head + 1, "groups": 2, "archived": 3, "remaining": 0}
    assert response.headers["Dataset-Revision"] == str(head + 1)
    assert [item["id"] for item in client.results()] == [made[n]["id"] for n in (3, 1, 0)]
    entries = client.feed(head)
    assert [(entry["operation"], entry["item"]["id"]) for entry in entries] == [
        ("archived", made[n]["id"]) for n in (2, 4, 5)
    ]
    assert {entry["revision"] for entry in entries} == {head + 1}
    revision = client.revisions()[0]
    assert (revision["archived"], revision["created_by"]["email"]) == (3, "colleague@example.com")
    assert [each["version"] for each in client.versions(made[4])] == [3, 2, 1]
    assert len(client.results(f"&revision={head}")) == 6
    client.restore(made[2])
    call_command("check_history", stdout=StringIO())


def test_without_duplicates_nothing_is_written(client: DatasetClient) -> None:
    client.new_item(input=1)
    archive_duplicates(client)

    assert archive_duplicates(client) == {"dataset_revision": 1, "groups": 0, "archived": 0, "remaining": 0}
    assert client.head() == 1


def test_archiving_can_be_repeated_with_a_key(client: DatasetClient) -> None:
    for _ in range(3):
        client.new_item(input=1)

    first = archive_duplicates(client, **{"Idempotency-Key": "k"})
    client.new_item(input=1)

    assert archive_duplicates(client, **{"Idempotency-Key": "k"}) == first
    assert archive_duplicates(client)["archived"] == 1


def test_the_number_archived_at_once_is_bounded(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("items.insights.duplicates.MAX_ARCHIVED", 2)
    oldest = [client.new_item(input=value)["id"] for value in (1, 1, 2, 1, 2)]

    responses = [archive_duplicates(client) for _ in range(3)]

    assert [(each["groups"], each["archived"], each["remaining"]) for each in responses] == [
        (2, 2, 1),
        (1, 1, 0),
        (0, 0, 0),
    ]
    assert [item["id"] for item in client.results()] == [oldest[2], oldest[0]]


def test_invalid_requests_archive_nothing(client: DatasetClient) -> None:
    assert_error(client.api.post(client.path("duplicates/")), 400, "required", "on")
    assert_not_found(client.api.post(f"{client.datasets}{NOWHERE}/duplicates/?on=input"))


@pytest.mark.parametrize(("method", "rest"), [("GET", "duplicates/?on=input"), ("POST", "duplicates/?on=input"),
                                              ("GET", "stats/")])  # fmt: skip
def test_a_search_that_takes_too_long_writes_nothing(
    client: DatasetClient, method: str, rest: str, settings: Any
) -> None:
    for _ in range(50):
        client.new_item(input={"a": ["text"] * 20_000})
    settings.SEARCH_TIMEOUT_SECONDS = 0.001
    head = client.head()

    assert_error(client.api.ask(method, client.path(rest)), 400, "search_timeout")

    assert client.head() == head
