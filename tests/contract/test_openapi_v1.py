"""The parts of the OpenAPI file that generated clients of v1 depend on."""

from typing import Any

import pytest

from tests.contract.openapi_file import OPERATIONS, SCHEMAS, bodies, content_of, parameters_of

ACTIONS = {
    "list": ("get", "200", "dataset:read"),
    "create": ("post", "201", "dataset:write"),
    "retrieve": ("get", "200", "dataset:read"),
    "update": ("put", "200", "dataset:write"),
    "partial_update": ("patch", "200", "dataset:write"),
    "destroy": ("delete", "405", "dataset:write"),
}
V1 = [
    pytest.param(prefix, resource, action, id=f"{prefix}{resource}_{action}")
    for prefix in ("", "environments_")
    for resource in ("dataset_items", "datasets")
    for action in ACTIONS
]


@pytest.mark.parametrize(("prefix", "resource", "action"), V1)
def test_operations_of_v1(prefix: str, resource: str, action: str) -> None:
    operation = OPERATIONS[f"{prefix}{resource}_{action}"]

    method, status, scope = ACTIONS[action]
    project = "environments/{environment_id}" if prefix else "projects/{project_id}"
    detail = "" if action in {"list", "create"} else "{id}/"
    assert operation["path"] == f"/api/{project}/{resource}/{detail}"
    assert operation["method"] == method
    assert operation["tags"] == [resource]
    assert operation["x-explicit-tags"] == ["llm_analytics"]
    assert operation["security"] == [{"PersonalAPIKeyAuth": [scope]}]
    # Only clients that send If-None-Match, which v1 lacked, get a 304.
    assert [code for code in operation["responses"] if code < "304" or code == "405"] == [status]


@pytest.mark.parametrize(("prefix", "resource", "action"), V1)
def test_bodies_are_only_json(prefix: str, resource: str, action: str) -> None:
    operation = OPERATIONS[f"{prefix}{resource}_{action}"]
    component = {"dataset_items": "DatasetItem", "datasets": "Dataset"}[resource]
    taken = {
        "create": f"{component}Request",
        "update": f"{component}Request",
        "partial_update": f"Patched{component}",
    }.get(action)
    given = f"Paginated{component}List" if action == "list" else component

    content = bodies(operation.get("requestBody", {}).get("content"))
    assert content == (content_of(taken) if taken else None)
    response = operation["responses"][ACTIONS[action][1]]
    if action != "destroy":
        assert response["content"] == content_of(given)


@pytest.mark.parametrize("name", ["dataset_items", "datasets", "environments_dataset_items", "environments_datasets"])
def test_hard_delete_is_declared_as_not_allowed(name: str) -> None:
    operation = OPERATIONS[f"{name}_destroy"]

    assert operation["description"] == (
        'Hard delete of this model is not allowed. Use a patch API call to set "deleted" to true'
    )
    assert operation["responses"]["405"] == {"description": "No response body"}


@pytest.mark.parametrize("operation", [pytest.param(each, id=name) for name, each in OPERATIONS.items()])
def test_path_parameters_are_strings(operation: dict[str, Any]) -> None:
    described = {
        "project_id": (
            "Project ID of the project you're trying to access. To find the ID of the project, make a call to "
            "/api/projects/."
        ),
        "environment_id": "Deprecated. Use /api/projects/{project_id}/ instead.",
    }

    for name, parameter in parameters_of(operation, "path").items():
        assert parameter["schema"] == {"type": "string"}
        assert parameter["required"]
        assert parameter["description"] == described.get(name, parameter["description"])


@pytest.mark.parametrize("prefix", ["", "environments_"])
def test_query_parameters_of_lists(prefix: str) -> None:
    items = parameters_of(OPERATIONS[f"{prefix}dataset_items_list"], "query")
    datasets = parameters_of(OPERATIONS[f"{prefix}datasets_list"], "query")

    assert items["dataset"]["schema"] == {"type": "string"}
    assert items["dataset"]["description"] == "Filter by dataset ID"
    for parameters in (items, datasets):
        assert parameters["limit"]["description"] == "Number of results to return per page."
        assert parameters["offset"]["description"] == "The initial index from which to return the results."
    assert datasets["id__in"]["schema"]["type"] == "array"
    assert datasets["id__in"]["description"] == "Multiple values may be separated by commas."
    assert datasets["search"]["description"] == "Search in name, description, or metadata"
    orders = {"created_at", "-created_at", "updated_at", "-updated_at"}
    assert set(datasets["order_by"]["schema"]["items"]["enum"]) == orders


@pytest.mark.parametrize(
    ("operation", "places"),
    [
        ("dataset_items_list", ["dataset", "limit", "offset", "project_id"]),
        ("dataset_items_retrieve", ["id", "project_id"]),
        ("dataset_items_partial_update", ["id", "project_id"]),
        ("environments_dataset_items_list", ["dataset", "environment_id", "limit", "offset"]),
        ("environments_dataset_items_update", ["environment_id", "id"]),
        ("datasets_list", ["id__in", "limit", "offset", "order_by", "project_id", "search"]),
    ],
)
def test_parameters_of_v1_keep_their_positions(operation: str, places: list[str]) -> None:
    """Clients of openapi-typescript-codegen pass parameters by position: required ones first."""
    parameters = OPERATIONS[operation]["parameters"]

    assert [each["name"] for each in parameters][: len(places)] == places
    assert not any(each.get("required") for each in parameters[len(places) :])
    assert OPERATIONS[operation].get("requestBody", {"required": True})["required"]


def test_items_component() -> None:
    item = SCHEMAS["DatasetItem"]
    properties = item["properties"]

    assert set(item["required"]) == {"created_at", "created_by", "dataset", "id", "team", "updated_at"}
    read_only = {name for name, each in properties.items() if each.get("readOnly")}
    assert read_only == {"id", "created_at", "updated_at", "created_by", "team"}
    assert properties["dataset"] == {"type": "string", "format": "uuid"}
    assert [properties[name] for name in ("input", "output", "metadata")] == [{"nullable": True}] * 3
    assert [properties[name]["maxLength"] for name in ("ref_trace_id", "ref_source_id")] == [255, 255]
    assert properties["deleted"] == {"type": "boolean", "nullable": True}
    assert properties["updated_at"]["nullable"]
    assert properties["created_by"]["nullable"]


def test_page_and_patch_components() -> None:
    for name in ("DatasetItem", "Dataset"):
        page = SCHEMAS[f"Paginated{name}List"]
        assert set(page["required"]) == {"count", "results"}
        for link in ("next", "previous"):
            assert page["properties"][link]["format"] == "uri"
            assert page["properties"][link]["nullable"]
        assert "required" not in SCHEMAS[f"Patched{name}"]
        assert SCHEMAS[f"Patched{name}"]["properties"] == SCHEMAS[f"{name}Request"]["properties"]


@pytest.mark.parametrize(("name", "required"), [("DatasetItem", {"dataset"}), ("Dataset", {"name"})])
def test_request_components_have_only_writable_fields(name: str, required: set[str]) -> None:
    request, shown = SCHEMAS[f"{name}Request"], SCHEMAS[name]["properties"]

    assert request["properties"] == {field: each for field, each in shown.items() if "readOnly" not in each}
    assert set(request["required"]) == required


def test_author_component() -> None:
    author = SCHEMAS["UserBasic"]

    assert set(author["required"]) == {"id", "uuid", "email", "hedgehog_config"}
    hedgehog = {"type": "object", "additionalProperties": {}, "readOnly": True, "nullable": True}
    assert author["properties"]["hedgehog_config"] == hedgehog
    roles = [each["$ref"].rpartition("/")[2] for each in author["properties"]["role_at_organization"]["oneOf"]]
    assert roles == ["RoleAtOrganizationEnum", "BlankEnum", "NullEnum"]
    assert SCHEMAS["BlankEnum"] == {"enum": [""], "x-enum-varnames": ["BLANK"]}
    assert SCHEMAS["NullEnum"] == {"enum": [None], "x-py-enum-type": "str"}
