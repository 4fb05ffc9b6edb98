"""The OpenAPI operation that reads a digest."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from items.digest.serializers import DigestSerializer
from items.history.openapi import REVISION_OR_NONE
from items.openapi import DATASET_REVISION
from rest.openapi_parameters import ETAG, IF_NONE_MATCH
from rest.operations import Operation
from rest.query_params import QueryParam

RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    int,
    OpenApiParameter.HEADER,
    description="Seconds to wait before asking again.",
    response=[202],
)
READ_DIGEST = Operation(
    summary="Read the digest of a dataset",
    description=(
        "One hash for the content of a revision, which depends only on the content of its items, not on their IDs or "
        "order. The first request computes and stores it; for a large revision, several requests may be needed (202)."
    ),
    query=(QueryParam("revision", REVISION_OR_NONE, description="A number, a tag or latest, which is the default."),),
    headers=(IF_NONE_MATCH, ETAG, DATASET_REVISION, RETRY_AFTER),
    responses={
        200: DigestSerializer,
        202: OpenApiResponse(DigestSerializer, "The digest is being computed. Ask again after Retry-After."),
    },
)
