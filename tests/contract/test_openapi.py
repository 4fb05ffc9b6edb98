"""The OpenAPI file: openapi.yaml matches the code, with all routes and every operation's errors."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admindocs.views import simplify_regex
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from datasets_api.api_docs import PublicPage, api_not_found
from datasets_api.version import VERSION
from tests.contract.openapi_file import DOCUMENT, GOLDEN, OPERATIONS, SCHEMAS, content_of

NEW = GOLDEN.with_name("openapi.new.yaml")


def test_checked_in_file_is_what_the_code_declares(tmp_path: Path) -> None:
    made = tmp_path / "openapi.yaml"

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))

    if made.read_bytes() != GOLDEN.read_bytes():
        NEW.write_bytes(made.read_bytes())
        pytest.fail(f"openapi.yaml is not up to date. See what changed in {NEW.name}, then move it to {GOLDEN.name}.")
    NEW.unlink(missing_ok=True)


def test_head_of_the_file() -> None:
    assert DOCUMENT["openapi"] == "3.0.3"
    info = DOCUMENT["info"]
    assert (info["title"], info["version"]) == ("Datasets API", VERSION)
    assert "PostHog" in info["description"]
    assert DOCUMENT["components"]["securitySchemes"] == {"PersonalAPIKeyAuth": {"type": "http", "scheme": "bearer"}}
    (group,) = DOCUMENT["x-tagGroups"]
    assert group["name"] == "All endpoints"
    assert {"dataset_items", "datasets"} <= set(group["tags"])


def test_projects_come_before_environments() -> None:
    prefixes = [path.split("/")[2] for path in DOCUMENT["paths"]]

    assert "environments" not in prefixes[: prefixes.index("environments")]
    assert set(prefixes[prefixes.index("environments") :]) == {"environments"}


def test_every_operation_has_a_summary_of_its_own() -> None:
    summaries = [each["summary"] for name, each in OPERATIONS.items() if not name.startswith("environments_")]

    assert all(summaries)
    assert len(set(summaries)) == len(summaries)


def enumerations(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "enum" in node:
            yield node
        for each in node.values():
            yield from enumerations(each)
    elif isinstance(node, list):
        for each in node:
            yield from enumerations(each)


def test_names_of_enumerated_values_do_not_collide() -> None:
    """Applies to languages whose names have letters, digits and underscores."""
    for each in enumerations(DOCUMENT):
        values = each.get("x-enum-varnames") or [str(value) for value in each["enum"]]
        names = [re.sub(r"\W+", "_", value).strip("_").lower() for value in values]
        assert len(set(names)) == len(names), each


@pytest.mark.parametrize("operation", [pytest.param(each, id=name) for name, each in OPERATIONS.items()])
def test_every_operation_declares_its_errors(operation: dict[str, Any]) -> None:
    statuses = {"400", "401", "403", "404", "406", "429", "500", "503"}
    if operation["method"] in {"post", "put", "patch"}:
        statuses |= {"413", "415"}

    assert {code for code in operation["responses"] if code >= "400"} - {"405"} >= statuses
    for status in statuses:
        violations = {"put": "/schemas/", "patch": "/bulk/"}.get(operation["method"], "none")
        of_more = {"/import/": "ImportRejected", violations: "SchemaError"}
        described = [error for end, error in of_more.items() if status == "400" and operation["path"].endswith(end)]
        error = described[0] if described else "Error"
        assert operation["responses"][status]["content"] == content_of(error)
    assert "Retry-After" in operation["responses"]["429"]["headers"]


def test_error_component_is_the_envelope() -> None:
    error = SCHEMAS["Error"]

    assert list(error["properties"]) == ["type", "code", "detail", "attr"]
    assert set(error["required"]) == {"type", "code", "detail", "attr"}
    assert [name for name, each in error["properties"].items() if each.get("nullable")] == ["attr"]


def declarable_paths(patterns: list[Any], before: str = "") -> Iterator[str]:
    """Return paths as the file spells them, except for format suffixes and pages outside the API."""
    for each in patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from declarable_paths(each.url_patterns, pattern)
        elif isinstance(each, URLPattern) and "<format>" not in pattern and not is_apart(each.callback):
            yield re.sub(r"<(\w+)>", r"{\1}", simplify_regex(pattern))


def is_apart(view: Any) -> bool:
    return view is api_not_found or issubclass(getattr(view, "cls", object), PublicPage)


def test_every_route_is_declared() -> None:
    paths = set(declarable_paths(get_resolver().url_patterns))

    assert {path for path in paths if path.startswith("/api")} == set(DOCUMENT["paths"])
