"""OpenAPI operations for the history of datasets and items, and for tags."""

from datetime import datetime

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from items.history.diff import CHANGES
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
# An empty parameter is ignored.
REVISION_OR_NONE = {"type": "string", "pattern": f"{REVISION_PATTERN}|^$"}
TAG_NAME = OpenApiParameter(
    "name",
    str,
    OpenApiParameter.PATH,
    description="The tag: 1 to 64 characters of a-z, 0-9, '.', '_' and '-', not only digits and not latest.",
)
# For lists of items.
LIST_SNAPSHOT_PARAMS = (
    QueryParam(
        "revision",
        REVISION_OR_NONE,
        description="Requires dataset. The list as it was at this revision: a number, a tag or latest.",
    ),
    QueryParam("as_of", datetime, description="Requires dataset. The list as it was at this time."),
)
# For a single item.
ITEM_SNAPSHOT_PARAMS = (
    QueryParam(
        "version", WHOLE_NUMBER, description="The item as it was at this version, even if it has been deleted since."
    ),
    QueryParam(
        "revision",
        REVISION_OR_NONE,
        description="The item as it was at this revision (number, tag or latest) of its dataset or the given one.",
    ),
    QueryParam("as_of", datetime, description="The item as it was at this time."),
    DATASET,
)
# For a whole dataset.
SNAPSHOT_PARAMS = (
    QueryParam(
        "revision",
        description="A number, a tag or latest. The default is the current revision when the request starts.",
    ),
    QueryParam("as_of", datetime, description="The revision that was current at this time."),
)

LIST_VERSIONS = Operation(
    summary="List the versions of an item",
    description="All versions of an item, newest first, even if the item is deleted.",
    query=(LIMIT, OFFSET),
    responses=ItemVersionWithOriginSerializer(many=True),
)
LIST_REVISIONS = Operation(
    summary="List the revisions of a dataset",
    description="All revisions of a dataset, newest first, with the number of items that each one wrote.",
    query=(LIMIT, OFFSET),
    responses=RevisionSerializer(many=True),
)
READ_CHANGES = Operation(
    summary="Read the changes of a dataset",
    description=(
        "All changes to the items of a dataset, oldest first. A client that reads to the end and later continues from "
        "next_since_revision misses nothing and sees nothing twice, even while others write."
    ),
    query=(
        QueryParam(
            "since_revision",
            WHOLE_NUMBER | {"default": 0},
            description=(
                "Changes after this revision; 0 is the start. Once next is null, continue from next_since_revision."
            ),
        ),
        LIMIT.after_others(),
        QueryParam(
            "after_position",
            WHOLE_NUMBER,
            description="Set by the links in next, which may point inside a revision. Clients do not set it.",
        ),
    ),
    headers=(DATASET_REVISION,),
    responses=FeedSerializer,
)
COMPARE_REVISIONS = Operation(
    summary="Compare two revisions of a dataset",
    description=(
        "The differences between the items of a dataset at two of its revisions, newest change first. The first page "
        "counts them; the links in next and previous lead on."
    ),
    query=(
        QueryParam(
            "from",
            REVISION_SCHEMA,
            required=True,
            description="The revision to compare from, as a number, a tag or latest.",
            example="0",
        ),
        QueryParam(
            "to",
            REVISION_OR_NONE,
            description="The revision to compare to, as a number, a tag or latest, which is the default.",
        ),
        QueryParam(
            "change",
            {"type": "string", "enum": list(CHANGES)},
            description="Only items with this change; counts are of all of them. Without it, every item that differs.",
        ),
        LIMIT.after_others(),
        QueryParam("cursor", description="Set by the links in next and previous. Clients do not set it."),
    ),
    responses=DIFF_RESPONSE,
)
ROLL_BACK = Operation(
    summary="Roll the items back to a revision",
    description=(
        "Returns the dataset's items to their state at a revision, as one new revision: items created since are "
        "archived, archived items restored, changed items changed back. If nothing differs, nothing is written. If an "
        "item has been erased (erased) or moved to another dataset (items_moved) since, the whole request fails."
    ),
    query=(DRY_RUN,),
    headers=(DATASET_REVISION,),
    body=RollbackSerializer,
    responses={
        200: RollbackResultSerializer,
        409: OpenApiResponse(
            ErrorSerializer, "An item has been erased (erased) or moved to another dataset (items_moved)."
        ),
    },
    examples=(OpenApiExample("An earlier revision", {"revision": 1}, request_only=True),),
    is_idempotent=True,
)
LIST_TAGS = Operation(
    summary="List the tags of a dataset",
    description="All tags of a dataset, in order of name.",
    query=(LIMIT, OFFSET),
    responses=TagDetailSerializer(many=True),
)
READ_TAG = Operation(
    summary="Show a tag",
    description="The revision that a tag names, and who created the tag and when.",
    path=(TAG_NAME,),
    headers=(IF_NONE_MATCH, ETAG),
    responses=TagDetailSerializer,
)
PUT_TAG = Operation(
    summary="Tag a revision",
    description="Tags a revision. Moving a tag that names another revision requires If-Match or force.",
    path=(TAG_NAME,),
    headers=UPDATE_HEADERS,
    body=TagSerializer,
    responses={
        200: OpenApiResponse(DatasetTagSerializer, "The tag existed and names this revision now."),
        201: OpenApiResponse(DatasetTagSerializer, "The tag was created."),
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
