"""Views of datasets: list, create, retrieve, update, archive, restore, revisions."""

from typing import Any

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request

from items.history.snapshots import list_revisions
from posthog_v2 import operations
from posthog_v2.conflicts import dataset_archived
from posthog_v2.datasets import create_with_unique_name, list_datasets, update_with_unique_name
from posthog_v2.params import DatasetPages, RevisionPages, dataset_query
from posthog_v2.representation import DatasetState, show_revision
from posthog_v2.resource import DatasetV2View, dataset_etag
from rest.etags import is_not_modified, not_modified
from rest.responses import Response


class DatasetListView(DatasetV2View):
    operations = {"get": operations.LIST_DATASETS, "post": operations.CREATE_DATASET}
    operation_ids = {"get": "datasets_list", "post": "datasets_create"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        pages = DatasetPages.from_request(request)
        query = dataset_query(request)
        count, datasets = list_datasets(self.project_id, query, limit=pages.limit, offset=pages.sql_offset)
        return pages.get_response(self.show_datasets(datasets), count)

    def post(self, request: Request, **kwargs: Any) -> Response:
        dataset = create_with_unique_name(self.project_id, self.access.user.id, self.validated_body())
        return self.dataset_response(dataset, status=status.HTTP_201_CREATED)


class DatasetView(DatasetV2View):
    operations = {"get": operations.RETRIEVE_DATASET, "patch": operations.UPDATE_DATASET}
    operation_ids = {"get": "datasets_retrieve", "patch": "datasets_partial_update"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        dataset = self.get_object()
        etag = dataset_etag(dataset)
        if is_not_modified(request, etag):
            return not_modified(etag, **{"Dataset-Revision": str(dataset.revision)})
        return self.dataset_response(dataset)

    def patch(self, request: Request, **kwargs: Any) -> Response:
        dataset = self.get_object()
        self.check_if_match(dataset)
        new_values = self.validated_body()
        while True:
            if dataset.is_archived:
                raise dataset_archived("updating it")
            if (updated := update_with_unique_name(dataset, new_values)) is not None:
                return self.dataset_response(updated)
            dataset = self.get_object()
            self.check_if_match(dataset)


class ArchivingView(DatasetV2View):
    """Archives or restores a dataset; returns it unchanged if it is in that state already."""

    def set_archived(self, *, archived: bool) -> Response:
        self.check_members()
        while True:
            dataset = self.get_object()
            if dataset.is_archived == archived:
                return self.dataset_response(dataset)
            if (updated := self.write(dataset, archived=archived)) is not None:
                return self.dataset_response(updated)

    def write(self, dataset: DatasetState, *, archived: bool) -> DatasetState | None:
        self.check_if_match(dataset)
        return update_with_unique_name(dataset, {"deleted": archived})


class DatasetArchiveView(ArchivingView):
    operations = {"post": operations.ARCHIVE_DATASET}
    operation_ids = {"post": "datasets_archive"}

    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.set_archived(archived=True)


class DatasetRestoreView(ArchivingView):
    operations = {"post": operations.RESTORE_DATASET}
    operation_ids = {"post": "datasets_restore"}

    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.set_archived(archived=False)


class DatasetRevisionsView(DatasetV2View):
    operations = {"get": operations.LIST_REVISIONS}
    operation_ids = {"get": "datasets_revisions_list"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        dataset_id = self.object_id
        pages = RevisionPages.from_request(request)
        page = list_revisions(self.project_id, dataset_id, limit=pages.limit, offset=pages.offset)
        if page is None:
            raise Http404
        count, revisions = page
        users = self.users({each.created_by_id for each in revisions if each.created_by_id is not None})
        return pages.get_response(
            [show_revision(self.project_id, dataset_id, each, users) for each in revisions], count
        )
