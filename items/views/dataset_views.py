"""Datasets."""

from contextlib import nullcontext
from typing import Any

from django.db.models import Count, Window
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from items.dataset_changes import create_dataset, update_dataset
from items.filters import DatasetFilterSet
from items.finding.time_limit import time_limit
from items.finding.wanted import refuse_unknown
from items.idempotency import idempotent
from items.models import Dataset, DatasetRow
from items.schema import dataset_schema
from items.serializers import DatasetSerializer
from items.views.dataset_export import DatasetExport
from items.views.dataset_history import DatasetHistory
from items.views.dataset_import import DatasetImport
from items.views.dataset_quality import DatasetQuality
from rest.conditional import check_match, is_unchanged, not_modified, strong
from rest.intake import Intake
from rest.pagination import LimitOffsetPagination
from rest.representation import Representation


@dataset_schema
class DatasetViewSet(DatasetQuality, DatasetImport, DatasetExport, DatasetHistory):
    queryset = Dataset.objects.order_by("-created_at", "id")
    serializer_class = DatasetSerializer
    filter_backends = [DjangoFilterBackend]
    filterset_class = DatasetFilterSet
    intake = Intake(DatasetSerializer)
    shape = Representation(DatasetSerializer, DatasetRow._fields)

    def narrow(self, queryset: Any) -> Any:
        """A write reaches soft-deleted datasets too."""
        return queryset.visible() if self.request.method in {"GET", "HEAD"} else queryset

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        refuse_unknown(request.query_params, DatasetFilterSet.base_filters)
        pages = LimitOffsetPagination.of(request)
        found = self.filter_queryset(self.get_queryset())
        # Count and page in one statement, and so of one snapshot; an empty page has no row to carry the count.
        counted = found.annotate(total=Window(Count("*"))).values_list(*DatasetRow._fields, "total")
        is_search = bool(request.query_params.get("search"))  # reads all metadata of the project
        with time_limit("Look for them by id__in.", "datasets") if is_search else nullcontext():
            rows = list(counted[pages.start : pages.start + pages.limit])
            count = rows[0][-1] if rows else found.count() if pages.offset else 0
        return pages.respond(self.show([row[:-1] for row in rows]), count)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        dataset = self.found()
        tag = strong(dataset.version)
        if is_unchanged(request, tag):
            return not_modified(tag)
        return Response(self.show([dataset])[0], headers={"ETag": tag})

    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        values = self.intake.values(request.data, partial=False)
        dataset = create_dataset(project_id=self.project_id, user_id=self.access.person.id, values=values)
        return self.written(dataset, 1, status=status.HTTP_201_CREATED)

    def write(self, request: Request, *, partial: bool) -> Response:
        dataset = self.found()
        check_match(request, dataset.version, "dataset")
        changes = self.intake.values(request.data, partial=partial)
        user_id = self.access.person.id
        while (written := update_dataset(dataset=dataset, user_id=user_id, changes=changes)) is None:
            dataset = self.found()
            check_match(request, dataset.version, "dataset")
        return self.written(*written)

    def written(self, dataset: DatasetRow, revision: int, *, status: int = status.HTTP_200_OK) -> Response:
        headers = {"ETag": strong(dataset.version), "Dataset-Revision": str(revision)}
        return Response(self.show([dataset])[0], status=status, headers=headers)

    def found(self) -> DatasetRow:
        """What is wrong with the filters comes before what is wrong with the id, as in v1."""
        among = self.filter_queryset(self.get_queryset())
        row = among.filter(id=self.wanted_id).values_list(*DatasetRow._fields).first()
        if row is None:
            raise Http404
        return DatasetRow._make(row)
