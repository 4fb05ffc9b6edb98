"""View that forks a dataset."""

from typing import Any

from rest_framework import status
from rest_framework.request import Request

from items.forks.fork import fork_dataset
from items.forks.openapi import FORK_DATASET
from items.history.params import snapshot_or_400
from items.resource import DatasetDetailView
from items.search.filter_body import parse_request_conditions
from items.search.snapshot_pages import check_deleted_filter
from rest.responses import Response


class ForkView(DatasetDetailView):
    operations = {"post": FORK_DATASET}

    def post(self, request: Request, **kwargs: Any) -> Response:
        source = self.get_object()
        values = self.validated_body()
        conditions = parse_request_conditions(request.query_params, request.data)
        check_deleted_filter(conditions)
        text = values.get("revision")
        if text is None:
            text = str(self.get_head_or_404(source.id).revision)
        snapshot = snapshot_or_400(self.items, source.id, text)
        fork = fork_dataset(
            project_id=self.project_id,
            user_id=self.access.user.id,
            source=source.id,
            snapshot=snapshot,
            values={
                "name": values["name"],
                "description": source.description,
                "metadata": source.metadata,
                "labels": source.labels,
            },
            conditions=conditions,
        )
        return self.dataset_response(*fork, status=status.HTTP_201_CREATED)
