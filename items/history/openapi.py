"""The operations that read the history of datasets and items, and those of tags."""

from datetime import datetime

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from items.history.serializers import (
    DIFF_RESPONSE,
    DatasetTagSerializer,
    FeedSerializer,
    ItemVersionWithOriginSerializer,
    RevisionSerializer,
    RollbackResultSerializer,
    RollbackSerializer,
    TagDetailSerializer,
    TagSerializer,
)
from items.history.snapshots import REVISION_PATTERN
from items.openapi import DATASET, DATASET_REVISION, UPDATE_HEADERS, WHOLE_NUMBER
from rest.openapi_parameters import ETAG, IF_NONE_MATCH, ErrorSerializer
from rest.operations import Operation
from rest.query_params import DRY_RUN, LIMIT, OFFSET, QueryParam

REVISION_SCHEMA = {"type": "string", "pattern": REVISION_PATTERN}
# An empty one is none.
REVISION_OR_NONE = {"type": "string", "pattern": f"{REVISION_PATTERN}|^$"}
TAG_NAME = OpenApiParameter(
    "name",
    str,
    OpenApiParameter.PATH,
    description="The tag: 1 to 64 of a-z, 0-9, '.', '_' and '-', and not digits alone.",
)
# Of lists of items.
LIST_SNAPSHOT_PARAMS = (
    QueryParam(
        "revision",
        REVISION_OR_NONE,
        description="With dataset: the list as it was at this revision, given as a number, a tag or latest.",
    ),
    QueryParam("as_of", datetime, description="With dataset: the list as it was at this time."),
)
# Of one item.
ITEM_SNAPSHOT_PARAMS = (
    QueryParam("version", WHOLE_NUMBER, description="The item as it was at this version, deleted since or not."),
    QueryParam(
        "revision",
        REVISION_OR_NONE,
        description="The item as it was at this revision (number or tag) of its dataset, or of that given as dataset.",
    ),
    QueryParam("as_of", datetime, description="The item as it was at this time."),
    DATASET,
)
# Of a dataset as a whole.
SNAPSHOT_PARAMS = (
    QueryParam("revision", description="A number, a tag or latest. Without it, the present revision at the start."),
    QueryParam("as_of", datetime, description="The revision of this time."),
)

LIST_VERSIONS = Operation(
    summary="List the versions of an item",
    description="All versions of an item, newest first; also of a deleted one.",
    query=(LIMIT, OFFSET),
    responses=ItemVersionWithOriginSerializer(many=True),
)
LIST_REVISIONS = Operation(
    summary="List the revisions of a dataset",
    description="All revisions of a dataset, newest first, with how many items each of them wrote.",
    query=(LIMIT, OFFSET),
    responses=RevisionSerializer(many=True),
)
READ_CHANGES = Operation(
    summary="Read the changes of a dataset",
    description=(
        "All that was changed in a dataset and its items, oldest first. A client that reads to the end and goes on "
        "later from next_since_revision misses nothing and sees nothing twice, whoever writes meanwhile."
    ),
    query=(
        QueryParam(
            "since_revision",
            WHOLE_NUMBER | {"default": 0},
            description=(
                "Changes after this revision; 0 is the start. Where next is null, go on from next_since_revision."
            ),
        ),
        LIMIT.after_others(),
        QueryParam(
            "after_position",
            WHOLE_NUMBER,
            description="Part of the links in next, which may stand inside a revision. Not to be made by clients.",
        ),
    ),
    headers=(DATASET_REVISION,),
    responses=FeedSerializer,
)
COMPARE_REVISIONS = Operation(
    summary="Compare two revisions of a dataset",
    description="How the list of a dataset's items differs between two of its revisions.",
    query=(
        QueryParam(
            "from",
            REVISION_SCHEMA,
            required=True,
            description="The revision to compare from, as a number, a tag or latest.",
        ),
        QueryParam(
            "to",
            REVISION_SCHEMA,
            required=True,
            description="The revision to compare to, as a number, a tag or latest.",
        ),
        LIMIT.after_others(),
        OFFSET.after_others(),
    ),
    responses=DIFF_RESPONSE,
)
ROLL_BACK = Operation(
    summary="Take the items back to a revision",
    description=(
        "Makes the dataset's items what they were at a revision, as one new revision: items created since are "
        "archived, archived ones restored, changed ones changed back. Where nothing differs, nothing is written. An "
        "item that was erased (erased) or moved to another dataset since (items_moved) refuses all."
    ),
    query=(DRY_RUN,),
    headers=(DATASET_REVISION,),
    body=RollbackSerializer,
    responses={
        200: RollbackResultSerializer,
        409: OpenApiResponse(ErrorSerializer, "An item was erased, or moved away (erased, items_moved)."),
    },
    examples=(OpenApiExample("An earlier revision", {"revision": 7}, request_only=True),),
    is_idempotent=True,
)
LIST_TAGS = Operation(
    summary="List the tags of a dataset",
    description="All tags of a dataset, by name.",
    query=(LIMIT, OFFSET),
    responses=TagDetailSerializer(many=True),
)
READ_TAG = Operation(
    summary="Show a tag",
    description="Which revision a tag names, and who made it when.",
    path=(TAG_NAME,),
    headers=(IF_NONE_MATCH, ETAG),
    responses=TagDetailSerializer,
)
PUT_TAG = Operation(
    summary="Tag a revision",
    description="Names a revision. A tag that names another one is moved with If-Match, or with force.",
    path=(TAG_NAME,),
    headers=UPDATE_HEADERS,
    body=TagSerializer,
    responses={
        200: OpenApiResponse(DatasetTagSerializer, "The tag was there, and names that revision now."),
        201: OpenApiResponse(DatasetTagSerializer, "The tag is new."),
        409: OpenApiResponse(ErrorSerializer, "The tag names another revision (tag_exists)."),
    },
    examples=(OpenApiExample("The first revision", {"revision": 1}, request_only=True),),
    is_idempotent=True,
)
DELETE_TAG = Operation(
    summary="Remove a tag",
    description="Removes a tag; the revision stays.",
    path=(TAG_NAME,),
    headers=(DATASET_REVISION,),
    responses={204: OpenApiResponse(description="No response body")},
)
