"""Parameters and response headers of items and datasets."""

from datetime import datetime

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from items.exports.formats import EXPORT_FORMATS
from items.history.snapshots import REVISION_PATTERN
from items.search.conditions import DeletedFilter
from items.search.ordering import ORDERINGS
from items.search.text import MAX_SEARCH_LENGTH
from rest.openapi import ETAG, IF_MATCH, IF_NONE_MATCH

WHOLE_NUMBER = {"type": "integer", "minimum": 0}
REVISION = {"type": "string", "pattern": REVISION_PATTERN}
# An empty one is none.
REVISION_OR_NONE = {"type": "string", "pattern": f"{REVISION_PATTERN}|^$"}

DATASET_REVISION = OpenApiParameter(
    "Dataset-Revision",
    int,
    OpenApiParameter.HEADER,
    description="The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant.",
    response=[200, 201, 204, 304],
)
# Of the answers to all writes; IF_MATCH is added where there is something to be overwritten.
WRITE_HEADERS = [ETAG, DATASET_REVISION]
UPDATE_HEADERS = [IF_MATCH, *WRITE_HEADERS]

LIST_PARAMS = [
    OpenApiParameter(
        "revision",
        REVISION_OR_NONE,
        description="With dataset: the list as it was at this revision, given as a number or a tag.",
    ),
    OpenApiParameter("as_of", datetime, description="With dataset: the list as it was at this time."),
]
DELETED = {"type": "string", "enum": [each.value for each in DeletedFilter]}
ORDER = {"type": "string", "enum": list(ORDERINGS)}
STRICT = OpenApiParameter(
    "strict", bool, description="Whether a parameter that is not known is refused (400) instead of ignored."
)
TIMES = {"gte": "at or after", "gt": "after", "lte": "at or before", "lt": "before"}
SEARCH_PARAMS = [
    OpenApiParameter(
        "search",
        {"type": "string", "maxLength": MAX_SEARCH_LENGTH},
        description=(
            "Items with this text, in any case, in a key, text or number of input, output or metadata, or in "
            "ref_trace_id or ref_source_id."
        ),
    ),
    OpenApiParameter(
        "metadata__contains",
        str,
        description=(
            "A JSON value that metadata contains, as PostgreSQL's jsonb containment has it. For one value there is "
            "also metadata__<path>=value, with dots between keys: metadata__model.name=small."
        ),
        examples=[OpenApiExample("A member", '{"split": "test"}')],
    ),
    OpenApiParameter("input__contains", str, description="A JSON value that input contains."),
    OpenApiParameter("output__contains", str, description="A JSON value that output contains."),
    OpenApiParameter("ref_trace_id", str, description="Items of this trace, exactly."),
    OpenApiParameter("ref_source_id", str, description="Items of this source, exactly."),
    *(
        OpenApiParameter(f"{column}__{lookup}", datetime, description=f"Items {verb} {meaning} this time.")
        for column, verb in (("created_at", "created"), ("updated_at", "last written"))
        for lookup, meaning in TIMES.items()
    ),
    OpenApiParameter("created_by", str, description="Items created by this user, given by id or uuid."),
    OpenApiParameter("id__in", str, description="Items with these IDs, separated by commas."),
    OpenApiParameter(
        "deleted", DELETED, description="Which items: those not deleted, the deleted ones alone (true), or all."
    ),
    OpenApiParameter("order_by", ORDER, description="The order of the list; a minus is newest first."),
    OpenApiParameter(
        "fields",
        str,
        description=(
            "The keys that each item has in the answer, separated by commas; others are not read at all. A client "
            "generated from this file may want them all."
        ),
    ),
    OpenApiParameter(
        "cursor",
        str,
        allow_blank=True,
        description=(
            "Asked for empty, next and previous carry cursors: pages that cost the same at any depth, and in which no "
            "item is missed or met twice while others write. Not to be made by clients."
        ),
    ),
    STRICT,
]
ITEM_PARAMS = [
    OpenApiParameter("version", WHOLE_NUMBER, description="The item as it was at this version, deleted since or not."),
    OpenApiParameter(
        "revision",
        REVISION_OR_NONE,
        description="The item as it was at this revision (number or tag) of its dataset, or of that given as dataset.",
    ),
    OpenApiParameter("as_of", datetime, description="The item as it was at this time."),
    OpenApiParameter("dataset", str, description="The ID of a dataset in which the item is looked for."),
]
LIMIT = OpenApiParameter("limit", int, description="Number of results to return per page.")
FEED_PARAMS = [
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
DIFF_PARAMS = [
    OpenApiParameter(
        "from", REVISION, required=True, description="The revision to compare from, as a number or a tag."
    ),
    OpenApiParameter("to", REVISION, required=True, description="The revision to compare to, as a number or a tag."),
    LIMIT,
    OpenApiParameter("offset", int, description="The initial index from which to return the results."),
]
EXPORT_PARAMS = [
    OpenApiParameter(
        "export_format", enum=sorted(EXPORT_FORMATS), default="jsonl", description="The form of the file."
    ),
    OpenApiParameter(
        "revision", str, description="A revision, as a number or a tag. Without it, the present one at the start."
    ),
    OpenApiParameter("as_of", datetime, description="The revision of this time."),
    IF_NONE_MATCH,
    ETAG,
    DATASET_REVISION,
    OpenApiParameter(
        "Content-Disposition",
        str,
        OpenApiParameter.HEADER,
        description="A name for the file: that of the dataset, with the revision.",
        response=[200],
    ),
]
TAG_NAME = OpenApiParameter(
    "name",
    str,
    OpenApiParameter.PATH,
    description="The tag: 1 to 64 of a-z, 0-9, '.', '_' and '-', and not digits alone.",
)
