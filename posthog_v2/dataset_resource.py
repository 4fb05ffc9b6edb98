"""Steps that the views of datasets share: find a dataset, compare its ETag, respond with it."""

from typing import Any

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request

from auth.scopes import allows
from posthog_v2.datasets import get_dataset, user_ids
from posthog_v2.representation import DatasetState, show_dataset
from posthog_v2.resource import V2View
from rest.errors import StaleVersion
from rest.etags import ANY, parse_etags
from rest.responses import Response


def get_dataset_or_404(view: V2View) -> DatasetState:
    dataset = get_dataset(view.project_id, view.object_id)
    if dataset is None:
        raise Http404
    return dataset


def show_datasets(view: V2View, datasets: list[DatasetState]) -> list[dict[str, Any]]:
    users = view.users(user_ids(datasets))
    level = "editor" if allows(view.access.scopes, "dataset:write") else "viewer"
    return [show_dataset(each, users, level) for each in datasets]


def dataset_response(view: V2View, dataset: DatasetState, *, status: int = status.HTTP_200_OK) -> Response:
    headers = {"ETag": dataset_etag(dataset), "Dataset-Revision": str(dataset.revision)}
    return Response(show_datasets(view, [dataset])[0], status=status, headers=headers)


def check_dataset_match(request: Request, dataset: DatasetState) -> None:
    """Compare only the dataset's own version: writes of its items do not conflict with one of its name.

    Raises StaleVersion.
    """
    etags = parse_etags(request, "If-Match")
    version = dataset.row.version
    if etags is None or ANY in etags or str(version) in {own_version(tag) for tag in etags}:
        return
    raise StaleVersion("dataset", version, own_version(etags[0]))


def dataset_etag(dataset: DatasetState) -> str:
    """Combine the dataset's own version and its revision, which is shown too."""
    return f'"{dataset.row.version}-{dataset.revision}"'


def own_version(tag: str) -> str:
    return tag.removeprefix("W/").strip('"').partition("-")[0]
