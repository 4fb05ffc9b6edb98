"""Idempotency-Key: a repeated write returns the stored response and is not executed again."""

from typing import Any

import pytest

from items.models import DatasetItem, IdempotencyRecord
from tests.api import FORM, Api
from tests.dataset_client import DatasetClient, assert_error, ok
from tests.idempotency import idempotency_key, replayable, row_counts
from tests.people import key


def writes(client: DatasetClient) -> dict[str, tuple[str, str, Any]]:
    """Return one write of each kind, each with an effect."""
    item, archived = client.new_item(input="first"), client.new_item(deleted=True)
    return {
        "create item": ("POST", client.items, {"dataset": client.dataset["id"], "input": 1}),
        "patch item": ("PATCH", client.item_path(item), {"input": 2}),
        "put item": ("PUT", client.item_path(item), {"dataset": client.dataset["id"], "input": 3}),
        "move item": ("PATCH", client.item_path(item), {"dataset": client.new_dataset()["id"]}),
        "archive": ("POST", client.item_path(item, "archive/"), None),
        "restore": ("POST", client.item_path(archived, "restore/"), None),
        "create dataset": ("POST", client.datasets, {"name": "new"}),
        "patch dataset": ("PATCH", client.path(), {"name": "a"}),
        "put dataset": ("PUT", client.path(), {"name": "b"}),
        "tag": ("PUT", client.path("tags/golden/"), {"revision": 1}),
        "fork": ("POST", client.path("fork/"), {"name": "Fork"}),
    }


KINDS = [
    "create item", "patch item", "put item", "move item", "archive", "restore",
    "create dataset", "patch dataset", "put dataset", "tag", "fork",
]  # fmt: skip


# --- Replays ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_repeated_write_returns_the_stored_response(client: DatasetClient, kind: str) -> None:
    method, path, body = writes(client)[kind]

    first = client.api.ask(method, path, body, headers=idempotency_key("k"))
    after = row_counts()
    again = [client.api.ask(method, path, body, headers=idempotency_key("k")) for _ in range(2)]

    assert first.status_code in {200, 201}
    assert "Idempotency-Replayed" not in first.headers
    for each in again:
        assert replayable(each) == replayable(first)
        assert each.headers["Idempotency-Replayed"] == "true"
    assert row_counts() == after
    assert first.headers["ETag"] is not None


def test_all_kinds_of_writes_are_tested(client: DatasetClient) -> None:
    assert list(writes(client)) == KINDS


def test_a_replay_returns_the_first_response_despite_later_writes(client: DatasetClient) -> None:
    item = client.new_item(input=1)
    first = client.api.patch(client.item_path(item), {"input": 2}, headers=idempotency_key("k"))
    client.patch(item, input=3)

    again = client.api.patch(client.item_path(item), {"input": 2}, headers=idempotency_key("k"))

    assert replayable(again) == replayable(first)
    assert (again.headers["ETag"], again.headers["Dataset-Revision"]) == ('"2"', "2")
    assert ok(client.item(item))["input"] == 3


def test_a_replay_repeats_the_bytes(client: DatasetClient) -> None:
    body = f'{{"dataset": "{client.dataset["id"]}", "input": {{"b": 1.50, "a": "é\\u00e9", "b": 1e2}}}}'

    first, again = (client.api.post(client.items, body, headers=idempotency_key("k")) for _ in range(2))

    assert again.content == first.content
    assert '"input":{"b": 1.50, "a": "éé", "b": 1e2}' in first.content.decode()


def test_without_a_key_everything_is_executed_again(client: DatasetClient) -> None:
    for _ in range(2):
        client.new_item()

    assert DatasetItem.objects.count() == 2
    assert not IdempotencyRecord.objects.exists()


def test_another_key_is_another_request(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"]}
    made = {client.api.post(client.items, body, headers=idempotency_key(each)).json()["id"] for each in ("a", "A", "b")}

    assert len(made) == 3
    assert IdempotencyRecord.objects.count() == 3


def test_a_write_without_effect_is_replayed(client: DatasetClient) -> None:
    item = client.new_item()
    path = client.item_path(item, "restore/")

    first = client.api.post(path, headers=idempotency_key("k"))
    client.archive(item)
    again = client.api.post(path, headers=idempotency_key("k"))

    assert replayable(again) == replayable(first)
    assert ok(client.item(item, "?version=2"))["deleted"] is True


def test_a_replayed_move_is_one_move(client: DatasetClient) -> None:
    item, other = client.new_item(), client.new_dataset()

    for _ in range(2):
        ok(client.api.patch(client.item_path(item), {"dataset": other["id"]}, headers=idempotency_key("k")))

    assert (client.head(), client.head(other)) == (2, 1)


def test_a_form_is_replayed(client: DatasetClient) -> None:
    for _ in range(2):
        body = f"dataset={client.dataset['id']}&ref_source_id=s"
        response = client.api.post(client.items, body, content_type=FORM, headers=idempotency_key("k"))
        assert response.json()["ref_source_id"] == "s"

    assert DatasetItem.objects.count() == 1


# --- The same request ------------------------------------------------------------------------------------------------


def test_both_prefixes_are_the_same_request(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"]}
    paths = [
        f"/api/{project}/dataset_items{end}"
        for project in (f"projects/{client.project_id}", f"environments/{client.project_id}", "projects/@current")
        for end in ("/", "")
    ]

    responses = [client.api.post(path, body, headers=idempotency_key("k")) for path in paths]

    assert len({response.content for response in responses}) == 1
    assert DatasetItem.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "{items}", '{"dataset": "{dataset}", "input": 2}'),
        ("POST", "{items}", '{"dataset":"{dataset}", "input": 1}'),
        ("POST", "{items}?x=1", '{"dataset": "{dataset}", "input": 1}'),
        ("POST", "{datasets}", '{"dataset": "{dataset}", "input": 1}'),
        ("PATCH", "{item}", '{"dataset": "{dataset}", "input": 1}'),
        ("PUT", "{item}", '{"dataset": "{dataset}", "input": 1}'),
        ("POST", "{item}archive/", '{"dataset": "{dataset}", "input": 1}'),
        ("POST", "{items}", "{"),
        ("POST", "{items}", ""),
    ],
)
def test_a_key_of_another_request_is_rejected(client: DatasetClient, method: str, path: str, body: str) -> None:
    item = client.new_item()
    places = {
        "{items}": client.items,
        "{datasets}": client.datasets,
        "{item}": client.item_path(item),
        "{dataset}": client.dataset["id"],
    }
    for name, value in places.items():
        path, body = path.replace(name, value), body.replace(name, value)
    first = f'{{"dataset": "{client.dataset["id"]}", "input": 1}}'
    assert client.api.post(client.items, first, headers=idempotency_key("k")).status_code == 201
    before = row_counts()

    response = client.api.ask(method, path, body, headers=idempotency_key("k"))

    if body == "{":
        assert_error(response, 400, "parse_error")  # the scope is checked first, which reads the body
    else:
        error = assert_error(response, 422, "idempotency_key_reused")
        assert error["type"] == "invalid_request"
        assert error["detail"] == "This Idempotency-Key was used for another request."
        assert "Idempotency-Replayed" not in response.headers
    assert row_counts() == before
    assert client.api.post(client.items, first, headers=idempotency_key("k")).headers["Idempotency-Replayed"] == "true"


def test_another_item_is_another_request(client: DatasetClient) -> None:
    one, two = client.new_item(), client.new_item()
    ok(client.api.patch(client.item_path(one), {"input": 1}, headers=idempotency_key("k")))

    response = client.api.patch(client.item_path(two), {"input": 1}, headers=idempotency_key("k"))

    assert_error(response, 422, "idempotency_key_reused")
    assert ok(client.item(two))["input"] is None


def test_other_headers_do_not_matter(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"]}
    client.api.post(client.items, body, headers=idempotency_key("k"))

    response = client.api.post(client.items, body, headers=idempotency_key("k") | {"If-Match": '"9"', "X-Other": "1"})

    assert response.headers["Idempotency-Replayed"] == "true"


# --- Owners ---------------------------------------------------------------------------------------------------------


def test_a_key_belongs_to_one_user(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"]}

    made = [api.post(client.items, body, headers=idempotency_key("k")).json() for api in (client.api, client.colleague)]

    assert made[0]["id"] != made[1]["id"]
    assert [each["created_by"]["email"] for each in made] == ["owner@example.com", "colleague@example.com"]


def test_all_api_keys_of_a_user_share_it(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"]}
    other = Api(key(client.people.owner, "dataset:write"))

    first, again = (api.post(client.items, body, headers=idempotency_key("k")) for api in (client.api, other))

    assert replayable(again) == replayable(first)


def test_a_key_belongs_to_one_project(client: DatasetClient) -> None:
    paths = [f"/api/projects/{project.id}/datasets/" for project in (client.people.project, client.people.sibling)]

    made = [client.api.post(path, {"name": "new"}, headers=idempotency_key("k")).json() for path in paths]

    assert [each["team"] for each in made] == [client.people.project.id, client.people.sibling.id]
    assert made[0]["id"] != made[1]["id"]


def test_a_replay_needs_the_write_scope(client: DatasetClient) -> None:
    body = {"dataset": client.dataset["id"]}
    first = client.api.post(client.items, body, headers=idempotency_key("k"))
    reader = Api(key(client.people.owner, "dataset:read"))

    for api, status in ((reader, 403), (client.stranger, 403), (Api(), 401)):
        response = api.post(client.items, body, headers=idempotency_key("k"))
        assert response.status_code == status
        assert first.json()["id"] not in response.content.decode()
