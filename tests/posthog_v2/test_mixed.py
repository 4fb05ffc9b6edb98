"""One store and two APIs: each shows what the other writes, with the same numbers."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from items.integrity.rule import check_rule
from items.integrity.rules import RULES
from items.models import ItemSource
from tests.api import Api
from tests.dataset_client import KEYS, assert_error, created, ok
from tests.idempotency import idempotency_key
from tests.people import People, key
from tests.posthog_v2.v2_client import V2Client, assert_conflict
from tests.service_process import ServiceProcess

RACES = 200


def versions(v2: V2Client, item: Any) -> list[tuple[int, int]]:
    """Return version and revision in both APIs."""
    by_v1 = [(each["version"], each["dataset_revision"]) for each in ok(v2.v1.item(item, "versions/"))["results"]]
    by_v2 = [(each["version"], each["dataset_revision"]) for each in ok(v2.get(item, "versions/"))["results"]]
    assert by_v1 == by_v2
    return by_v1


def test_versions_and_revisions_are_the_same_numbers(v2: V2Client) -> None:
    one = v2.v1.new_item(input=1)
    other = v2.new_item(input=2, expected_output="x", client_item_id="K", source_output="o")
    one = ok(v2.patch({**one, "version": 1}, input=3))
    other_in_v1 = v2.v1.patch(other, output="y")
    v2.v1.archive(one)
    ok(v2.restore(one, base=3))

    assert versions(v2, one) == [(4, 6), (3, 5), (2, 3), (1, 1)]
    assert versions(v2, other) == [(2, 4), (1, 2)]
    assert v2.state()["current_revision"] == v2.v1.head() == 6
    shown = ok(v2.get(other))
    assert (shown["expected_output"], shown["client_item_id"], shown["source_output"]) == ("y", "K", "o")
    assert tuple(other_in_v1) == KEYS
    assert not any(check_rule(rule, project_id=None) for rule in RULES)


def test_v1_shows_an_item_of_v2_with_only_its_own_keys(v2: V2Client) -> None:
    time = "2026-01-02T03:04:05Z"
    source = {"source_trace_id": "t", "source_event_id": "e", "source_timestamp": time}
    item = v2.new_item(input=1, expected_output=2, metadata={"m": 1}, source_output=3, client_item_id="K", **source)

    shown = ok(v2.v1.item(item))

    assert tuple(shown) == KEYS
    assert (shown["input"], shown["output"], shown["metadata"]) == (1, 2, {"m": 1})
    assert (shown["ref_trace_id"], shown["ref_source_id"], shown["ref_timestamp"]) == ("t", "e", time)
    assert (shown["deleted"], shown["team"]) == (False, v2.project_id)


def test_v2_shows_everything_that_v1_accepts(v2: V2Client) -> None:
    bare = v2.v1.new_item(ref_trace_id="", ref_source_id="", deleted=None)
    odd = v2.v1.new_item(input=None, output=None, metadata=[{"a": 1}], ref_source_id="alone")

    shown_odd, shown_bare = ok(v2.page())["results"]

    assert (shown_bare["id"], shown_bare["input"], shown_bare["metadata"]) == (bare["id"], {}, {})
    assert (shown_bare["source_trace_id"], shown_bare["source_event_id"]) == (None, None)
    assert (shown_odd["id"], shown_odd["metadata"]) == (odd["id"], {"value": [{"a": 1}]})
    assert shown_odd["source_event_id"] == "alone"
    assert ok(v2.patch(shown_odd, input={}, metadata={"value": [{"a": 1}]})) == shown_odd
    assert ok(v2.v1.item(odd))["metadata"] == [{"a": 1}]
    v2.v1.api.patch(v2.v1.path(), {"metadata": "text", "description": None})
    assert (v2.state()["metadata"], v2.state()["description"]) == ({"value": "text"}, "")


def test_a_touch_by_v1_keeps_the_version(v2: V2Client) -> None:
    item = v2.new_item()
    v2.v1.patch(item, input=item["input"])

    assert ok(v2.patch(item, input=2))["version"] == 2


def test_an_item_deleted_by_v1_is_archived(v2: V2Client) -> None:
    item = v2.v1.new_item(input=1)
    v2.v1.patch(item, deleted=True)
    shown = ok(v2.get(item))
    assert (shown["archived"], shown["version"]) == (True, 2)
    ok(v2.v1.api.patch(v2.v1.path(), {"deleted": True}))

    assert v2.state()["archived"] is True
    detail = "Restore this dataset before restoring its items."
    assert_conflict(v2.restore(shown), "dataset_archived", detail)


def test_schemas_of_a_dataset_apply(v2: V2Client) -> None:
    ok(v2.api.put(v2.v1.path("schemas/"), {"input": {"type": "integer"}}))

    assert_error(v2.create(input="text"), 400, "schema_mismatch", "input")
    item = v2.new_item(input=1)
    assert_error(v2.patch(item, input="text"), 400, "schema_mismatch", "input")


def test_an_idempotency_key_is_separate_from_v1(v2: V2Client) -> None:
    headers = idempotency_key("k")
    body = {"dataset": v2.dataset["id"], "input": 1}
    first = v2.api.post(v2.items, body, headers=headers)
    again = v2.api.post(v2.items.replace("projects", "environments"), body, headers=headers)

    assert first.status_code == again.status_code == 201
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content == first.content
    assert v2.api.post(v2.v1.items, body, headers=headers).status_code == 422
    conflict = v2.api.post(v2.datasets, {"name": v2.dataset["name"]}, headers=idempotency_key("other"))
    assert conflict.status_code == 409
    assert v2.api.post(v2.datasets, {"name": "free"}, headers=idempotency_key("other")).status_code == 201


def test_if_match_applies(v2: V2Client) -> None:
    item = v2.new_item()

    stale = v2.api.patch(v2.item_path(item), {"base_version": 1, "input": 2}, headers={"If-Match": '"2"'})
    assert_error(stale, 412, "stale_version")
    right = v2.api.patch(v2.item_path(item), {"base_version": 1, "input": 2}, headers={"If-Match": '"1"'})
    assert (ok(right)["version"], right.headers["ETag"]) == (2, '"2"')


# --- Sources ---------------------------------------------------------------------------------------------------------


def test_a_move_keeps_the_client_item_id(v2: V2Client) -> None:
    other = v2.new_dataset("other")
    item = v2.new_item(client_item_id="K", source_output=1)

    v2.v1.move(item, other)

    moved = ok(v2.get(item))
    assert (moved["dataset"], moved["client_item_id"], moved["source_output"]) == (other["id"], "K", 1)
    assert ok(v2.create(other, client_item_id="K", source_output=1))["id"] == item["id"]
    free = v2.new_item(client_item_id="K")
    assert not any(check_rule(rule, project_id=None) for rule in RULES)
    assert_error(v2.v1.api.patch(v2.v1.item_path(free), {"dataset": other["id"]}), 409, "client_item_id_conflict")
    bulk = {"ids": [free["id"]], "changes": {"dataset": other["id"]}}
    assert_error(v2.v1.api.patch(f"{v2.v1.items}bulk/", bulk), 409, "client_item_id_conflict")
    assert ok(v2.get(free))["dataset"] == v2.dataset["id"]


def test_a_bulk_move_keeps_the_client_item_id(v2: V2Client) -> None:
    other = v2.new_dataset("other")
    items = [v2.new_item(client_item_id=f"K{number}") for number in range(3)] + [v2.new_item()]

    bulk = {"ids": [each["id"] for each in items], "changes": {"dataset": other["id"]}}
    ok(v2.v1.api.patch(f"{v2.v1.items}bulk/", bulk))

    found = ok(v2.page(of=other))["results"]
    assert [each["client_item_id"] for each in found] == [None, "K2", "K1", "K0"]
    assert {str(each) for each in ItemSource.objects.values_list("dataset_id", flat=True)} == {other["id"]}


def test_a_fork_copies_sources_and_tags(v2: V2Client) -> None:
    ok(v2.api.patch(v2.path(), {"tags": ["t"]}))
    v2.new_item()
    v2.new_item(client_item_id="K", source_output={"o": 1})

    fork = created(v2.v1.api.post(v2.v1.path("fork/"), {"name": "fork"}))

    copied, plain = ok(v2.page(of=fork))["results"]
    assert (copied["client_item_id"], copied["source_output"], plain["client_item_id"]) == ("K", {"o": 1}, None)
    assert v2.state(fork)["tags"] == ["t"]
    assert not any(check_rule(rule, project_id=None) for rule in RULES)


# --- Concurrency ------------------------------------------------------------------------------------------------------


@pytest.fixture
def served(service: ServiceProcess, live_database: None) -> Iterator[tuple[People, Any, str]]:
    """Return a user, a function that sends requests, and the project's path in each API."""
    people = People()
    headers = {"Authorization": f"Bearer {key(people.owner)}"}
    with httpx.Client(base_url=service.base, headers=headers, timeout=30) as client:
        yield people, client, f"/api/projects/{people.project.id}"


def test_a_v1_client_and_a_v2_client_cannot_overwrite_each_other(served: tuple[People, Any, str]) -> None:
    """Each race has one winner; the loser gets 412 or 409."""
    _, client, base = served
    dataset = client.post(f"{base}/datasets/", json={"name": "races"}).json()["id"]
    item = client.post(f"{base}/dataset_items/", json={"dataset": dataset, "input": 0}).json()["id"]
    barrier = threading.Barrier(2)

    def by_v1(version: int) -> int:
        barrier.wait()
        headers = {"If-Match": f'"{version}"'}
        return int(
            client.patch(f"{base}/dataset_items/{item}/", json={"input": f"v1 {version}"}, headers=headers).status_code
        )

    def by_v2(version: int) -> int:
        barrier.wait()
        body = {"base_version": version, "input": f"v2 {version}"}
        return int(client.patch(f"/v2{base}/dataset_items/{item}/", json=body).status_code)

    with ThreadPoolExecutor(2) as threads:
        for version in range(1, RACES + 1):
            outcomes = tuple(each.result() for each in (threads.submit(by_v1, version), threads.submit(by_v2, version)))
            assert outcomes in {(200, 409), (412, 200)}, version
    shown = client.get(f"/v2{base}/dataset_items/{item}/").json()
    assert (shown["version"], shown["dataset_revision"]) == (RACES + 1, RACES + 1)


def test_one_of_many_concurrent_creates_makes_the_item(served: tuple[People, Any, str]) -> None:
    _, client, base = served
    dataset = client.post(f"{base}/datasets/", json={"name": "races"}).json()["id"]

    def create(number: int) -> tuple[int, str, str]:
        body = {"dataset": dataset, "input": number % 2, "client_item_id": f"K{number // 8}"}
        response = client.post(f"/v2{base}/dataset_items/", json=body)
        details = response.json()
        return response.status_code, body["client_item_id"], details.get("id") or details["current_item_id"]

    with ThreadPoolExecutor(8) as threads:
        outcomes = [*threads.map(create, range(80))]

    for name in {each[1] for each in outcomes}:
        of_name = [each for each in outcomes if each[1] == name]
        assert sorted(each[0] for each in of_name) == [200] * 3 + [201] + [409] * 4
        assert len({each[2] for each in of_name}) == 1
    assert client.get(f"/v2{base}/datasets/{dataset}/").json()["current_revision"] == 10


def test_one_of_many_concurrent_requests_gets_a_name(served: tuple[People, Any, str]) -> None:
    _, client, base = served

    with ThreadPoolExecutor(8) as threads:
        created_at_once = [*threads.map(lambda _: client.post(f"/v2{base}/datasets/", json={"name": "x"}), range(16))]

    assert sorted(each.status_code for each in created_at_once) == [201] + [409] * 15


def test_an_item_does_not_exist_for_a_stranger(v2: V2Client) -> None:
    stranger = Api(key(v2.people.stranger))
    item = v2.new_item(client_item_id="K")
    foreign = f"/v2/api/projects/{v2.people.foreign_project.id}"
    own = created(stranger.post(f"{foreign}/datasets/", {"name": "own"}))

    for method, path, body in (
        ("GET", f"dataset_items/{item['id']}/", None),
        ("GET", f"dataset_items/{item['id']}/?revision=1", None),
        ("PATCH", f"dataset_items/{item['id']}/", {"base_version": 1, "input": 2}),
        ("POST", f"dataset_items/{item['id']}/archive/", {"base_version": 1}),
        ("POST", f"dataset_items/{item['id']}/restore/", {"base_version": 1}),
        ("GET", f"dataset_items/{item['id']}/versions/", None),
        ("GET", f"dataset_items/?dataset={v2.dataset['id']}", None),
        ("GET", f"dataset_items/?dataset={v2.dataset['id']}&revision=1", None),
        ("GET", f"dataset_items/?dataset={v2.dataset['id']}&archived=true", None),
        ("POST", "dataset_items/", {"dataset": v2.dataset["id"], "input": 1, "client_item_id": "K"}),
        ("GET", f"datasets/{v2.dataset['id']}/", None),
        ("PATCH", f"datasets/{v2.dataset['id']}/", {"name": "mine"}),
        ("POST", f"datasets/{v2.dataset['id']}/archive/", None),
        ("POST", f"datasets/{v2.dataset['id']}/restore/", None),
        ("GET", f"datasets/{v2.dataset['id']}/revisions/", None),
        ("POST", f"datasets/{v2.dataset['id']}/exports/", {}),
        ("GET", f"datasets/{v2.dataset['id']}/exports/1/", None),
        ("GET", f"datasets/{v2.dataset['id']}/exports/1/content/", None),
    ):
        assert_error(stranger.ask(method, f"{foreign}/{path}", body), 404, "not_found")
    assert ok(stranger.get(f"{foreign}/datasets/?id__in={v2.dataset['id']}"))["count"] == 0
    body = {"dataset": own["id"], "input": 9, "client_item_id": "K"}
    assert created(stranger.post(f"{foreign}/dataset_items/", body))["client_item_id"] == "K"
    assert ok(v2.get(item)) == item
