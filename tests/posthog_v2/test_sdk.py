"""PostHog's own published Python package, against a running service."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from posthog.ai.evaluations import AsyncOfflineEvaluations, EvaluationAPIError, OfflineEvaluations

from tests.people import People, key
from tests.service_process import ServiceProcess


class Served:
    """A project of a running service, and both clients of the package."""

    def __init__(self, service: ServiceProcess) -> None:
        self.people = People()
        self.key = key(self.people.owner, "dataset:write")
        self.options: dict[str, Any] = {
            "project_id": self.people.project.id,
            "secret_key": self.key,
            "host": f"{service.base}/v2",
            "max_retries": 0,
        }
        self.v1 = f"{service.base}/api/projects/{self.people.project.id}"

    def ask_v1(self, method: str, path: str, body: Any = None) -> Any:
        response = httpx.request(
            method, f"{self.v1}/{path}", json=body, headers={"Authorization": f"Bearer {self.key}"}
        )
        response.raise_for_status()
        return response.json()


@pytest.fixture
def served(service: ServiceProcess, live_database: None) -> Served:
    return Served(service)


@pytest.fixture
def client(served: Served) -> Iterator[OfflineEvaluations]:
    with OfflineEvaluations(**served.options) as made:
        yield made


def conflict_code(error: pytest.ExceptionInfo[EvaluationAPIError]) -> str | None:
    assert error.value.status == 409
    assert error.value.persistence == "rejected"
    return error.value.code


def test_the_package_manages_datasets(client: OfflineEvaluations, served: Served) -> None:
    datasets = client.datasets

    made = datasets.create(name=" Golden ", description="d", metadata={"k": [1, 2.5]}, tags=["B ", "a", "b"])
    assert (made.name, made.description, made.metadata, made.tags) == ("Golden", "d", {"k": [1, 2.5]}, ("a", "b"))
    assert (made.archived, made.current_revision, made.current_revision_id) == (False, None, None)
    assert made.created_by is not None
    assert made.created_by["email"] == served.people.owner.email
    assert datasets.get(made.id) == made
    plain = datasets.create(name="Plain")
    assert (plain.description, plain.metadata, plain.tags) == ("", {}, ())

    with pytest.raises(EvaluationAPIError) as taken:
        datasets.create(name="Plain")
    assert conflict_code(taken) == "dataset_name_conflict"

    assert [each.id for each in datasets.list(limit=1).results] == [plain.id]
    assert datasets.list(limit=1).next_offset == 1
    assert [each.id for each in datasets.list(limit=1, offset=1).results] == [made.id]
    assert [each.id for each in datasets.list(search="GOLD").results] == [made.id]
    assert [each.id for each in datasets.list(tags=["A", "x"]).results] == [made.id]
    assert datasets.list(tags=["a", "x"], tag_match="all").count == 0
    assert [each.id for each in datasets.list(order_by="created_at").results] == [made.id, plain.id]

    changed = datasets.update(plain.id, name="Other", description="", metadata={"a": 1}, tags=["t"])
    assert (changed.name, changed.metadata, changed.tags) == ("Other", {"a": 1}, ("t",))
    assert datasets.update(plain.id, metadata={}, tags=[]).tags == ()

    assert datasets.archive(plain.id).archived
    assert datasets.archive(plain.id).archived
    assert [each.id for each in datasets.list(archived=True).results] == [plain.id]
    assert datasets.get(plain.id).archived
    with pytest.raises(EvaluationAPIError) as archived:
        datasets.update(plain.id, name="No")
    assert conflict_code(archived) == "dataset_archived"
    assert not datasets.restore(plain.id).archived


def test_the_package_manages_items(client: OfflineEvaluations) -> None:
    datasets = client.datasets
    dataset = datasets.create(name="Golden")
    time = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)

    first = datasets.create_item(dataset.id, input={"q": "é"})
    assert (first.version, first.dataset_revision, first.expected_output, first.metadata) == (1, 1, None, {})
    full: dict[str, Any] = {
        "input": [1, "two"],
        "expected_output": False,
        "source_output": {"o": 1},
        "metadata": {"m": 1},
        "client_item_id": "Key 1",
        "source_trace_id": "t",
        "source_event_id": "e",
        "source_timestamp": time,
    }
    second = datasets.create_item(dataset.id, **full)
    assert {name: getattr(second, name) for name in full} == full
    assert datasets.create_item(dataset.id, **full) == second
    with pytest.raises(EvaluationAPIError) as other:
        datasets.create_item(dataset.id, **full | {"input": 1})
    assert conflict_code(other) == "client_item_id_conflict"
    assert datasets.get(dataset.id).current_revision == 2

    changed = datasets.update_item(second.id, base_version=1, expected_output=None, metadata={})
    assert (changed.version, changed.expected_output, changed.metadata) == (2, None, {})
    assert changed.source_output == full["source_output"]
    assert datasets.update_item(second.id, base_version=2, input=[1, "two"]) == changed
    with pytest.raises(EvaluationAPIError) as stale:
        datasets.update_item(second.id, base_version=1, input=2)
    assert conflict_code(stale) == "stale_version"
    assert stale.value.response is not None
    assert stale.value.response["current_version"] == 2

    archived = datasets.archive_item(second.id, base_version=2)
    assert (archived.archived, archived.version, archived.dataset_revision) == (True, 3, 4)
    with pytest.raises(EvaluationAPIError) as again:
        datasets.archive_item(second.id, base_version=3)
    assert conflict_code(again) == "dataset_item_archived"
    assert [each.id for each in datasets.list_items(dataset.id, archived=True).results] == [second.id]
    assert [each.id for each in datasets.list_items(dataset.id).results] == [first.id]

    restored = datasets.restore_item(second.id, base_version=3, source_version=1)
    assert (restored.version, restored.expected_output, restored.metadata) == (4, False, {"m": 1})
    with pytest.raises(EvaluationAPIError) as active:
        datasets.restore_item(second.id, base_version=4)
    assert conflict_code(active) == "dataset_item_active"

    versions = datasets.list_item_versions(second.id)
    assert [each.version for each in versions.results] == [4, 3, 2, 1]
    assert versions.results[0] == restored
    assert versions.results[-1].version_id == second.version_id
    assert datasets.get_item(second.id) == restored
    assert datasets.get_item(second.id, revision=4).archived
    assert datasets.get_item(second.id, revision=2).version_id == second.version_id
    assert datasets.list_items(dataset.id, revision=4, archived=True).results == (archived,)
    assert [each.revision for each in datasets.list_revisions(dataset.id).results] == [5, 4, 3, 2, 1]


def test_the_package_pins_snapshots(client: OfflineEvaluations) -> None:
    datasets = client.datasets
    dataset = datasets.create(name="Golden")
    with pytest.raises(ValueError, match="no revision"):
        datasets.snapshot(dataset.id)
    items = [datasets.create_item(dataset.id, input=number) for number in range(30)]

    latest = datasets.snapshot(dataset.id)
    datasets.archive_item(items[0].id, base_version=1)
    past = datasets.snapshot(dataset.id, revision=10)

    assert latest.revision == 30
    assert [each.input for each in latest.iter_items(page_size=7)] == list(range(29, -1, -1))
    assert [each.input for each in past.iter_items()] == list(range(9, -1, -1))
    revisions = datasets.list_revisions(dataset.id, limit=100).results
    assert [each.id for each in revisions if each.revision in {10, 30}] == [latest.revision_id, past.revision_id]
    with pytest.raises(ValueError, match="does not exist"):
        datasets.snapshot(dataset.id, revision=32)


def test_the_package_reads_what_v1_wrote(client: OfflineEvaluations, served: Served) -> None:
    dataset = served.ask_v1("POST", "datasets/", {"name": "v1", "metadata": [1, 2]})["id"]
    rows: list[dict[str, Any]] = [
        {"input": None, "metadata": ["list"], "ref_trace_id": ""},
        {"input": 0, "output": "x", "metadata": "text", "ref_source_id": "line", "deleted": None},
        {"input": 1, "deleted": True},
    ]
    for row in rows:
        served.ask_v1("POST", "dataset_items/", {"dataset": dataset, **row})
    datasets = client.datasets

    assert datasets.get(dataset).metadata == {"value": [1, 2]}
    shown = datasets.list_items(dataset).results
    assert [(each.input, each.metadata) for each in shown] == [(0, {"value": "text"}), ({}, {"value": ["list"]})]
    assert [each.source_event_id for each in shown] == ["line", None]
    assert shown[1].source_trace_id is None
    assert [each.input for each in datasets.list_items(dataset, archived=True).results] == [1]
    assert datasets.list_items(dataset, archived=True, revision=3).count == 1
    assert datasets.list_items(dataset, archived=True, revision=2).count == 0


def test_missing_resources_are_reported(client: OfflineEvaluations) -> None:
    with pytest.raises(EvaluationAPIError) as refused:
        client.scorers.list()

    assert refused.value.status == 404
    assert "does not serve score definitions" in refused.value.detail


def test_the_asynchronous_client_works(served: Served) -> None:
    async def work() -> None:
        async with AsyncOfflineEvaluations(**served.options) as client:
            datasets = client.datasets
            made = await datasets.create(name="Golden", tags=["a"])
            assert await datasets.get(made.id) == made
            assert (await datasets.list()).count == 1
            assert (await datasets.update(made.id, description="d")).description == "d"
            item = await datasets.create_item(made.id, input=1, client_item_id="k")
            again = await asyncio.gather(
                *(datasets.create_item(made.id, input=1, client_item_id="k") for _ in range(5))
            )
            assert {each.id for each in again} == {item.id}
            changed = await datasets.update_item(item.id, base_version=1, input=2)
            archived = await datasets.archive_item(item.id, base_version=changed.version)
            restored = await datasets.restore_item(item.id, base_version=archived.version, source_version=1)
            assert restored.input == 1
            assert await datasets.get_item(item.id) == restored
            assert (await datasets.get_item(item.id, revision=2)).input == 2
            assert (await datasets.list_items(made.id)).results == (restored,)
            assert (await datasets.list_item_versions(item.id)).count == 4
            assert (await datasets.list_revisions(made.id)).count == 4
            snapshot = await datasets.snapshot(made.id, revision=2)
            assert [each.input async for each in snapshot.iter_items()] == [2]
            assert (await datasets.archive(made.id)).archived
            assert not (await datasets.restore(made.id)).archived

    asyncio.run(work())
