"""The client that openapi-python-client makes of openapi.yaml works with the running service, under both prefixes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.clients.conftest import Account
from tests.service_process import PROJECT_DIR

PACKAGE = "posthog_client"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The folder that holds the generated package."""
    folder = tmp_path_factory.mktemp("generated")
    command = [BIN / "openapi-python-client", "generate", "--meta", "none", "--fail-on-warning"]
    config = folder / "config.yaml"
    # It knows bodies of JSON, forms and bytes; lines are bytes to it.
    config.write_text("content_type_overrides:\n  application/x-ndjson: application/octet-stream\n", encoding="utf-8")
    files = ["--path", PROJECT_DIR / "openapi.yaml", "--output-path", folder / PACKAGE, "--config", config]
    # It formats what it makes with ruff.
    search_path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([*command, *files], check=True, env=os.environ | {"PATH": search_path})
    sys.path.insert(0, str(folder))
    yield str(folder)
    sys.path.remove(str(folder))


class Caller:
    """Calls operations by the names that they have under /projects/, through the one or the other prefix."""

    def __init__(self, client: Any, prefix: str, project_id: str) -> None:
        self.client, self.prefix = client, prefix
        self.project = {"environment_id" if prefix else "project_id": project_id}

    def __call__(self, operation: str, **arguments: Any) -> Any:
        tag = "dataset_items" if operation.startswith("dataset_items") else "datasets"
        module = import_module(f"{PACKAGE}.api.{tag}.{self.prefix}{operation}")
        return module.sync_detailed(client=self.client, **self.project, **arguments)


@pytest.fixture(params=["", "environments_"], ids=["projects", "environments"])
def call(request: pytest.FixtureRequest, generated: str, account: Account) -> Iterator[Caller]:
    client_class = import_module(f"{PACKAGE}.client").AuthenticatedClient
    with client_class(base_url=account.base, token=account.key) as client:
        yield Caller(client, request.param, account.project_id)


@pytest.fixture
def models(generated: str) -> Any:
    return import_module(f"{PACKAGE}.models")


@pytest.fixture
def dataset(call: Caller, models: Any) -> Any:
    answer = call("datasets_create", body=models.DatasetRequest(name="Golden set", metadata={"a": [1, None]}))
    assert answer.status_code == 201
    return answer.parsed


@pytest.fixture
def items(call: Caller, models: Any, dataset: Any) -> list[Any]:
    bodies = [models.DatasetItemRequest(dataset=dataset.id, input_={"number": number}) for number in range(3)]
    return [call("dataset_items_create", body=body).parsed for body in bodies]


def test_what_was_created_comes_back(call: Caller, dataset: Any, items: list[Any]) -> None:
    item = call("dataset_items_retrieve", id=str(items[0].id)).parsed

    assert item == items[0]
    assert item.dataset == dataset.id
    assert item.input_ == {"number": 0}
    assert item.output is None
    assert item.deleted is False
    assert item.created_at.tzinfo is not None
    assert item.created_by.email == "ada@example.com"
    assert item.created_by.role_at_organization == "engineering"
    assert call("datasets_retrieve", id=str(dataset.id)).parsed == dataset


def test_lists_are_filtered_and_paged(call: Caller, models: Any, dataset: Any, items: list[Any]) -> None:
    other = call("datasets_create", body=models.DatasetRequest(name="Another")).parsed

    first = call("dataset_items_list", dataset=str(dataset.id), limit=2).parsed
    second = call("dataset_items_list", dataset=str(dataset.id), limit=2, offset=2).parsed

    assert first.count == second.count == 3
    assert [item.id for item in first.results + second.results] == [item.id for item in reversed(items)]
    assert first.next_ is not None
    assert first.previous is None
    assert call("dataset_items_list", dataset=str(other.id)).parsed.results == []
    assert [each.id for each in call("datasets_list", search="gold").parsed.results] == [dataset.id]


def test_patch_changes_what_it_names(call: Caller, models: Any, items: list[Any]) -> None:
    changes = models.PatchedDatasetItem(output=["new"], ref_trace_id="trace-1")

    changed = call("dataset_items_partial_update", id=str(items[0].id), body=changes)

    assert changed.status_code == 200
    assert (changed.parsed.output, changed.parsed.ref_trace_id) == (["new"], "trace-1")
    assert changed.parsed.input_ == items[0].input_


def test_many_at_once(call: Caller, models: Any, dataset: Any) -> None:
    new = [models.BulkItem(input_=1, ref_source_id="a"), models.BulkItem(input_=2)]
    stored = call("dataset_items_bulk_create", body=models.BulkCreateRequest(dataset=dataset.id, items=new)).parsed
    archive = models.PatchedBulkUpdateRequest(ids=[stored.results[0].id], changes=models.BulkItem(deleted=True))

    changed = call("dataset_items_bulk_partial_update", body=archive).parsed

    assert (stored.dataset_revision, stored.created) == (1, 2)
    assert (changed.updated, changed.results[0].status.value) == (1, "updated")
    assert changed.dataset_revisions[str(dataset.id)] == 2
    assert call("dataset_items_list", dataset=str(dataset.id)).parsed.count == 1


def test_put_replaces(call: Caller, models: Any, dataset: Any) -> None:
    body = models.DatasetRequest(name="Renamed", description=None)

    assert call("datasets_update", id=str(dataset.id), body=body).parsed.name == "Renamed"


def test_soft_deleted_item_is_gone(call: Caller, models: Any, items: list[Any]) -> None:
    item_id = str(items[0].id)

    call("dataset_items_partial_update", id=item_id, body=models.PatchedDatasetItem(deleted=True))

    answer = call("dataset_items_retrieve", id=item_id)
    assert answer.status_code == 404
    assert answer.parsed.to_dict() == {
        "type": "invalid_request",
        "code": "not_found",
        "detail": "Not found.",
        "attr": None,
    }
    assert call("dataset_items_list").parsed.count == 2


def test_hard_delete_is_refused(call: Caller, items: list[Any]) -> None:
    answer = call("dataset_items_destroy", id=str(items[0].id))

    assert answer.status_code == 405
    assert answer.parsed is None


def test_wrong_value_is_an_error_object(call: Caller, models: Any) -> None:
    unknown = models.DatasetItemRequest(dataset=UUID(int=1))

    answer = call("dataset_items_create", body=unknown)

    assert isinstance(answer.parsed, models.Error)
    assert (answer.parsed.code, answer.parsed.attr) == ("does_not_exist", "dataset")


def test_versions_tell_what_an_item_was(call: Caller, models: Any, items: list[Any]) -> None:
    item_id = str(items[0].id)
    call("dataset_items_partial_update", id=item_id, body=models.PatchedDatasetItem(input_="new"))

    page = call("dataset_items_versions_list", id=item_id).parsed

    assert [(each.version, each.input_) for each in page.results] == [(2, "new"), (1, {"number": 0})]
    assert page.results[0].created_by.email == "ada@example.com"
    assert call("dataset_items_retrieve", id=item_id, version=1).parsed.input_ == {"number": 0}


def test_item_is_archived_and_restored(call: Caller, models: Any, items: list[Any]) -> None:
    item_id = str(items[0].id)
    call("dataset_items_partial_update", id=item_id, body=models.PatchedDatasetItem(input_="new"))

    assert call("dataset_items_archive_create", id=item_id).parsed.deleted is True
    assert call("dataset_items_retrieve", id=item_id).status_code == 404
    assert call("dataset_items_restore_create", id=item_id).parsed.deleted is False
    restored = call("dataset_items_restore_create", id=item_id, body=models.RestoreRequest(source_version=1)).parsed
    assert restored.input_ == {"number": 0}


def test_stale_write_is_an_error_object(call: Caller, models: Any, items: list[Any]) -> None:
    item_id, changes = str(items[0].id), models.PatchedDatasetItem(output=1)
    found = call("dataset_items_retrieve", id=item_id)
    call("dataset_items_partial_update", id=item_id, body=changes, if_match=found.headers["ETag"])

    refused = call("dataset_items_archive_create", id=item_id, if_match=found.headers["ETag"])

    assert refused.status_code == 412
    assert isinstance(refused.parsed, models.StaleVersionError)
    assert refused.parsed.current_version == 2
    unchanged = call("dataset_items_retrieve", id=item_id, if_none_match=refused.headers["ETag"])
    assert (unchanged.status_code, unchanged.parsed) == (304, None)


def test_repeated_write_is_answered_again(call: Caller, models: Any) -> None:
    body = models.DatasetRequest(name="Once")

    first, second = (call("datasets_create", body=body, idempotency_key="one") for _ in range(2))

    assert first.parsed == second.parsed
    assert second.headers["Idempotency-Replayed"] == "true"
    assert call("datasets_list", search="Once").parsed.count == 1


def test_revisions_and_changes_tell_what_was_done(call: Caller, models: Any, dataset: Any, items: list[Any]) -> None:
    dataset_id = str(dataset.id)
    other = call("datasets_create", body=models.DatasetRequest(name="Another")).parsed
    call("dataset_items_partial_update", id=str(items[0].id), body=models.PatchedDatasetItem(dataset=other.id))

    revisions = call("datasets_revisions_list", id=dataset_id).parsed
    first = call("datasets_changes_retrieve", id=dataset_id, limit=2).parsed
    rest = call("datasets_changes_retrieve", id=dataset_id, since_revision=3).parsed

    assert [each.revision for each in revisions.results] == [4, 3, 2, 1]
    assert [each.created for each in revisions.results] == [0, 1, 1, 1]
    assert [each.operation for each in first.results] == ["created", "created"]
    assert [each.item for each in first.results] == items[:2]
    assert (first.next_ is None, first.next_since_revision) == (False, None)
    (moved,) = rest.results
    assert (moved.operation, moved.item) == ("moved_out", models.MovedOutItem(id=items[0].id))
    assert (rest.next_, rest.next_since_revision) == (None, 4)


def test_diff_tag_and_fork(call: Caller, models: Any, dataset: Any, items: list[Any]) -> None:
    dataset_id = str(dataset.id)
    call("dataset_items_partial_update", id=str(items[2].id), body=models.PatchedDatasetItem(output=1))

    tag = call("datasets_tags_update", id=dataset_id, name="before", body=models.TagRequest(revision=2)).parsed

    assert (tag.name, tag.revision) == ("before", 2)
    diff = call("datasets_diff_retrieve", id=dataset_id, from_="before", to="4").parsed
    assert (diff.counts.added, diff.counts.removed, diff.counts.changed) == (1, 0, 0)
    assert (diff.results[0].from_, diff.results[0].to.output) == (None, 1)
    fork = call("datasets_fork_create", id=dataset_id, body=models.ForkRequest(name="Fork", revision="before")).parsed
    forked = call("dataset_items_list", dataset=str(fork.id)).parsed.results
    assert [each.input_ for each in forked] == [{"number": 1}, {"number": 0}]
    (version,) = call("dataset_items_versions_list", id=str(forked[0].id)).parsed.results
    assert (version.origin.item, version.origin.revision) == (items[1].id, 2)
    assert call("datasets_tags_destroy", id=dataset_id, name="before").status_code == 204


def test_an_export_comes_as_bytes(call: Caller, dataset: Any, items: list[Any]) -> None:
    answer = call("datasets_export_retrieve", id=str(dataset.id))

    assert answer.status_code == 200
    assert answer.content.count(b"\n") == len(items)
    assert answer.parsed.payload.read() == answer.content


def test_lists_are_ordered_either_way(call: Caller, models: Any, dataset: Any, items: list[Any]) -> None:
    orders = next(
        each for name, each in vars(models).items() if name.endswith("ItemsListOrderBy") and "Env" not in name
    )
    values = {each.name: each.value for each in orders}

    assert values == {
        "CREATED_AT_ASC": "created_at",
        "CREATED_AT_DESC": "-created_at",
        "UPDATED_AT_ASC": "updated_at",
        "UPDATED_AT_DESC": "-updated_at",
    }
