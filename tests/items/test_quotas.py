"""Quotas of a project: each way to add items checks them, and no project uses another's."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings

from items import quotas
from tests.dataset_client import DatasetClient, assert_error, created

MAX_ITEMS = 3


@pytest.fixture(autouse=True)
def unmeasured() -> None:
    quotas.usages.clear()


def create(client: DatasetClient, count: int) -> Any:
    for _ in range(count):
        answer = client.api.post(client.items, {"dataset": client.dataset["id"], "input": "x" * 100})
    return answer


def create_many(client: DatasetClient, count: int) -> Any:
    return client.api.post(
        f"{client.items}bulk/", {"dataset": client.dataset["id"], "items": [{"input": "x" * 100}] * count}
    )


def import_file(client: DatasetClient, count: int, query: str = "") -> Any:
    lines = "".join(json.dumps({"input": "x" * 100, "ref_source_id": str(number)}) + "\n" for number in range(count))
    path = client.path(f"import/?import_format=jsonl{query}")
    return client.api.post(path, lines.encode(), content_type="application/octet-stream")


def import_with_matching(client: DatasetClient, count: int) -> Any:
    return import_file(client, count, "&match_on=ref_source_id")


def fork(client: DatasetClient, times: int) -> Any:
    for number in range(times):
        answer = client.api.post(client.path("fork/"), {"name": f"fork {number}"})
    return answer


@pytest.mark.parametrize("write", [create, create_many, import_file, import_with_matching, fork])
def test_items_beyond_the_quota_are_refused(
    client: DatasetClient, settings: LazySettings, write: Callable[[DatasetClient, int], Any]
) -> None:
    client.archive(client.new_item(input=1))
    client.new_item(input=2)
    settings.PROJECT_MAX_ITEMS = MAX_ITEMS

    refused = write(client, 2)

    error = assert_error(refused, 400, "quota_exceeded")
    assert error["detail"] == "The project would hold more than 3 items, its limit (PROJECT_MAX_ITEMS)."


@pytest.mark.parametrize("write", [create_many, import_file, import_with_matching])
def test_what_is_refused_leaves_nothing(
    client: DatasetClient, settings: LazySettings, write: Callable[[DatasetClient, int], Any]
) -> None:
    settings.PROJECT_MAX_ITEMS = MAX_ITEMS

    write(client, MAX_ITEMS + 1)
    quotas.usages.clear()

    assert client.results() == []
    assert client.head() == 0
    assert write(client, MAX_ITEMS).status_code < 300


@pytest.mark.parametrize("write", [create, create_many, import_file, import_with_matching, fork])
def test_bytes_beyond_the_quota_are_refused(
    client: DatasetClient, settings: LazySettings, write: Callable[[DatasetClient, int], Any]
) -> None:
    item = client.new_item(input="x" * 100)
    client.patch(item, input="y" * 100)
    settings.PROJECT_MAX_BYTES = 300

    refused = write(client, 2)

    error = assert_error(refused, 400, "quota_exceeded")
    assert error["detail"] == "The project would hold more than 300 bytes, its limit (PROJECT_MAX_BYTES)."


def test_each_project_has_its_own(client: DatasetClient, settings: LazySettings) -> None:
    settings.PROJECT_MAX_ITEMS = MAX_ITEMS
    create(client, MAX_ITEMS)
    elsewhere = f"/api/projects/{client.people.sibling.id}"
    other = created(client.api.post(f"{elsewhere}/datasets/", {"name": "Other"}))

    assert create(client, 1).status_code == 400
    created(client.api.post(f"{elsewhere}/dataset_items/", {"dataset": other["id"]}))


def test_changes_and_archiving_go_on_at_the_quota(client: DatasetClient, settings: LazySettings) -> None:
    settings.PROJECT_MAX_ITEMS = 1
    item = client.new_item(input=1)

    assert client.patch(item, input=2)["input"] == 2
    assert client.archive(item)["deleted"] is True


def test_without_quotas_nothing_is_measured(client: DatasetClient) -> None:
    create(client, 2)

    assert quotas.usages == {}


def test_a_measurement_lasts_a_hundred_times_as_long_as_it_took(
    client: DatasetClient, settings: LazySettings, django_assert_num_queries: Any
) -> None:
    settings.PROJECT_MAX_ITEMS = 100
    create(client, 1)

    with django_assert_num_queries(2):
        create(client, 1)
