"""Look up parts of the checked-in OpenAPI file."""

from typing import Any

import yaml

from tests.service_process import PROJECT_DIR

GOLDEN = PROJECT_DIR / "openapi.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS: dict[str, dict[str, Any]] = {
    operation["operationId"]: operation | {"path": path, "method": method}
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def parameters_of(operation: dict[str, Any], place: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in operation.get("parameters", []) if each["in"] == place}


def content_of(component: str) -> dict[str, Any]:
    """Return a body that is this component, as JSON only."""
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{component}"}}}


def bodies(content: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the content of a request or response, without its examples."""
    return content and {media_type: {"schema": body["schema"]} for media_type, body in content.items()}
