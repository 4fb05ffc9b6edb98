"""The operations of datasets."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema

from items.exports.formats import EXPORT_FORMATS
from items.history.openapi import DIFF_RESPONSE, DatasetTagSerializer, FeedSerializer
from items.imports.openapi import import_operation
from items.openapi.operations import soft_deleted_resource
from items.openapi.parameters import (
    DATASET_REVISION,
    DIFF_PARAMS,
    EXPORT_PARAMS,
    FEED_PARAMS,
    STRICT,
    TAG_NAME,
    UPDATE_HEADERS,
    WRITE_HEADERS,
)
from items.serializers import DatasetSerializer, ForkSerializer, RevisionSerializer, TagSerializer
from items.validation.openapi import VALIDATION_OPERATIONS
from rest.openapi import ETAG, IF_NONE_MATCH, ErrorSerializer

dataset_operations = soft_deleted_resource(
    list=extend_schema(parameters=[STRICT]),
    retrieve=extend_schema(parameters=[IF_NONE_MATCH, ETAG]),
    revisions=extend_schema(
        description="All revisions of a dataset, newest first, with how many items each of them wrote.",
        filters=False,
        responses=RevisionSerializer(many=True),
    ),
    changes=extend_schema(
        description=(
            "All that was changed in a dataset and its items, oldest first. A client that reads to the end and goes on "
            "later from next_since_revision misses nothing and sees nothing twice, whoever writes meanwhile."
        ),
        parameters=[*FEED_PARAMS, DATASET_REVISION],
        responses=FeedSerializer,
    ),
    diff=extend_schema(
        description="How the list of a dataset's items differs between two of its revisions.",
        parameters=DIFF_PARAMS,
        responses=DIFF_RESPONSE,
    ),
    export=extend_schema(
        description=(
            "All items of one revision as a file, oldest first: id, the six fields of content, created_at, updated_at. "
            "It is sent while it is read; writers at work change nothing of it."
        ),
        filters=False,
        parameters=EXPORT_PARAMS,
        responses={(200, each.media_type.partition(";")[0]): OpenApiTypes.BINARY for each in EXPORT_FORMATS.values()},
    ),
    tag=extend_schema(
        description="Names a revision. A tag that names another one is moved with If-Match, or with force.",
        parameters=[TAG_NAME, *UPDATE_HEADERS],
        request=TagSerializer,
        responses={
            200: OpenApiResponse(DatasetTagSerializer, "The tag was there, and names that revision now."),
            201: OpenApiResponse(DatasetTagSerializer, "The tag is new."),
            409: OpenApiResponse(ErrorSerializer, "The tag names another revision (tag_exists)."),
        },
    ),
    untag=extend_schema(
        description="Removes a tag; the revision stays.",
        parameters=[TAG_NAME, DATASET_REVISION],
        responses={204: OpenApiResponse(description="No response body")},
    ),
    import_file=import_operation,
    fork=extend_schema(
        description=(
            "A new dataset that holds the items as they are, or as they were at a revision, with new ids. Each item's "
            "versions name what it was copied from."
        ),
        parameters=WRITE_HEADERS,
        request=ForkSerializer,
        responses={201: DatasetSerializer},
    ),
    **VALIDATION_OPERATIONS,
)
