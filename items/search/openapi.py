"""The query parameters of lists of items, and those of lists of datasets."""

from datetime import datetime

from drf_spectacular.utils import OpenApiExample

from items.history.openapi import LIST_SNAPSHOT_PARAMS
from items.openapi import MAX_JSON_LENGTH, V1_DATASET, WHOLE_NUMBER
from items.search.conditions import DeletedFilter
from items.search.ordering import ORDERINGS
from items.search.sampling import MAX_SAMPLE
from items.search.text import MAX_SEARCH_LENGTH
from rest.query_params import LIMIT, MAX_ID_LIST_LENGTH, MAX_IDS, OFFSET, STRICT, QueryParam

DELETED = {"type": "string", "enum": [each.value for each in DeletedFilter]}
# Without names of their own the two of a column would have one in generated clients.
ORDER_NAMES = {
    "x-enum-varnames": [
        f"{name.removeprefix('-').upper()}_{'DESC' if name.startswith('-') else 'ASC'}" for name in ORDERINGS
    ]
}
ORDER = {"type": "string", "enum": list(ORDERINGS)} | ORDER_NAMES
TIMES = {"gte": "at or after", "gt": "after", "lte": "at or before", "lt": "before"}
CONDITION_PARAMS = (
    QueryParam(
        "search",
        max_length=MAX_SEARCH_LENGTH,
        description=(
            "Items with this text, in any case, in a key, text or number of input, output or metadata, or in "
            "ref_trace_id or ref_source_id."
        ),
    ),
    QueryParam(
        "metadata__contains",
        max_length=MAX_JSON_LENGTH,
        description=(
            "A JSON value that metadata contains, as PostgreSQL's jsonb containment has it. For one value there is "
            "also metadata__<path>=value, with dots between keys: metadata__model.name=small. A path may end in an "
            "operator: __ne, __in, __gt, __gte, __lt, __lte, __exists, __icontains. input__ and output__ take paths "
            "and operators too."
        ),
        examples=[OpenApiExample("A member", '{"split": "test"}')],
    ),
    QueryParam("input__contains", max_length=MAX_JSON_LENGTH, description="A JSON value that input contains."),
    QueryParam("output__contains", max_length=MAX_JSON_LENGTH, description="A JSON value that output contains."),
    QueryParam("ref_trace_id", description="Items of this trace, exactly."),
    QueryParam("ref_source_id", description="Items of this source, exactly."),
    *(
        QueryParam(f"{column}__{lookup}", datetime, description=f"Items {verb} {meaning} this time.")
        for column, verb in (("created_at", "created"), ("updated_at", "last written"))
        for lookup, meaning in TIMES.items()
    ),
    QueryParam("created_by", description="Items created by this user, given by id or uuid."),
    QueryParam(
        "id__in",
        max_length=MAX_ID_LIST_LENGTH,
        max_items=MAX_IDS,
        description="Items with these IDs, separated by commas.",
    ),
    QueryParam(
        "deleted", DELETED, description="Which items: those not deleted, the deleted ones alone (true), or all."
    ),
    QueryParam(
        "sample",
        {"type": "integer", "minimum": 1, "maximum": MAX_SAMPLE},
        description=(
            "So many of the items that are found, chosen by a hash of id and seed: the same ones for the same revision "
            "and seed, on each page and in each export. count is the sample's."
        ),
    ),
    QueryParam("seed", WHOLE_NUMBER, description="Which sample: 0 unless given."),
)
LISTING_PARAMS = (
    QueryParam("order_by", ORDER, description="The order of the list; a minus is newest first."),
    QueryParam(
        "fields",
        max_length=1000,
        description=(
            "The keys that each item has in the answer, separated by commas; others are not read at all. A client "
            "generated from this file may want them all."
        ),
    ),
    QueryParam(
        "cursor",
        max_length=1000,
        allow_blank=True,
        description=(
            "Asked for empty, next and previous carry cursors: pages that cost the same at any depth, and in which no "
            "item is missed or met twice while others write. Not to be made by clients."
        ),
    ),
)
ITEM_LIST_PARAMS = (V1_DATASET, LIMIT, OFFSET, *LIST_SNAPSHOT_PARAMS, *CONDITION_PARAMS, *LISTING_PARAMS, STRICT)

# Of a dataset's name.
MAX_NAME_LENGTH = 400
ORDER_DESCRIPTION = """Ordering

* `created_at` - Created at
* `-created_at` - Created at (descending)
* `updated_at` - Updated at
* `-updated_at` - Updated at (descending)"""
# As v1's file has them.
DATASET_LIST_PARAMS = (
    QueryParam(
        "id__in",
        {"type": "array", "items": {"type": "string", "format": "uuid"}},
        max_length=MAX_ID_LIST_LENGTH,
        max_items=MAX_IDS,
        is_v1=True,
        description="Multiple values may be separated by commas.",
        explode=False,
        style="form",
    ),
    LIMIT,
    OFFSET,
    QueryParam(
        "order_by",
        {"type": "array", "items": ORDER},
        is_v1=True,
        description=ORDER_DESCRIPTION,
        explode=False,
        style="form",
    ),
    QueryParam(
        "search",
        max_length=MAX_SEARCH_LENGTH,
        is_v1=True,
        description="Search in name, description, or metadata",
    ),
    QueryParam("name", max_length=MAX_NAME_LENGTH, description="Datasets of exactly this name."),
    QueryParam(
        "deleted", DELETED, description="Which datasets: those not deleted, the deleted ones alone (true), or all."
    ),
    QueryParam(
        "fields",
        max_length=1000,
        description=(
            "The keys that each dataset has in the answer, separated by commas. Besides the usual ones there are "
            "item_count, revision and updated_revision_at."
        ),
    ),
    STRICT,
)
