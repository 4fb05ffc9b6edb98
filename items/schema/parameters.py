"""Parameters and response headers of items and datasets."""

from datetime import datetime

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from items.finding.conditions import Shown
from items.finding.orders import ORDERS
from items.finding.search import MAX_LENGTH
from items.history.moments import REVISION_PATTERN
from items.transfer.writing.exports import FORMATS
from rest.schema import ETAG, IF_MATCH, IF_NONE_MATCH

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
OF_WRITES = [ETAG, DATASET_REVISION]
OF_CHANGES = [IF_MATCH, *OF_WRITES]

OF_LISTS = [
    OpenApiParameter(
        "revision",
        REVISION_OR_NONE,
        description="With dataset: the list as it was at this revision, given as a number or a tag.",
    ),
    OpenApiParameter("as_of", datetime, description="With dataset: the list as it was at this time."),
]
DELETED = {"type": "string", "enum": [each.value for each in Shown]}
ORDER = {"type": "string", "enum": list(ORDERS)}
STRICT = OpenApiParameter(
    "strict", bool, description="Whether a parameter that is not known is refused (400) instead of ignored."
)
TIMES = {"gte": "at or after", "gt": "after", "lte": "at or before", "lt": "before"}
OF_FINDING = [
    OpenApiParameter(
        "search",
        {"type": "string", "maxLength": MAX_LENGTH},
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
        OpenApiParameter(f"{column}__{word}", datetime, description=f"Items {verb} {meaning} this time.")
        for column, verb in (("created_at", "created"), ("updated_at", "last written"))
        for word, meaning in TIMES.items()
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
OF_ITEM = [
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
    OpenApiParameter(
        "from", REVISION, required=True, description="The revision to compare from, as a number or a tag."
    ),
    OpenApiParameter("to", REVISION, required=True, description="The revision to compare to, as a number or a tag."),
    LIMIT,
    OpenApiParameter("offset", int, description="The initial index from which to return the results."),
]
OF_EXPORTS = [
    OpenApiParameter("export_format", enum=sorted(FORMATS), default="jsonl", description="The form of the file."),
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
