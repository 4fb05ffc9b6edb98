"""Datasets: list, create, retrieve, update."""

from contextlib import nullcontext
from typing import Any

from django.db.models import Count, Window
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from items.resource import DatasetDetailView
from items.rows import DatasetRow
from items.search.filters import DatasetFilterSet
from items.search.timeout import search_timeout
from items.viewsets.openapi import DATASET_OPERATIONS
from items.writes.datasets import create_dataset, update_dataset
from rest.etags import check_if_match, is_not_modified, not_modified, strong_etag
from rest.pagination import LimitOffsetPagination


class DatasetViewSet(ViewSetMixin, DatasetDetailView):
    operations = DATASET_OPERATIONS
    filterset_class = DatasetFilterSet

    def filter_queryset(self, queryset: Any) -> Any:
        return DjangoFilterBackend().filter_queryset(self.request, queryset, self)

    def list(self, request: Request, **kwargs: Any) -> Response:
        pages = LimitOffsetPagination.from_request(request)
        datasets = self.filter_queryset(self.get_queryset())
        # Count and page in one statement, and so of one snapshot; an empty page has no row to carry the count.
        counted = datasets.annotate(total=Window(Count("*"))).values_list(*DatasetRow._fields, "total")
        is_search = bool(request.query_params.get("search"))  # reads all metadata of the project
        with search_timeout("Look for them by id__in.", "datasets") if is_search else nullcontext():
            rows = list(counted[pages.sql_offset : pages.sql_offset + pages.limit])
            count = rows[0][-1] if rows else datasets.count() if pages.offset else 0
        return pages.get_response(self.serialize([row[:-1] for row in rows]), count)

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
        """Rows are soft-deleted by a PATCH; as in v1, the refusal has no body."""
        return Response(status=status.HTTP_405_METHOD_NOT_ALLOWED)
