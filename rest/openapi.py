"""Generates the OpenAPI file: v1's operation ids, tags and parameters, and the errors of every operation."""

import re
from collections.abc import Iterator
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, build_parameter_type, get_view_model
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiResponse
from rest_framework.schemas.utils import get_pk_description

from rest.openapi_parameters import (
    ERRORS,
    HEADER_RESPONSES,
    IDEMPOTENCY_KEY,
    IDEMPOTENCY_REPLAYED,
    ONLY_WITH_BODY,
    RETRY_AFTER,
    REVISION_MESSAGE,
    ErrorSerializer,
)
from rest.operations import Operation
from rest.query_params import QueryParam

SchemaDict = dict[str, Any]

PATH_PARAMETERS = {
    "project_id": (
        "Project ID of the project you're trying to access. To find the ID of the project, make a call to "
        "/api/projects/."
    ),
    "environment_id": "Deprecated. Use /api/projects/{project_id}/ instead.",
    "organization_id": "Organization ID, or @current.",
}


class OperationSchema(AutoSchema):
    """DRF's DEFAULT_SCHEMA_CLASS; describes each operation from its view's `operations`."""

    method: str

    def get_operation_id(self) -> str:
        """Omit the `projects_` prefix, as in v1, except for the operations on projects themselves."""
        operation_id = re.sub(r"\W", "", super().get_operation_id())
        # Set by a view whose path differs from another view's path only by its {id}.
        operation_id += getattr(self.view, "operation_id_suffix", "")
        return operation_id.removeprefix("projects_") if len(self._tokenize_path()) > 1 else operation_id

    def get_tags(self) -> list[str]:
        """Tag by resource: the path segment below the project."""
        segments = self._tokenize_path()
        return segments[1:2] if segments[0] in {"projects", "environments"} and len(segments) > 1 else segments[:1]

    @property
    def operation(self) -> Operation:
        """The operation that the view declares. Raises KeyError for a view that declares none."""
        operations: dict[str, Operation] = getattr(self.view, "operations", {})
        return operations[getattr(self.view, "action", None) or self.method.lower()]

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:  # type: ignore[override]
        return self.operation.description

    def get_request_serializer(self) -> Any:
        return self.operation.body

    def get_response_serializers(self) -> Any:
        return self.operation.responses

    def get_examples(self) -> list[Any]:
        return list(self.operation.examples)

    def get_extensions(self) -> SchemaDict:
        return dict(getattr(self.view, "openapi_extensions", {}))

    def get_override_parameters(self) -> list[Any]:
        operation = self.operation
        idempotency = [IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED] if operation.is_idempotent else []
        message = [REVISION_MESSAGE] if operation.is_idempotent else []
        return [RETRY_AFTER, *idempotency, *operation.path, *operation.query, *operation.headers, *message]

    def _get_pagination_parameters(self) -> list[SchemaDict]:
        """Return nothing: each operation declares its own."""
        return []

    def _get_parameters(self) -> list[SchemaDict]:
        """Sort v1's parameters first, by name: openapi-typescript-codegen's clients pass parameters by position."""
        overridden = self.get_override_parameters()
        examples = {each.name: each.example for each in self.operation.query}
        added = [each.name for each in overridden if not (isinstance(each, QueryParam) and each.is_v1)]
        parameters: list[SchemaDict] = super()._get_parameters()
        for parameter in parameters:
            if example := examples.get(parameter["name"]):
                parameter["example"] = example

        def sort_key(parameter: SchemaDict) -> tuple[bool, int]:
            is_added = parameter["name"] in added
            return parameter["in"] == OpenApiParameter.HEADER, added.index(parameter["name"]) if is_added else -1

        return sorted(parameters, key=sort_key)

    def _get_request_body(self, direction: Direction = "request") -> SchemaDict | None:
        """Declare the body of a PATCH as required: positional clients would pass an optional one after the headers."""
        body: SchemaDict | None = super()._get_request_body(direction)
        if body and not self.operation.is_v1:
            for content in body["content"].values():
                self.close(content["schema"])
        return body and body | ({"required": True} if self.method == "PATCH" else {})

    def close(self, schema: SchemaDict) -> None:
        """Forbid additional members in a request's objects: they are rejected with a 400."""
        for reference in references(schema):
            component = self.registry[reference.rpartition("/")[2], ResolvedComponent.SCHEMA].schema
            if "properties" in component and "additionalProperties" not in component:
                component["additionalProperties"] = False
                self.close({name: each for name, each in component["properties"].items() if "readOnly" not in each})

    def _resolve_path_parameters(self, variables: list[str]) -> list[SchemaDict]:
        """Declare all of them as strings: a project may be @current, and ids have several spellings."""
        return [
            build_parameter_type(
                name=name,
                location=OpenApiParameter.PATH,
                schema={"type": "string"},
                description=self.describe_path_parameter(name),
            )
            | ({"example": "@current"} if name in PATH_PARAMETERS else {})
            for name in variables
        ]

    def describe_path_parameter(self, path_parameter: str) -> str:
        if path_parameter in PATH_PARAMETERS:
            return PATH_PARAMETERS[path_parameter]
        model = get_view_model(self.view)
        return str(get_pk_description(model, model._meta.get_field(path_parameter)))  # noqa: SLF001  Django documents it

    def _get_response_bodies(self, direction: Direction = "response") -> SchemaDict:
        bodies = super()._get_response_bodies(direction)
        for parameter in self.get_override_parameters():
            if parameter.name in HEADER_RESPONSES:
                status, response = HEADER_RESPONSES[parameter.name]
                bodies[status] = self._get_response_for_code(response, status, ["application/json"], direction)
        has_body = self.method in {"POST", "PUT", "PATCH"}
        for status, description in ERRORS.items():
            if status not in bodies and (has_body or status not in ONLY_WITH_BODY):
                error = OpenApiResponse(ErrorSerializer, description)
                bodies[status] = self._get_response_for_code(error, status, ["application/json"], direction)
        return dict(sorted(bodies.items()))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def path_order(entry: tuple[str, Any]) -> tuple[bool, str]:
    """Sort the deprecated prefix last."""
    path, _ = entry
    return path.startswith(("/api/environments/", "/v2/api/environments/")), path


def postprocess(result: SchemaDict, **_: Any) -> SchemaDict:
    """Add the remaining parts of v1's file; one of drf-spectacular's POSTPROCESSING_HOOKS."""
    # Without a name, openapi-typescript-codegen turns the empty string into an enum that does not compile.
    result["components"]["schemas"]["BlankEnum"]["x-enum-varnames"] = ["BLANK"]
    # Without a type, openapi-generator writes a Python class that is a syntax error, since it leaves null out.
    result["components"]["schemas"]["NullEnum"]["x-py-enum-type"] = "str"
    result["paths"] = dict(sorted(result["paths"].items(), key=path_order))
    tags = {tag for path in result["paths"].values() for operation in path.values() for tag in operation["tags"]}
    return result | {"x-tagGroups": [{"name": "All endpoints", "tags": sorted(tags)}]}
