"""The parts of the OpenAPI file about versions, revisions and safe writes, under both prefixes."""

from typing import Any

import pytest

from items.search.column_filters import COLUMN_CONDITIONS
from items.search.conditions import DELETED
from items.search.query import EXTENDED_PARAMS
from tests.contract.openapi_file import OPERATIONS, SCHEMAS, bodies, content_of, parameters_of

# Method, path below the project, status and body of the response, body of the request.
ADDED = {
    "dataset_items_versions_list": ("get", "dataset_items/{id}/versions/", "200", "PaginatedItemVersionList", None),
    "dataset_items_archive_create": ("post", "dataset_items/{id}/archive/", "200", "DatasetItem", "ArchiveRequest"),
    "dataset_items_restore_create": ("post", "dataset_items/{id}/restore/", "200", "DatasetItem", "RestoreRequest"),
    "dataset_items_bulk_partial_update": (
        "patch",
        "dataset_items/bulk/",
        "200",
        "BulkUpdateOutcome",
        "PatchedBulkUpdateRequest",
    ),
    "datasets_revisions_list": ("get", "datasets/{id}/revisions/", "200", "PaginatedRevisionList", None),
    "datasets_changes_retrieve": ("get", "datasets/{id}/changes/", "200", "Feed", None),
    "datasets_diff_retrieve": ("get", "datasets/{id}/diff/", "200", "Diff", None),
    "datasets_tags_list": ("get", "datasets/{id}/tags/", "200", "PaginatedTagDetailList", None),
    "datasets_tags_retrieve": ("get", "datasets/{id}/tags/{name}/", "200", "TagDetail", None),
    "datasets_tags_update": ("put", "datasets/{id}/tags/{name}/", "201", "DatasetTag", "TagRequest"),
    "datasets_tags_destroy": ("delete", "datasets/{id}/tags/{name}/", "204", None, None),
    "datasets_schemas_retrieve": ("get", "datasets/{id}/schemas/", "200", "Schemas", None),
    "datasets_schemas_update": ("put", "datasets/{id}/schemas/", "200", "Schemas", "Schemas"),
    "datasets_duplicates_list": ("get", "datasets/{id}/duplicates/", "200", "PaginatedDuplicateGroupList", None),
    "datasets_duplicates_create": ("post", "datasets/{id}/duplicates/", "200", "ArchivedDuplicates", None),
    "datasets_stats_retrieve": ("get", "datasets/{id}/stats/", "200", "Stats", None),
    "datasets_fork_create": ("post", "datasets/{id}/fork/", "201", "Dataset", "ForkRequest"),
}
BULK = ["dataset_items_bulk_create", "dataset_items_bulk_partial_update"]
REPEATABLE = [
    "datasets_duplicates_create",
    "datasets_rollback_create",
    "datasets_erase_create",
    "dataset_items_erase_create",
    "dataset_items_erase_create_many",
]
READS = [
    "dataset_items_list",
    "dataset_items_retrieve",
    "datasets_retrieve",
    "datasets_export_retrieve",
    "datasets_digest_retrieve",
    "datasets_schemas_retrieve",
    "datasets_stats_retrieve",
    "datasets_tags_retrieve",
]
MAKING = ["dataset_items_create", "datasets_create", "datasets_fork_create", "datasets_import_create"]
CHANGING = [
    "dataset_items_update",
    "dataset_items_partial_update",
    "dataset_items_archive_create",
    "dataset_items_restore_create",
    "datasets_update",
    "datasets_partial_update",
    "datasets_tags_update",
    "datasets_schemas_update",
]
CONDITIONS = {*COLUMN_CONDITIONS, "sample", "seed", DELETED}
QUERY = {
    "dataset_items_bulk_create": {"dataset", "match_on", "on_conflict", "partial", "dry_run"},
    "dataset_items_bulk_partial_update": {"dry_run"},
    "dataset_items_list": {"dataset", "limit", "offset", "revision", "as_of"} | {*CONDITIONS, *EXTENDED_PARAMS},
    "datasets_list": {"limit", "offset", "search", "order_by", "id__in", "strict", "name", "deleted", "fields"},
    "dataset_items_retrieve": {"dataset", "revision", "as_of", "version"},
    "dataset_items_update": {"dataset"},
    "dataset_items_partial_update": {"dataset"},
    "dataset_items_archive_create": {"dataset"},
    "dataset_items_restore_create": {"dataset"},
    "datasets_export_retrieve": {"export_format", "revision", "as_of"} | CONDITIONS,
    "datasets_export_create": {"export_format", "revision", "as_of"} | CONDITIONS,
    "datasets_fork_create": CONDITIONS | {"dry_run"},
    "datasets_tags_list": {"limit", "offset"},
    "dataset_items_versions_list": {"limit", "offset"},
    "datasets_revisions_list": {"limit", "offset"},
    "datasets_changes_retrieve": {"since_revision", "after_position", "limit"},
    "datasets_diff_retrieve": {"from", "to", "change", "limit", "cursor"},
    "datasets_import_create": {
        "import_format",
        "dry_run",
        "mapping",
        "delimiter",
        "cells",
        "sheet",
        "match_on",
        "on_conflict",
        "mirror",
        "strict",
    },
    "datasets_rollback_create": {"dry_run"},
    "datasets_erase_create": {"dry_run"},
    "dataset_items_erase_create": {"dry_run"},
    "dataset_items_erase_create_many": {"dry_run"},
    "erasures_list": {"limit", "offset"},
    "datasets_duplicates_create": {"on", "dry_run"},
    "datasets_duplicates_list": {"on", "limit", "offset"},
    "datasets_schemas_retrieve": {"revision"},
}
BOTH_PREFIXES = pytest.mark.parametrize("prefix", ["", "environments_"], ids=["projects", "environments"])


@BOTH_PREFIXES
@pytest.mark.parametrize("name", ADDED)
def test_operations(prefix: str, name: str) -> None:
    operation = OPERATIONS[prefix + name]

    method, path, status, given, taken = ADDED[name]
    project = "environments/{environment_id}" if prefix else "projects/{project_id}"
    assert operation["method"] == method
    assert operation["path"] == f"/api/{project}/{path}"
    assert operation["tags"] == [path.partition("/")[0]]
    assert operation["x-explicit-tags"] == ["llm_analytics"]
    assert operation["security"] == [{"PersonalAPIKeyAuth": [f"dataset:{'read' if method == 'get' else 'write'}"]}]
    assert operation["description"]
    assert operation["responses"][status].get("content") == (content_of(given) if given else None)
    assert bodies(operation.get("requestBody", {}).get("content")) == (content_of(taken) if taken else None)


@BOTH_PREFIXES
def test_import_takes_a_file_and_reports_its_rows(prefix: str) -> None:
    operation = OPERATIONS[f"{prefix}datasets_import_create"]

    assert operation["requestBody"]["content"] == {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
    }
    lines = {"application/x-ndjson": {"schema": {"type": "string", "format": "binary"}}}
    assert operation["responses"]["200"]["content"] == content_of("ImportResult") | lines
    assert operation["responses"]["201"]["content"] == content_of("ImportResult")
    refused = SCHEMAS["ImportRejected"]["properties"]
    assert list(refused) == ["type", "code", "detail", "attr", "errors", "ignored_columns", "hints"]


@BOTH_PREFIXES
@pytest.mark.parametrize("name", QUERY)
def test_query_parameters(prefix: str, name: str) -> None:
    parameters = parameters_of(OPERATIONS[prefix + name], "query")

    assert set(parameters) == QUERY[name]
    assert all(each["description"] for each in parameters.values())
    assert {each for each in parameters if parameters[each].get("required")} == QUERY[name] & {"from", "on"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_headers_are_declared_where_they_apply(name: str) -> None:
    operation, short = OPERATIONS[name], name.removeprefix("environments_")

    headers = parameters_of(operation, "header")
    assert ("If-None-Match" in headers) == ("304" in operation["responses"]) == (short in READS)
    assert ("If-Match" in headers) == ("412" in operation["responses"]) == (short in CHANGING)
    assert (
        ("Idempotency-Key" in headers)
        == ("422" in operation["responses"])
        == (short in MAKING + CHANGING + BULK + REPEATABLE)
    )


@BOTH_PREFIXES
@pytest.mark.parametrize("name", READS + MAKING + CHANGING)
def test_responses_declare_their_headers(prefix: str, name: str) -> None:
    responses: dict[str, Any] = OPERATIONS[prefix + name]["responses"]

    for status in {"200", "201", "304", "412"} & set(responses):
        # An import is not a resource with an ETag.
        assert ("ETag" in responses[status]["headers"]) == (name != "datasets_import_create")
    for status in {"200", "201"} & set(responses):
        headers = responses[status]["headers"]
        assert ("Idempotency-Replayed" in headers) == (name not in READS)
        assert ("Dataset-Revision" in headers) == (name not in {"datasets_retrieve", "datasets_tags_retrieve"})


@BOTH_PREFIXES
@pytest.mark.parametrize("name", CHANGING)
def test_a_stale_write_declares_the_current_version(prefix: str, name: str) -> None:
    responses = OPERATIONS[prefix + name]["responses"]

    assert responses["412"]["content"] == content_of("StaleVersionError")
    assert responses["422"]["content"] == content_of("Error")
    assert list(SCHEMAS["StaleVersionError"]["properties"]) == [*SCHEMAS["Error"]["properties"], "current_version"]
    assert "current_version" in SCHEMAS["StaleVersionError"]["required"]


@BOTH_PREFIXES
def test_bulk_operations(prefix: str) -> None:
    creation, update = (OPERATIONS[prefix + name] for name in BULK)

    for operation, response in ((creation, "BulkOutcome"), (update, "BulkUpdateOutcome")):
        assert operation["responses"]["200"]["content"] == content_of(response)
        assert set(operation["responses"]["200"]["headers"]) == {"Dataset-Revision", "Idempotency-Replayed"}
    assert creation["responses"]["409"]["content"] == content_of("Error")
    assert update["responses"]["400"]["content"] == content_of("SchemaError")
    assert set(creation["requestBody"]["content"]) == {"application/json", "application/x-ndjson", "application/jsonl"}
    body = SCHEMAS["BulkCreateRequest"]
    assert body["required"] == ["dataset", "items"]
    assert body["properties"]["items"]["items"] == {"$ref": "#/components/schemas/BulkItem"}
    assert "required" not in SCHEMAS["BulkItem"]
    assert set(SCHEMAS["PatchedBulkUpdateRequest"]["properties"]) == {"ids", "filter", "changes"}


@BOTH_PREFIXES
def test_a_tag_that_exists_is_a_409(prefix: str) -> None:
    assert OPERATIONS[f"{prefix}datasets_tags_update"]["responses"]["409"]["content"] == content_of("Error")


@BOTH_PREFIXES
def test_removing_a_tag_returns_the_revision(prefix: str) -> None:
    responses = OPERATIONS[f"{prefix}datasets_tags_destroy"]["responses"]

    assert set(responses["204"]) == {"description", "headers"}
    assert set(responses["204"]["headers"]) == {"Dataset-Revision"}


@pytest.mark.parametrize(
    ("component", "optional"),
    [
        ("ItemVersion", {"origin"}),
        ("ItemOrigin", set()),
        ("Revision", set()),
        ("Feed", set()),
        ("FeedEntry", set()),
        ("Diff", set()),
        ("ItemDifference", set()),
        ("DatasetTag", set()),
        ("BulkOutcome", set()),
        ("BulkUpdateOutcome", set()),
        ("BulkResult", {"error", "fields"}),
    ],
)
def test_members_of_responses_are_required(component: str, optional: set[str]) -> None:
    schema = SCHEMAS[component]

    assert set(schema["properties"]) - set(schema["required"]) == optional
