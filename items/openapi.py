"""What the operations of items and datasets share: headers of requests and responses, and common parameters."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from rest.openapi_parameters import ETAG, IF_MATCH, ErrorSerializer
from rest.query_params import MAX_TEXT_LENGTH, QueryParam

# The product that v1 listed them under.
PRODUCT_TAG = {"x-explicit-tags": ["llm_analytics"]}
HARD_DELETE = 'Hard delete of this model is not allowed. Use a patch API call to set "deleted" to true'

DATASET_REVISION = OpenApiParameter(
    "Dataset-Revision",
    int,
    OpenApiParameter.HEADER,
    description="The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant.",
    response=[200, 201, 204, 304],
)
# Of the responses to all writes; If-Match is taken where there is something to be overwritten.
WRITE_HEADERS = (ETAG, DATASET_REVISION)
UPDATE_HEADERS = (IF_MATCH, *WRITE_HEADERS)

WHOLE_NUMBER = {"type": "integer", "minimum": 0}
MAX_JSON_LENGTH = 10_000
# v1 took it on every path of items, where it narrows what is found.
V1_DATASET = QueryParam(
    "dataset",
    max_length=MAX_TEXT_LENGTH,
    is_v1=True,
    description="Filter by dataset ID",
)
DATASET = QueryParam("dataset", description="The ID of a dataset in which the item is looked for.")
# Of writes of an item.
ERASED = {409: OpenApiResponse(ErrorSerializer, "The item was erased, and takes no content (erased).")}
