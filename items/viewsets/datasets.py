"""Datasets."""

from contextlib import nullcontext
from typing import Any

from django.db.models import Count, Window
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from items.exports.views import DatasetExportMixin
from items.history.views import DatasetHistoryMixin
from items.idempotency import idempotent
from items.imports.views import DatasetImportMixin
from items.models import Dataset
from items.openapi import dataset_operations
from items.rows import DatasetRow
from items.search.filters import DatasetFilterSet
from items.search.query import check_strict_params
from items.search.timeout import search_timeout
from items.serializers import DatasetSerializer
from items.validation.views import DatasetValidationMixin
from items.writes.datasets import create_dataset, update_dataset
from rest.deserializer import Deserializer
from rest.etags import check_if_match, is_not_modified, not_modified, strong_etag
from rest.pagination import LimitOffsetPagination
from rest.row_serializer import RowSerializer


@dataset_operations
class DatasetViewSet(DatasetValidationMixin, DatasetImportMixin, DatasetExportMixin, DatasetHistoryMixin):
    queryset = Dataset.objects.order_by("-created_at", "id")
    serializer_class = DatasetSerializer
    filter_backends = [DjangoFilterBackend]
    filterset_class = DatasetFilterSet
    deserializer = Deserializer(DatasetSerializer)
    row_serializer = RowSerializer(DatasetSerializer, DatasetRow._fields)

    def narrow(self, queryset: Any) -> Any:
        """A write reaches soft-deleted datasets too."""
        return queryset.live() if self.request.method in {"GET", "HEAD"} else queryset

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_strict_params(request.query_params, DatasetFilterSet.base_filters)
        pages = LimitOffsetPagination.from_request(request)
        datasets = self.filter_queryset(self.get_queryset())
        # Count and page in one statement, and so of one snapshot; an empty page has no row to carry the count.
        counted = datasets.annotate(total=Window(Count("*"))).values_list(*DatasetRow._fields, "total")
        is_search = bool(request.query_params.get("search"))  # reads all metadata of the project
        with search_timeout("Look for them by id__in.", "datasets") if is_search else nullcontext():
            rows = list(counted[pages.sql_offset : pages.sql_offset + pages.limit])
            count = rows[0][-1] if rows else datasets.count() if pages.offset else 0
        return pages.get_response(self.serialize([row[:-1] for row in rows]), count)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset = self.get_object()
        etag = strong_etag(dataset.version)
        if is_not_modified(request, etag):
            return not_modified(etag)
        return Response(self.serialize([dataset])[0], headers={"ETag": etag})

    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        values = self.deserializer.validated(request.data, partial=False)
        dataset = create_dataset(project_id=self.project_id, user_id=self.access.user.id, values=values)
        return self.write_response(dataset, 0, status=status.HTTP_201_CREATED)

    def write(self, request: Request, *, partial: bool) -> Response:
        dataset = self.get_object()
        check_if_match(request, dataset.version, "dataset")
        new_values = self.deserializer.validated(request.data, partial=partial)
        while (result := update_dataset(dataset=dataset, new_values=new_values)) is None:
            dataset = self.get_object()
            check_if_match(request, dataset.version, "dataset")
        return self.write_response(*result)

    def write_response(self, dataset: DatasetRow, revision: int, *, status: int = status.HTTP_200_OK) -> Response:
        headers = {"ETag": strong_etag(dataset.version), "Dataset-Revision": str(revision)}
        return Response(self.serialize([dataset])[0], status=status, headers=headers)

    def get_object(self) -> DatasetRow:
        """What is wrong with the filters comes before what is wrong with the id, as in v1."""
        queryset = self.filter_queryset(self.get_queryset())
        row = queryset.filter(id=self.object_id).values_list(*DatasetRow._fields).first()
        if row is None:
            raise Http404
        return DatasetRow._make(row)
