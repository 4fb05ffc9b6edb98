"""Forks: new datasets with the items that another dataset had at a revision."""

from datetime import UTC, datetime
from typing import Any

import pytest

from items.forks import fork as forks
from items.models import Dataset, DatasetItem, ItemForkOrigin, ItemValidity
from tests.api import Api
from tests.dataset_client import (
    CONTENT,
    KEYS,
    NOWHERE,
    PREFIXES,
    Body,
    DatasetClient,
    assert_error,
    assert_not_found,
    created,
    newest_first,
    ok,
    replay,
)
from tests.history_check import assert_history_holds
from tests.people import key
from tests.rows import dataset


def fork(client: DatasetClient, of: Body | None = None, **body: Any) -> Body:
    return created(client.api.post(client.path("fork/", of), {"name": "Fork", **body}))


def contents(items: list[Body]) -> list[Body]:
    kept = (*CONTENT, "deleted", "created_at", "updated_at", "created_by")
    return [{name: item[name] for name in kept} for item in items]


def test_a_fork_has_the_current_items(client: DatasetClient) -> None:
    for number in range(4):
        client.new_item(
            input={"n": number},
            output=[number],
            metadata=None,
            ref_trace_id=f"t{number}",
            ref_timestamp="2026-01-05T00:00:00Z",
            ref_source_id="s",
        )

    made = fork(client)

    items = client.results(of=made)
    assert contents(items) == contents(client.results())
    assert all(tuple(item) == KEYS and item["dataset"] == made["id"] for item in items)
    assert not {item["id"] for item in items} & {item["id"] for item in client.results()}
    assert client.page(of=made).headers["Dataset-Revision"] == "1"


def test_the_response_is_the_new_dataset(client: DatasetClient) -> None:
    ok(client.api.patch(client.path(), {"description": "d", "metadata": {"a": 1}}))

    response = client.colleague.post(client.path("fork/"), {"name": "Fork"})

    made = created(response)
    assert tuple(made) == tuple(client.dataset)
    assert (made["name"], made["description"], made["metadata"], made["deleted"]) == ("Fork", "d", {"a": 1}, False)
    assert made["created_by"]["email"] == "colleague@example.com"
    assert made["created_at"] > client.dataset["created_at"]
    assert made["id"] != client.dataset["id"]
    assert (response.headers["ETag"], response.headers["Dataset-Revision"]) == ('"1"', "0")
    assert ok(client.api.get(client.path(of=made))) == made


def test_ids_of_a_fork_rise_with_the_time(client: DatasetClient) -> None:
    for number in range(5):
        client.new_item(input=number)

    ids = [item["id"] for item in client.results(of=fork(client))]

    assert ids == sorted(ids, reverse=True)


def test_a_fork_of_many_items_is_copied_in_batches(client: DatasetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches may end among items of equal time."""
    monkeypatch.setattr(forks, "BATCH_ROWS", 3)
    for number in range(10):
        client.new_item(input=number)
    for model in (DatasetItem, ItemValidity):
        model.objects.filter(version=1).update(created_at=datetime(2025, 1, 1, tzinfo=UTC))
    for number in range(3):
        client.new_item(input=f"later {number}")

    made = fork(client)

    assert [item["input"] for item in client.results(of=made)] == [item["input"] for item in client.results()]
    entries = client.feed(of=made)
    assert {(each["revision"], each["operation"]) for each in entries} == {(1, "created")}
    assert newest_first(replay(entries)) == client.results(of=made)
    assert [each["created"] for each in client.revisions(made)] == [13]
    assert_history_holds()


def test_a_fork_has_the_items_of_a_revision(client: DatasetClient) -> None:
    patched, archived, moved = (client.new_item(input=number) for number in range(3))
    then = client.results()
    client.patch(patched, input="new")
    client.archive(archived)
    client.move(moved, client.new_dataset())
    client.new_item()
    client.tag("golden", 3)

    for revision in (3, "3", "golden"):
        made = fork(client, revision=revision)
        assert contents(client.results(of=made)) == contents(then)


@pytest.mark.parametrize("body", [{}, {"revision": None}])
def test_the_current_revision_is_forked_by_default(client: DatasetClient, body: Body) -> None:
    archived, kept = client.new_item(input=1), client.new_item(input=2, deleted=None)
    client.archive(archived)

    made = fork(client, **body)

    assert [item["input"] for item in client.results(of=made)] == [2]
    assert client.results(of=made)[0]["deleted"] is kept["deleted"] is None


def test_a_revision_without_items_is_forked(client: DatasetClient) -> None:
    client.new_item()

    response = client.api.post(client.path("fork/"), {"name": "Fork", "revision": 0})

    made = created(response)
    assert response.headers["Dataset-Revision"] == "0"
    assert ok(client.page(of=made))["count"] == 0
    assert (client.feed(of=made), client.head(made)) == ([], 0)


def test_items_of_a_fork_are_at_version_one_and_name_their_origin(client: DatasetClient) -> None:
    item = client.new_item(input=1)
    client.patch(item, input=2)

    made = fork(client, revision=1)

    (copy,) = client.results(of=made)
    (version,) = client.versions(copy)
    assert (version["version"], version["dataset_revision"], version["dataset"]) == (1, 1, made["id"])
    assert list(version)[-1] == "origin"
    assert version["origin"] == {"dataset": client.dataset["id"], "revision": 1, "item": item["id"], "version": 1}
    assert client.item(copy).headers["ETag"] == '"1"'


def test_every_version_of_a_forked_item_names_its_origin(client: DatasetClient) -> None:
    client.new_item(input=1)
    made = fork(client)
    (copy,) = client.results(of=made)
    client.patch(copy, input=2)
    client.move(copy, client.dataset)

    origins = [version["origin"]["version"] for version in client.versions(copy)]

    assert origins == [1, 1, 1]
    assert "origin" not in client.item(copy).json()


def test_the_fork_of_a_fork_names_the_nearest_origin(client: DatasetClient) -> None:
    client.new_item(input=1)
    first = fork(client)
    (middle,) = client.results(of=first)

    second = fork(client, of=first)

    (copy,) = client.results(of=second)
    assert client.versions(copy)[0]["origin"] == {
        "dataset": first["id"],
        "revision": 1,
        "item": middle["id"],
        "version": 1,
    }


def test_the_feed_of_a_fork_rebuilds_it(client: DatasetClient) -> None:
    for number in range(5):
        client.new_item(input=number)
    made = fork(client)
    client.patch(client.results(of=made)[0], input="new")

    entries = client.feed(of=made)

    assert [each["operation"] for each in entries] == ["created"] * 5 + ["updated"]
    assert [each["revision"] for each in entries] == [1] * 5 + [2]
    assert newest_first(replay(entries)) == client.results(of=made)


def test_a_fork_does_not_change_its_source(client: DatasetClient) -> None:
    item = client.new_item()
    before = client.results(), client.head(), client.versions(item)

    made = fork(client)
    for copy in client.results(of=made):
        client.patch(copy, input="new")

    assert (client.results(), client.head(), client.versions(item)) == before


def test_a_fork_of_a_deleted_dataset_is_a_live_one(client: DatasetClient) -> None:
    item = client.new_item()
    ok(client.api.patch(client.path(), {"deleted": True}))

    made = fork(client)

    assert made["deleted"] is False
    assert contents(client.results(of=made)) == contents([item])


def test_json_of_a_fork_is_kept_as_sent(client: DatasetClient) -> None:
    text = '{"b": 1.50, "a": 12345678901234567890123, "b": 1}'
    client.api.post(client.items, f'{{"dataset": "{client.dataset["id"]}", "input": {text}}}')

    made = fork(client)

    assert f'"input":{text},' in client.page(of=made).content.decode()


def test_a_list_of_the_project_shows_the_items_of_forks(client: DatasetClient) -> None:
    client.new_item()
    fork(client)

    assert ok(client.api.get(client.items))["count"] == 2


@pytest.mark.parametrize(
    ("body", "code", "attr"),
    [
        (None, "required", "name"),
        ({}, "required", "name"),
        ({"name": ""}, "blank", "name"),
        ({"name": None}, "null", "name"),
        ({"name": "x" * 401}, "max_length", "name"),
        ({"name": "Fork", "revision": True}, "invalid_input", "revision"),
        ({"name": "Fork", "revision": 1.5}, "invalid_input", "revision"),
        ({"name": "Fork", "revision": [1]}, "invalid_input", "revision"),
        ({"name": "Fork", "revision": "A"}, "invalid_input", "revision"),
        ({"name": "Fork", "revision": ""}, "invalid_input", "revision"),
        ([], "invalid_input", None),
        ("{", "parse_error", None),
    ],
)
def test_an_invalid_body_forks_nothing(client: DatasetClient, body: Any, code: str, attr: str | None) -> None:
    assert_error(client.api.post(client.path("fork/"), body), 400, code, attr)

    assert Dataset.objects.count() == 1


@pytest.mark.parametrize("revision", [1, 2, 2**63, "no-such-tag"])
def test_an_unknown_revision_forks_nothing(client: DatasetClient, revision: Any) -> None:
    assert_not_found(client.api.post(client.path("fork/"), {"name": "Fork", "revision": revision}))

    assert Dataset.objects.count() == 1


def test_an_unknown_dataset_is_not_forked(client: DatasetClient) -> None:
    elsewhere = [dataset(client.people.foreign_project).id, dataset(client.people.sibling).id]
    before = Dataset.objects.count()

    for dataset_id in (NOWHERE, "abc", *elsewhere):
        for body in ({"name": "Fork"}, {}):
            assert_not_found(client.api.post(f"{client.datasets}{dataset_id}/fork/", body))
    assert Dataset.objects.count() == before


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("end", ["", "/", ".json"])
def test_a_fork_is_made_under_both_prefixes(client: DatasetClient, prefix: str, end: str) -> None:
    client.new_item()
    path = f"/api/{prefix}/{client.project_id}/datasets/{client.dataset['id']}/fork{end}"

    assert created(client.api.post(path, {"name": "Fork"}))["team"] == client.project_id


def test_forking_needs_the_write_scope(client: DatasetClient) -> None:
    client.new_item()
    reader, writer = (Api(key(client.people.owner, scope)) for scope in ("dataset:read", "dataset:write"))

    for refused_one in (reader, client.stranger):
        assert refused_one.post(client.path("fork/"), {"name": "Fork"}).status_code == 403
    assert ItemForkOrigin.objects.count() == 0
    assert writer.post(client.path("fork/"), {"name": "Fork"}).status_code == 201
    assert DatasetItem.objects.count() == 2


def test_a_dry_run_returns_the_same_response_and_makes_no_fork(client: DatasetClient) -> None:
    client.new_item(input=1)
    before = client.api.get(client.datasets).json()["count"]

    response = client.api.post(client.path("fork/?dry_run=true"), {"name": "Fork"})

    assert created(response)["name"] == "Fork"
    assert response.headers["Dataset-Revision"] == "1"
    assert client.api.get(client.datasets).json()["count"] == before
    assert_not_found(client.api.get(client.path(of=response.json())))
