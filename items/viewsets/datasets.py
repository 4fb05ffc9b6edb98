"""Datasets: list, create, retrieve, update."""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import status
from rest_framework.request import Request
from rest_framework.viewsets import ViewSetMixin

from items.resource import DatasetDetailView
from items.search.dataset_filters import DatasetFilterSet
from items.search.dataset_list import DatasetListQuery, row_serializer_for
from items.viewsets.openapi import DATASET_OPERATIONS
from items.writes.datasets import create_dataset, update_dataset
from rest.etags import check_if_match, is_not_modified, not_modified, strong_etag
from rest.pagination import LimitOffsetPagination
from rest.responses import Response


class DatasetViewSet(ViewSetMixin, DatasetDetailView):
    operations = DATASET_OPERATIONS
    filterset_class = DatasetFilterSet

    def filter_queryset(self, queryset: Any) -> Any:
        return DjangoFilterBackend().filter_queryset(self.request, queryset, self)

    def list(self, request: Request, **kwargs: Any) -> Response:
        query = DatasetListQuery.parse(request.query_params)
        pages = LimitOffsetPagination.from_request(request)
        datasets = query.narrow(self.filter_queryset(self.get_queryset()))
        count, rows = query.fetch(self.project_id, datasets, limit=pages.limit, offset=pages.sql_offset)
        return pages.get_response(self.serialize(rows, row_serializer_for(query.fields)), count)

    def narrow(self, queryset: Any) -> Any:
        """Leave archived datasets to the list's own parameter."""
        return queryset if self.action == "list" else super().narrow(queryset)

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        dataset = self.get_object()
        etag = strong_etag(dataset.version)
        if is_not_modified(request, etag):
            return not_modified(etag)
        return Response(self.serialize([dataset])[0], headers={"ETag": etag})

    def create(self, request: Request, **kwargs: Any) -> Response:
        values = self.validated_body()
        dataset = create_dataset(project_id=self.project_id, user_id=self.access.user.id, values=values)
        return self.dataset_response(dataset, 0, status=status.HTTP_201_CREATED)

    def update(self, request: Request, *, partial: bool = False, **kwargs: Any) -> Response:
        dataset = self.get_object()
        check_if_match(request, dataset.version, "dataset")
        new_values = self.validated_body(partial=partial)
        while (result := update_dataset(dataset=dataset, new_values=new_values)) is None:
            dataset = self.get_object()
            check_if_match(request, dataset.version, "dataset")
        return self.dataset_response(*result)

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        return self.update(request, partial=True)

    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Reject with an empty body, as in v1; a PATCH soft-deletes."""
        return Response(status=status.HTTP_405_METHOD_NOT_ALLOWED)
