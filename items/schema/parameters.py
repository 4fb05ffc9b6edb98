"""Parameters and response headers of items and datasets."""

from datetime import datetime

from drf_spectacular.utils import OpenApiParameter

from rest.schema import ETAG, IF_MATCH

WHOLE_NUMBER = {"type": "integer", "minimum": 0}

DATASET_REVISION = OpenApiParameter(
    "Dataset-Revision",
    int,
    OpenApiParameter.HEADER,
    description="The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant.",
    response=[200, 201, 304],
)
# Of the answers to all writes; IF_MATCH is added where there is something to be overwritten.
OF_WRITES = [ETAG, DATASET_REVISION]
OF_CHANGES = [IF_MATCH, *OF_WRITES]

OF_LISTS = [
    OpenApiParameter(
        "revision", str, description="With dataset: the list as it was at this revision, given as a number or a tag."
    ),
    OpenApiParameter("as_of", datetime, description="With dataset: the list as it was at this time."),
]
OF_ITEM = [
    OpenApiParameter("version", WHOLE_NUMBER, description="The item as it was at this version, deleted since or not."),
    OpenApiParameter(
        "revision",
        str,
        description="The item as it was at this revision (number or tag) of its dataset, or of that given as dataset.",
    ),
    OpenApiParameter("as_of", datetime, description="The item as it was at this time."),
    OpenApiParameter("dataset", str, description="The ID of a dataset in which the item is looked for."),
]
LIMIT = OpenApiParameter("limit", int, description="Number of results to return per page.")
OF_CHANGES_SINCE = [
    OpenApiParameter(
        "since_revision",
        WHOLE_NUMBER | {"default": 0},
        description="Changes after this revision; 0 is the start. Where next is null, go on from next_since_revision.",
    ),
    LIMIT,
    OpenApiParameter(
        "after_position",
        WHOLE_NUMBER,
        description="Part of the links in next, which may stand inside a revision. Not to be made by clients.",
    ),
]
OF_DIFF = [
    OpenApiParameter("from", str, required=True, description="The revision to compare from, as a number or a tag."),
    OpenApiParameter("to", str, required=True, description="The revision to compare to, as a number or a tag."),
    LIMIT,
    OpenApiParameter("offset", int, description="The initial index from which to return the results."),
]
TAG_NAME = OpenApiParameter(
    "name",
    str,
    OpenApiParameter.PATH,
    description="The tag: 1 to 64 of a-z, 0-9, '.', '_' and '-', and not digits alone.",
)
