"""How the OpenAPI file is made: names, tags and parameters as v1 had them, and every operation's errors."""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_parameter_type, get_view_model
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.schemas.utils import get_pk_description

SchemaDict = dict[str, Any]

ERROR_TYPES = [
    ("authentication_error", "no valid key, or one that may not do this"),
    ("invalid_request", "the request as a whole: its path, method, media type or syntax"),
    ("validation_error", "a value in it"),
    ("throttled_error", "too many requests"),
    ("server_error", "not the request, but the service"),
]
ERRORS = {
    "400": "The request cannot be read, or a value in it is wrong.",
    "401": "No key was given, or the key is not valid.",
    "403": "The key, or its user, may not do this.",
    "404": "There is no such project or object, or it is deleted.",
    "406": "The Accept header allows no media type that can be answered.",
    "413": "The body is too large.",
    "415": "The media type of the body is not supported.",
    "429": "Too many requests.",
    "500": "The service failed.",
    "503": "The service is temporarily unavailable.",
}
ONLY_WITH_BODY = {"413", "415"}
RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    int,
    OpenApiParameter.HEADER,
    description="Seconds to wait before the next attempt.",
    response=[429, 503],
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="Names the state that is answered, or that refused the write; for If-Match and If-None-Match.",
    response=[200, 201, 304, 412],
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="ETags, or *: where the present one is among them, the answer is a 304 without a body.",
)
# As etags.py reads them. An If-None-Match that is something else counts as none.
ENTITY_TAGS = {"type": "string", "pattern": r"""^ *(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*) *$"""}
IF_MATCH = OpenApiParameter(
    "If-Match",
    ENTITY_TAGS,
    OpenApiParameter.HEADER,
    description="ETags, or *: where the present one is not among them, nothing is written and the answer is a 412.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description=(
        "Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but "
        "answered as the first time."
    ),
)
IDEMPOTENCY_REPLAYED = OpenApiParameter(
    "Idempotency-Replayed",
    {"type": "string", "enum": ["true"]},
    OpenApiParameter.HEADER,
    description="There where the answer is that to an earlier request with the same Idempotency-Key.",
    response=[200, 201],
)
PATH_PARAMETERS = {
    "project_id": (
        "Project ID of the project you're trying to access. To find the ID of the project, make a call to "
        "/api/projects/."
    ),
    "environment_id": "Deprecated. Use /api/projects/{project_id}/ instead.",
    "organization_id": "Organization ID, or @current.",
}


class ErrorSerializer(serializers.Serializer[Any]):
    """The one form of all errors; see errors.py. Some have further members after these."""

    type = serializers.ChoiceField(choices=ERROR_TYPES)
    code = serializers.CharField(help_text="What went wrong, for programs.")
    detail = serializers.CharField(help_text="What went wrong, for people.")
    attr = serializers.CharField(allow_null=True, help_text="The field or parameter whose value is wrong.")


class StaleVersionErrorSerializer(ErrorSerializer):
    """See etags.py."""

    current_version = serializers.IntegerField(help_text="The present version, as the answer's ETag names it.")


# What an operation may also answer that takes one of these headers.
HEADER_RESPONSES = {
    "If-None-Match": ("304", OpenApiResponse(description="What the client has is what there is.")),
    "If-Match": ("412", OpenApiResponse(StaleVersionErrorSerializer, "If-Match names another version.")),
    "Idempotency-Key": ("422", OpenApiResponse(ErrorSerializer, "The key was used for another request.")),
}


class OperationSchema(AutoSchema):
    """DRF's DEFAULT_SCHEMA_CLASS; views change single points of it with @extend_schema."""

    method: str

    def get_operation_id(self) -> str:
        """As in v1, `projects_` is left out, but where the project is itself what is read."""
        operation_id = re.sub(r"\W", "", super().get_operation_id())
        return operation_id.removeprefix("projects_") if len(self._tokenize_path()) > 1 else operation_id

    def get_tags(self) -> list[str]:
        """The resource, which stands below the project."""
        segments = self._tokenize_path()
        return segments[1:2] if segments[0] in {"projects", "environments"} and len(segments) > 1 else segments[:1]

    def get_override_parameters(self) -> list[Any]:
        """Whether an Idempotency-Key is taken is told by the mark that the decorator sets."""
        method = getattr(self.view, getattr(self.view, "action", None) or self.method.lower(), None)
        is_idempotent = getattr(method, "is_idempotent", False)
        return [RETRY_AFTER, *([IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED] if is_idempotent else [])]

    def _get_parameters(self) -> list[SchemaDict]:
        """v1's come first, by name as ever: clients of openapi-typescript-codegen pass parameters by their place."""
        added = [each.name for each in self.get_override_parameters()]
        parameters: list[SchemaDict] = super()._get_parameters()

        def sort_key(parameter: SchemaDict) -> tuple[bool, int]:
            is_added = parameter["name"] in added
            return parameter["in"] == OpenApiParameter.HEADER, added.index(parameter["name"]) if is_added else -1

        return sorted(parameters, key=sort_key)

    def _get_request_body(self, direction: Direction = "request") -> SchemaDict | None:
        """A PATCH has one for certain: such clients would pass one that may be absent behind the optional headers."""
        body: SchemaDict | None = super()._get_request_body(direction)
        return body and body | ({"required": True} if self.method == "PATCH" else {})

    def _resolve_path_parameters(self, variables: list[str]) -> list[SchemaDict]:
        """All are texts: a project may be @current, and an id is spelled in several ways."""
        return [
            build_parameter_type(
                name=name,
                location=OpenApiParameter.PATH,
                schema={"type": "string"},
                description=self.describe_path_parameter(name),
            )
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


def postprocess(result: SchemaDict, **_: Any) -> SchemaDict:
    """A POSTPROCESSING_HOOK: what else v1's file had."""
    result["info"]["description"] = ""
    # Without a name openapi-typescript-codegen makes of the empty text an enum that does not compile.
    result["components"]["schemas"]["BlankEnum"]["x-enum-varnames"] = ["BLANK"]
    tags = {tag for path in result["paths"].values() for operation in path.values() for tag in operation["tags"]}
    return result | {"x-tagGroups": [{"name": "All endpoints", "tags": sorted(tags)}]}
