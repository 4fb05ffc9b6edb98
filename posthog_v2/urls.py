"""Routes of the later API: below a project, and those that clients request first.

Projects are under /v2/api/projects/{id}/ and /v2/api/environments/{id}/.
"""

from typing import Any

from django.urls import URLPattern, re_path

from auth.api_keys.views import PersonalAPIKeyViewSet
from auth.views import CurrentUserView, OrganizationView
from posthog_v2 import dataset_views, export_views, item_views
from posthog_v2.not_served import OfflineExperimentsView, ScoreDefinitionsView

PARAMETERS = {"id": "(?P<id>[^/.]+)", "item": "(?P<dataset_item_id>[^/.]+)", "export": "(?P<export_id>[^/.]+)"}


def route(path: str, view: Any, name: str) -> URLPattern:
    """Accept the path with or without a slash at the end."""
    pattern: URLPattern = re_path(rf"^{path.format(**PARAMETERS)}/?$", view.as_view(), name=f"v2-{name}")
    return pattern


project_urls = [
    # The most frequent requests first.
    route("dataset_items/{item}", item_views.ItemView, "dataset-item"),
    route("dataset_items", item_views.ItemListView, "dataset-items"),
    route("dataset_items/{item}/archive", item_views.ItemArchiveView, "dataset-item-archive"),
    route("dataset_items/{item}/restore", item_views.ItemRestoreView, "dataset-item-restore"),
    route("dataset_items/{item}/versions", item_views.ItemVersionsView, "dataset-item-versions"),
    route("datasets", dataset_views.DatasetListView, "datasets"),
    route("datasets/{id}", dataset_views.DatasetView, "dataset"),
    route("datasets/{id}/archive", dataset_views.DatasetArchiveView, "dataset-archive"),
    route("datasets/{id}/restore", dataset_views.DatasetRestoreView, "dataset-restore"),
    route("datasets/{id}/revisions", dataset_views.DatasetRevisionsView, "dataset-revisions"),
    route("datasets/{id}/exports", export_views.ExportListView, "dataset-exports"),
    route("datasets/{id}/exports/{export}", export_views.ExportView, "dataset-export"),
    route("datasets/{id}/exports/{export}/content", export_views.ExportContentView, "dataset-export-content"),
    re_path(
        r"^ai_observability/offline_experiments(?P<rest>/.*|$)",
        OfflineExperimentsView.as_view(),
        name="v2-offline-experiments",
    ),
    re_path(
        r"^llm_analytics/score_definitions(?P<rest>/.*|$)", ScoreDefinitionsView.as_view(), name="v2-score-definitions"
    ),
]
account_urls = [
    re_path(r"^users/@me/?$", CurrentUserView.as_view(), name="v2-current-user"),
    re_path(r"^organizations/(?P<organization_id>[^/]+)/?$", OrganizationView.as_view(), name="v2-organization"),
    re_path(
        r"^personal_api_keys/(?P<id>[^/.]+)/?$",
        PersonalAPIKeyViewSet.as_view({"get": "retrieve"}),
        name="v2-personal-api-key",
    ),
]
