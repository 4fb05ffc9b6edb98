"""The operation that forks a dataset."""

from drf_spectacular.utils import OpenApiExample

from items.forks.serializers import ForkSerializer
from items.openapi import WRITE_HEADERS
from items.serializers import DatasetSerializer
from rest.operations import Operation
from rest.query_params import DRY_RUN

FORK_DATASET = Operation(
    summary="Fork a dataset",
    description=(
        "A new dataset that holds the items as they are, or as they were at a revision, with new ids. Each item's "
        "versions name what it was copied from."
    ),
    query=(DRY_RUN,),
    headers=WRITE_HEADERS,
    body=ForkSerializer,
    responses={201: DatasetSerializer},
    examples=(OpenApiExample("All items", {"name": "Copy of the golden set"}, request_only=True),),
    is_idempotent=True,
)
