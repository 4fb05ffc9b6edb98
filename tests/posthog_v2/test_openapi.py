"""The later API's OpenAPI file: openapi-v2.yaml matches the code, and the service matches the file."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from posthog_v2.serializers import DatasetSerializer, ExportSerializer, ItemSerializer, RevisionSerializer
from tests.contract.openapi_file import DOCUMENT as V1_DOCUMENT
from tests.fuzzing.conftest import application
from tests.posthog_v2 import test_datasets, test_exports, test_items
from tests.posthog_v2.v2_client import V2Client
from tests.service_process import PROJECT_DIR

__all__ = ["application"]

GOLDEN = PROJECT_DIR / "openapi-v2.yaml"
NEW = GOLDEN.with_name("openapi-v2.new.yaml")
DOCUMENT: dict[str, Any] = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
OPERATIONS: dict[str, tuple[str, str]] = {
    operation["operationId"]: (path, method)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
OF_PROJECTS = {
    "datasets_list", "datasets_create", "datasets_retrieve", "datasets_partial_update", "datasets_archive",
    "datasets_restore", "datasets_revisions_list", "datasets_exports_create", "datasets_exports_retrieve",
    "datasets_exports_content_retrieve", "dataset_items_list", "dataset_items_create", "dataset_items_retrieve",
    "dataset_items_partial_update", "dataset_items_archive", "dataset_items_restore", "dataset_items_versions_list",
}  # fmt: skip
DISCOVERY = {
    "projects_retrieve", "environments_retrieve", "organizations_retrieve", "users_me_retrieve",
    "personal_api_keys_retrieve",
}  # fmt: skip


def test_checked_in_file_is_what_the_code_declares(tmp_path: Path) -> None:
    made = tmp_path / GOLDEN.name
    generator = "datasets_api.openapi_generators.V2Generator"

    call_command("spectacular", "--validate", "--fail-on-warn", "--generator-class", generator, "--file", str(made))

    if made.read_bytes() != GOLDEN.read_bytes():
        NEW.write_bytes(made.read_bytes())
        pytest.fail(f"{GOLDEN.name} is not up to date. See what changed in {NEW.name}, then move it there.")
    NEW.unlink(missing_ok=True)


def test_the_file_names_every_operation_as_posthog_does() -> None:
    assert set(OPERATIONS) == OF_PROJECTS | {f"environments_{name}" for name in OF_PROJECTS} | DISCOVERY
    assert OPERATIONS["dataset_items_restore"] == (
        "/v2/api/projects/{project_id}/dataset_items/{dataset_item_id}/restore/",
        "post",
    )
    assert not any(path.startswith("/v2") for path in V1_DOCUMENT["paths"])


def test_an_export_needs_the_read_scope() -> None:
    path, method = OPERATIONS["datasets_exports_create"]

    assert DOCUMENT["paths"][path][method]["security"] == [{"PersonalAPIKeyAuth": ["dataset:read"]}]


@pytest.mark.parametrize(
    ("serializer", "keys"),
    [
        (DatasetSerializer, test_datasets.KEYS),
        (ItemSerializer, test_items.KEYS),
        (ExportSerializer, test_exports.KEYS),
        (RevisionSerializer, ["id", "dataset_id", "revision", "created_at", "created_by", "team_id"]),
    ],
)
def test_the_file_declares_the_keys_of_responses(serializer: Any, keys: list[str]) -> None:
    assert list(serializer().fields) == keys


def test_the_file_and_its_page_are_for_everyone(client: Client) -> None:
    for path in ("/v2/api/schema/", "/v2/api/schema"):
        response = client.get(path)
        assert response.content == GOLDEN.read_bytes()
        assert response["Content-Disposition"] == 'inline; filename="openapi-v2.yaml"'
    page = client.get("/v2/api/schema/swagger-ui/")
    assert page.status_code == 200


# --- Generated requests ----------------------------------------------------------------------------------------------


def read_schema() -> Any:
    # schemathesis writes into what it is given, and other tests compare the file with DOCUMENT.
    schema = schemathesis.openapi.from_dict(deepcopy(DOCUMENT))
    schema.config.generation.with_security_parameters = False
    return schema


SCHEMA = read_schema()


class Generated:
    """Requests with ids of existing objects, to get beyond 404."""

    def __init__(self, v2: V2Client) -> None:
        self.v2 = v2
        self.item = v2.new_item(client_item_id="K", source_output=1)
        ids = {"project_id": v2.project_id, "environment_id": v2.project_id, "export_id": 1}
        self.ids = {name: str(value) for name, value in ids.items()} | {
            "id": v2.dataset["id"],
            "dataset_item_id": self.item["id"],
            "organization_id": str(v2.people.home.id),
        }

    def path_parameters(self, path: str) -> dict[str, str]:
        ids = self.ids | ({"id": "@current"} if "/personal_api_keys/" in path else {})
        return {name: value for name, value in ids.items() if f"{{{name}}}" in path}

    def ask(self, case: Case) -> None:
        for place in (case.body, case.query):
            if isinstance(place, dict) and isinstance(place.get("dataset"), str) and len(place["dataset"]) == 36:
                place["dataset"] = self.v2.dataset["id"]
        if isinstance(case.body, dict) and type(case.body.get("base_version")) is int and case.body["base_version"] > 0:
            case.body["base_version"] = 1
        with transaction.atomic():
            response = case.call(headers=self.v2.api.headers)
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS, headers=self.v2.api.headers)


@pytest.fixture
def generated(v2: V2Client) -> Generated:
    return Generated(v2)


# Create the application last: any use of Django's own client reconnects the signals.
@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("name", [name for name in OPERATIONS if not name.startswith("environments_")])
def test_responses_are_as_declared(
    generated: Generated, application: WSGIHandler, name: str, mode: GenerationMode
) -> None:
    SCHEMA.app = application
    path, method = OPERATIONS[name]
    operation = SCHEMA[path][method]
    if mode.is_negative and not (operation.body or operation.query):
        return
    generation = SCHEMA.config.generation
    for case in SCHEMA.iter_coverage_cases(operation, generation_modes=[mode], generation_config=generation):
        case.path_parameters = generated.path_parameters(path)
        generated.ask(case)
    cases = operation.as_strategy(generation_mode=mode, path_parameters=generated.path_parameters(path))
    run = given(cases)(generated.ask)
    settings(max_examples=6, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)(run)()
