"""Query parameters of the lists of items and datasets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from items.history.openapi import LIST_SNAPSHOT_PARAMS
from items.openapi import MAX_JSON_LENGTH, V1_DATASET, WHOLE_NUMBER
from items.search.conditions import DeletedFilter
from items.search.ordering import ORDERINGS
from items.search.sampling import MAX_SAMPLE
from items.search.text_search import MAX_SEARCH_LENGTH
from rest.query_params import LIMIT, MAX_ID_LIST_LENGTH, MAX_IDS, OFFSET, STRICT, QueryParam

DELETED = {"type": "string", "enum": [each.value for each in DeletedFilter]}


def order_schema(orderings: Iterable[str]) -> dict[str, Any]:
    """Name each value: otherwise generated clients would give both orders of a column the same name."""
    values = list(orderings)
    names = [f"{value.removeprefix('-').upper()}_{'DESC' if value.startswith('-') else 'ASC'}" for value in values]
    return {"type": "string", "enum": values, "x-enum-varnames": names}


ORDER = order_schema(ORDERINGS)
TIMES = {"gte": "at or after", "gt": "after", "lte": "at or before", "lt": "before"}
CONDITION_PARAMS = (
    QueryParam(
        "search",
        max_length=MAX_SEARCH_LENGTH,
        description=(
            "Items that contain this text, ignoring case, in a key, string or number of input, output or metadata, or "
            "in ref_trace_id or ref_source_id."
        ),
    ),
    QueryParam(
        "metadata__contains",
        max_length=MAX_JSON_LENGTH,
        description=(
            'A JSON value that metadata contains, such as {"split": "test"}, by the rules of jsonb containment in '
            "PostgreSQL. To match a single value, use "
            "metadata__<path>=value with dots between keys: metadata__model.name=small. A path may end in an "
            "operator: __ne, __in, __gt, __gte, __lt, __lte, __exists, __icontains. input__ and output__ also take "
            "paths and operators."
        ),
    ),
    QueryParam("input__contains", max_length=MAX_JSON_LENGTH, description="A JSON value that input contains."),
    QueryParam("output__contains", max_length=MAX_JSON_LENGTH, description="A JSON value that output contains."),
    QueryParam("ref_trace_id", description="Items with exactly this trace ID."),
    QueryParam("ref_source_id", description="Items with exactly this source ID."),
    *(
        QueryParam(f"{column}__{lookup}", datetime, description=f"Items {verb} {meaning} this time.")
        for column, verb in (("created_at", "created"), ("updated_at", "last written"))
        for lookup, meaning in TIMES.items()
    ),
    QueryParam("created_by", description="Items created by this user (ID or UUID)."),
    QueryParam(
        "id__in",
        max_length=MAX_ID_LIST_LENGTH,
        max_items=MAX_IDS,
        description="Items with these IDs, separated by commas.",
    ),
    QueryParam(
        "deleted",
        DELETED,
        description="Items that are not deleted (false, the default), only deleted ones (true), or all.",
    ),
    QueryParam(
        "sample",
        {"type": "integer", "minimum": 1, "maximum": MAX_SAMPLE},
        description=(
            "Select this many of the matching items by a hash of ID and seed: the same items for the same revision and "
            "seed, on every page and in every export. count is the size of the sample."
        ),
    ),
    QueryParam("seed", WHOLE_NUMBER, description="The seed of the sample; 0 by default."),
)
LISTING_PARAMS = (
    QueryParam("order_by", ORDER, description="The order of the list; a minus sign means newest first."),
    QueryParam(
        "fields",
        max_length=1000,
        description=(
            "The keys to return for each item, separated by commas; other fields are not read. A client generated from "
            "this file may require all of them."
        ),
    ),
    QueryParam(
        "cursor",
        max_length=1000,
        allow_blank=True,
        description=(
            "Send it empty for the first page; next and previous then carry cursors. Pages cost the same at any depth, "
            "and no item is skipped or repeated while others write. Clients do not build cursors."
        ),
    ),
)
ITEM_LIST_PARAMS = (V1_DATASET, LIMIT, OFFSET, *LIST_SNAPSHOT_PARAMS, *CONDITION_PARAMS, *LISTING_PARAMS, STRICT)

# The longest name of a dataset.
MAX_NAME_LENGTH = 400
ORDER_DESCRIPTION = """Ordering

* `created_at` - Created at
* `-created_at` - Created at (descending)
* `updated_at` - Updated at
* `-updated_at` - Updated at (descending)"""
# As in v1's OpenAPI file.
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
    QueryParam("name", max_length=MAX_NAME_LENGTH, description="Datasets with exactly this name."),
    QueryParam(
        "deleted",
        DELETED,
        description="Datasets that are not deleted (false, the default), only deleted (true), or all.",
    ),
    QueryParam(
        "fields",
        max_length=1000,
        description=(
            "The keys to return for each dataset, separated by commas; item_count, revision and updated_revision_at "
            "are returned only on request."
        ),
    ),
    STRICT,
)
