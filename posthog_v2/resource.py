"""Base classes of all views of the later API."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import status
from rest_framework.serializers import ValidationError

from auth.scopes import allows
from items.models import Dataset
from items.resource import ResourceView
from posthog_v2.conflicts import Conflict
from posthog_v2.datasets import get_dataset, user_ids
from posthog_v2.openapi_schema import V2Schema
from posthog_v2.representation import DatasetState, show_dataset
from rest.etags import ANY, StaleVersion, parse_etags
from rest.operations import KEY_PARAMETER
from rest.responses import Response

NOT_SUPPORTED = "This field is not supported."


class V2View(ResourceView):
    queryset = Dataset.objects.all()
    schema = V2Schema()

    def handle_exception(self, exc: Exception) -> Any:
        if not isinstance(exc, Conflict):
            return super().handle_exception(exc)
        return Response(exc.body, status=exc.status_code)

    def check_members(self) -> None:
        """Reject the first unknown member in order of name."""
        body = self.request.data
        if isinstance(body, dict):
            unknown = body.keys() - self.declared.deserializer.names - {KEY_PARAMETER}
            if unknown:
                raise ValidationError({min(unknown): [NOT_SUPPORTED]}, code="invalid")


class DatasetV2View(V2View):
    """A view of one dataset, or of something that belongs to it."""

    def get_object(self) -> DatasetState:
        return self.get_dataset_or_404(self.object_id)

    def get_dataset_or_404(self, dataset_id: UUID) -> DatasetState:
        dataset = get_dataset(self.project_id, dataset_id)
        if dataset is None:
            raise Http404
        return dataset

    def show_datasets(self, datasets: list[DatasetState]) -> list[dict[str, Any]]:
        users = self.users(user_ids(datasets))
        level = "editor" if allows(self.access.scopes, "dataset:write") else "viewer"
        return [show_dataset(each, users, level) for each in datasets]

    def dataset_response(self, dataset: DatasetState, *, status: int = status.HTTP_200_OK) -> Response:
        headers = {"ETag": dataset_etag(dataset), "Dataset-Revision": str(dataset.revision)}
        return Response(self.show_datasets([dataset])[0], status=status, headers=headers)

    def check_if_match(self, dataset: DatasetState) -> None:
        """Compare only the dataset's own version: writes of its items do not conflict with one of its name."""
        etags = parse_etags(self.request, "If-Match")
        version = dataset.row.version
        if etags is None or ANY in etags or str(version) in {own_version(tag) for tag in etags}:
            return
        raise StaleVersion(f"This dataset is at version {version}, not {own_version(etags[0])}.", version)


def dataset_etag(dataset: DatasetState) -> str:
    """Combine the dataset's own version and its revision, which is shown too."""
    return f'"{dataset.row.version}-{dataset.revision}"'


def own_version(tag: str) -> str:
    return tag.removeprefix("W/").strip('"').partition("-")[0]
