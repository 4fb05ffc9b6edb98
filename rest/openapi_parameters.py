"""Parts of the OpenAPI file that many operations share: errors, and request and response headers."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

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
# The syntax that etags.py accepts.
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
REVISION_MESSAGE = OpenApiParameter(
    "Revision-Message",
    {"type": "string", "minLength": 1, "maxLength": 5000},
    OpenApiParameter.HEADER,
    description=(
        "What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond "
        "ASCII take the form of RFC 8187: UTF-8''na%C3%AFve."
    ),
)
IDEMPOTENCY_REPLAYED = OpenApiParameter(
    "Idempotency-Replayed",
    {"type": "string", "enum": ["true"]},
    OpenApiParameter.HEADER,
    description="There where the answer is that to an earlier request with the same Idempotency-Key.",
    response=[200, 201],
)


class ErrorSerializer(serializers.Serializer[Any]):
    """The envelope of all errors; see errors.py. Some errors have additional members."""

    type = serializers.ChoiceField(choices=ERROR_TYPES)
    code = serializers.CharField(help_text="What went wrong, for programs.")
    detail = serializers.CharField(help_text="What went wrong, for people.")
    attr = serializers.CharField(allow_null=True, help_text="The field or parameter whose value is wrong.")


class StaleVersionErrorSerializer(ErrorSerializer):
    current_version = serializers.IntegerField(help_text="The present version, as the answer's ETag names it.")


# Additional responses of the operations that take one of these headers.
HEADER_RESPONSES = {
    "If-None-Match": ("304", OpenApiResponse(description="What the client has is what there is.")),
    "If-Match": ("412", OpenApiResponse(StaleVersionErrorSerializer, "If-Match names another version.")),
    "Idempotency-Key": ("422", OpenApiResponse(ErrorSerializer, "The key was used for another request.")),
}
