"""The responses that are stored for an Idempotency-Key, and for how long."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from items import idempotency
from items.models import Dataset, IdempotencyRecord
from tests.dataset_client import Body, DatasetClient, assert_error, ok
from tests.idempotency import idempotency_key, replayable, row_counts

# --- Storage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "rest", "body", "headers", "status"),
    [
        ("POST", None, {}, {}, 400),
        ("POST", None, {"dataset": "01990000-0000-7000-8000-00000000dead"}, {}, 400),
        ("PATCH", "", {"ref_timestamp": "x"}, {}, 400),
        ("PATCH", "", {"dataset": "01990000-0000-7000-8000-00000000dead"}, {}, 400),
        ("PATCH", "", {"input": 2}, {"If-Match": '"9"'}, 412),
        ("PATCH", "", {"input": 2}, {"If-Match": ""}, 400),
        ("POST", "restore/", {"source_version": 9}, {}, 400),
        ("PATCH", "?dataset=01990000-0000-7000-8000-00000000dead", {"input": 2}, {}, 400),
        ("PATCH", "../01990000-0000-7000-8000-00000000dead/", {"input": 2}, {}, 404),
    ],
)
def test_a_rejected_request_stores_nothing(
    client: DatasetClient, method: str, rest: str | None, body: Body, headers: dict[str, str], status: int
) -> None:
    item = client.new_item(input=1)
    path = client.items if rest is None else client.item_path(item, rest)
    if rest and rest.startswith("../"):
        path = f"{client.items}{rest.removeprefix('../')}"
    before = row_counts(), client.head()

    responses = [client.api.ask(method, path, body, headers=idempotency_key("k") | headers) for _ in range(2)]

    assert [response.status_code for response in responses] == [status] * 2
    assert responses[0].content == responses[1].content
    assert not IdempotencyRecord.objects.exists()
    assert (row_counts(), client.head()) == before
    # The key is free for the corrected request.
    assert ok(client.api.patch(client.item_path(item), {"input": 2}, headers=idempotency_key("k")))["input"] == 2


def test_a_rejected_tag_and_fork_store_nothing(client: DatasetClient) -> None:
    client.new_item()
    client.new_item()
    client.tag("golden", 1)

    assert_error(
        client.api.put(client.path("tags/golden/"), {"revision": 2}, headers=idempotency_key("k")), 409, "tag_exists"
    )
    assert_error(
        client.api.post(client.path("fork/"), {"name": "", "revision": 1}, headers=idempotency_key("k")),
        400,
        "blank",
        "name",
    )

    assert not IdempotencyRecord.objects.exists()


def test_a_read_stores_nothing(client: DatasetClient) -> None:
    for path in (client.items, client.item_path(client.new_item()), client.path("changes/")):
        for _ in range(2):
            response = client.api.get(path, headers=idempotency_key("k"))
            assert response.status_code == 200
            assert "Idempotency-Replayed" not in response.headers

    assert not IdempotencyRecord.objects.exists()


# --- Age -------------------------------------------------------------------------------------------------------------


def age(**delta: float) -> None:
    IdempotencyRecord.objects.update(created_at=datetime.now(UTC) - timedelta(**delta))


def test_the_key_is_free_after_a_day(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"]}
    first = client.api.post(client.items, body, headers=idempotency_key("k")).json()
    age(hours=24, seconds=1)

    second = client.api.post(client.items, body, headers=idempotency_key("k"))
    third = client.api.post(client.items, body, headers=idempotency_key("k"))

    assert "Idempotency-Replayed" not in second.headers
    assert second.json()["id"] != first["id"]
    assert replayable(third) == replayable(second)
    assert IdempotencyRecord.objects.count() == 1


def test_the_key_is_not_free_within_a_day(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"]}
    client.api.post(client.items, body, headers=idempotency_key("k"))
    age(hours=23, minutes=59)

    assert client.api.post(client.items, body, headers=idempotency_key("k")).headers["Idempotency-Replayed"] == "true"


def test_the_key_is_free_for_another_request_after_a_day(client: DatasetClient) -> None:
    client.api.post(client.items, {"dataset": client.dataset["id"]}, headers=idempotency_key("k"))
    age(days=2)

    assert client.api.post(client.datasets, {"name": "new"}, headers=idempotency_key("k")).status_code == 201


def test_an_expired_response_stays_if_the_new_request_is_rejected(client: DatasetClient) -> None:
    client.api.post(client.items, {"dataset": client.dataset["id"]}, headers=idempotency_key("k"))
    age(days=2)

    assert client.api.post(client.items, {}, headers=idempotency_key("k")).status_code == 400
    assert IdempotencyRecord.objects.get().status == 201


def test_some_requests_delete_expired_responses_of_their_project(
    client: DatasetClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "PRUNE_ONE_IN", 1)
    sibling = f"/api/projects/{client.people.sibling.id}/datasets/"
    for path, value in ((client.datasets, "old"), (client.datasets, "older"), (sibling, "elsewhere")):
        client.api.post(path, {"name": "new"}, headers=idempotency_key(value))
    age(hours=25)

    client.api.post(client.datasets, {"name": "new"}, headers=idempotency_key("young"))

    assert sorted(IdempotencyRecord.objects.values_list("key", flat=True)) == ["elsewhere", "young"]


def test_the_command_deletes_expired_responses_of_all_projects(client: DatasetClient) -> None:
    for project in (client.people.project, client.people.sibling):
        for number in range(2):
            path = f"/api/projects/{project.id}/datasets/"
            client.api.post(path, {"name": "new"}, headers=idempotency_key(f"old-{number}"))
    age(hours=24, seconds=1)
    client.api.post(client.datasets, {"name": "new"}, headers=idempotency_key("young"))

    printed = []
    for _ in range(2):
        output = StringIO()
        call_command("prune_idempotency_records", stdout=output)
        printed.append(output.getvalue())

    assert printed == ["4 stored responses deleted.\n", "0 stored responses deleted.\n"]
    assert IdempotencyRecord.objects.get().key == "young"
    assert Dataset.objects.filter(name="new").count() == 5
