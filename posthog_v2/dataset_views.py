"""Views of datasets: list, create, retrieve, update, archive, restore, revisions."""

from typing import Any

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request

from items.history.snapshots import list_revisions
from posthog_v2 import operations
from posthog_v2.conflicts import dataset_archived
from posthog_v2.dataset_resource import (
    check_dataset_match,
    dataset_etag,
    dataset_response,
    get_dataset_or_404,
    show_datasets,
)
from posthog_v2.datasets import create_with_unique_name, list_datasets, update_with_unique_name
from posthog_v2.params import DatasetPages, RevisionPages, dataset_query
from posthog_v2.representation import show_revision
from posthog_v2.resource import V2View
from rest.etags import is_not_modified, not_modified
from rest.responses import Response


class DatasetListView(V2View):
    operations = {"get": operations.LIST_DATASETS, "post": operations.CREATE_DATASET}
    operation_ids = {"get": "datasets_list", "post": "datasets_create"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        pages = DatasetPages.from_request(request)
        query = dataset_query(request)
        count, datasets = list_datasets(self.project_id, query, limit=pages.limit, offset=pages.sql_offset)
        return pages.get_response(show_datasets(self, datasets), count)

    def post(self, request: Request, **kwargs: Any) -> Response:
        dataset = create_with_unique_name(self.project_id, self.access.user.id, self.validated_body())
        return dataset_response(self, dataset, status=status.HTTP_201_CREATED)


class DatasetView(V2View):
    operations = {"get": operations.RETRIEVE_DATASET, "patch": operations.UPDATE_DATASET}
    operation_ids = {"get": "datasets_retrieve", "patch": "datasets_partial_update"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        dataset = get_dataset_or_404(self)
        etag = dataset_etag(dataset)
        if is_not_modified(request, etag):
            return not_modified(etag, **{"Dataset-Revision": str(dataset.revision)})
        return dataset_response(self, dataset)

    def patch(self, request: Request, **kwargs: Any) -> Response:
        dataset = get_dataset_or_404(self)
        check_dataset_match(request, dataset)
        new_values = self.validated_body()
        while True:
            if dataset.is_archived:
                raise dataset_archived("updating it")
            if (updated := update_with_unique_name(dataset, new_values)) is not None:
                return dataset_response(self, updated)
            dataset = get_dataset_or_404(self)
            check_dataset_match(request, dataset)


def set_archived(view: V2View, *, archived: bool) -> Response:
    """Archive or restore a dataset; return it unchanged if it is in that state already."""
    view.check_members()
    while True:
        dataset = get_dataset_or_404(view)
        if dataset.is_archived == archived:
            return dataset_response(view, dataset)
        check_dataset_match(view.request, dataset)
        if (updated := update_with_unique_name(dataset, {"deleted": archived})) is not None:
            return dataset_response(view, updated)


class DatasetArchiveView(V2View):
    operations = {"post": operations.ARCHIVE_DATASET}
    operation_ids = {"post": "datasets_archive"}

    def post(self, request: Request, **kwargs: Any) -> Response:
        return set_archived(self, archived=True)


class DatasetRestoreView(V2View):
    operations = {"post": operations.RESTORE_DATASET}
    operation_ids = {"post": "datasets_restore"}

    def post(self, request: Request, **kwargs: Any) -> Response:
        return set_archived(self, archived=False)


class DatasetRevisionsView(V2View):
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
