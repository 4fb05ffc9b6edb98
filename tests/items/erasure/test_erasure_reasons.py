"""Reasons of erasures: optional, unless the project demands one."""

from typing import Any

import pytest
from django.core.management import call_command

from auth.models import Project
from items.models import Erasure
from tests.dataset_client import PREFIXES, DatasetClient, assert_error, ok

DEMAND = "This project requires a reason for every erasure."


@pytest.fixture
def strict_client(client: DatasetClient) -> DatasetClient:
    call_command("require_erasure_reason", "--id", str(client.project_id), "--json")
    return client


def erasures(client: DatasetClient, prefix: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the path and body of each request that erases; the last one erases the dataset of all."""
    base = f"/api/{prefix}/{client.project_id}"
    one, by_id, by_filter = (client.new_item(input=number) for number in range(3))
    selected = {"dataset": client.dataset["id"], "id__in": by_filter["id"]}
    return [
        (f"{base}/dataset_items/{one['id']}/erase/", {}),
        (f"{base}/dataset_items/erase/", {"ids": [by_id["id"]]}),
        (f"{base}/dataset_items/erase/", {"filter": selected}),
        (f"{base}/datasets/{client.dataset['id']}/erase/", {"name": client.dataset["name"]}),
    ]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("query", ["", "?dry_run=true"])
@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": " \t"}])
def test_nothing_is_erased_without_a_reason(
    strict_client: DatasetClient, prefix: str, query: str, reason: dict[str, str]
) -> None:
    requests = erasures(strict_client, prefix)
    before = strict_client.head()

    for path, body in requests:
        error = assert_error(strict_client.api.post(f"{path}{query}", body | reason), 400, "required", "reason")
        assert error["detail"] == DEMAND

    assert (strict_client.head(), Erasure.objects.count()) == (before, 0)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_reason_is_kept(strict_client: DatasetClient, prefix: str) -> None:
    for path, body in erasures(strict_client, prefix):
        ok(strict_client.api.post(path, body | {"reason": "request 17"}))

    assert set(Erasure.objects.values_list("reason", flat=True)) == {"request 17"}


def test_other_projects_and_a_project_that_stops_demanding_it_need_none(client: DatasetClient) -> None:
    call_command("require_erasure_reason", "--id", str(client.people.sibling.id), "--json")
    path, body = erasures(client, "projects")[0]
    ok(client.api.post(path, body))

    call_command("require_erasure_reason", "--id", str(client.project_id), "--json")
    call_command("require_erasure_reason", "--id", str(client.project_id), "--off", "--json")
    assert not Project.objects.get(id=client.project_id).requires_erasure_reason
    ok(client.api.post(f"{client.items}erase/", erasures(client, "projects")[1][1]))


def test_nobody_else_learns_of_the_demand(strict_client: DatasetClient) -> None:
    for path, body in erasures(strict_client, "projects"):
        assert strict_client.stranger.post(path, body).status_code == 403
