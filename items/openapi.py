"""OpenAPI parts that the operations of items and datasets share: headers and common parameters."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from rest.openapi_parameters import ETAG, IF_MATCH, ErrorSerializer
from rest.query_params import MAX_TEXT_LENGTH, QueryParam

# The product that v1 lists the operations under.
PRODUCT_TAG = {"x-explicit-tags": ["llm_analytics"]}
HARD_DELETE = 'Hard delete of this model is not allowed. Use a patch API call to set "deleted" to true'

DATASET_REVISION = OpenApiParameter(
    "Dataset-Revision",
    int,
    OpenApiParameter.HEADER,
    description="The dataset's revision that is shown or was made. Absent unless the request is about one dataset.",
    response=[200, 201, 204, 304],
)
# Headers of all writes; writes that overwrite something also take If-Match.
WRITE_HEADERS = (ETAG, DATASET_REVISION)
UPDATE_HEADERS = (IF_MATCH, *WRITE_HEADERS)

# Stands in examples where the ID of one of the user's own rows goes.
PLACEHOLDER_ID = "00000000-0000-0000-0000-000000000000"
WHOLE_NUMBER = {"type": "integer", "minimum": 0}
MAX_JSON_LENGTH = 10_000
# v1 accepts it on every path of items, where it narrows the search.
V1_DATASET = QueryParam(
    "dataset",
    max_length=MAX_TEXT_LENGTH,
    is_v1=True,
    description="Filter by dataset ID",
)
DATASET = QueryParam("dataset", description="The ID of the dataset that the item must be in.")
# The conflict of writes to an erased item.
ERASED = {409: OpenApiResponse(ErrorSerializer, "The item was erased and takes no content (erased).")}
