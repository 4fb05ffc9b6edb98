"""The OpenAPI operation that forks a dataset."""

from drf_spectacular.utils import OpenApiExample

from items.forks.serializers import ForkSerializer
from items.openapi import WRITE_HEADERS
from items.search.conditions import is_condition
from items.search.openapi import CONDITION_PARAMS
from items.serializers import DatasetSerializer
from rest.operations import Operation
from rest.query_params import DRY_RUN

FORK_DATASET = Operation(
    summary="Fork a dataset",
    description=(
        "Creates a dataset with the items as they are, or as they were at a revision: all of them, or those that "
        "match. The items have new IDs, and their versions name the item that each was copied from."
    ),
    query=(DRY_RUN, *CONDITION_PARAMS),
    knows_param=is_condition,
    headers=WRITE_HEADERS,
    body=ForkSerializer,
    responses={201: DatasetSerializer},
    examples=(
        OpenApiExample("All items", {"name": "Copy of the golden set"}, request_only=True),
        OpenApiExample("A sample", {"name": "A hundred", "filter": {"sample": 100, "seed": 7}}, request_only=True),
    ),
    is_idempotent=True,
)
