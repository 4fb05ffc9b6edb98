"""Routes below a project, mounted under both prefixes in datasets_api/urls.py."""

from rest_framework.urlpatterns import format_suffix_patterns

from items.bulk.views import BulkView
from items.digest.views import DigestView
from items.erasure.views import EraseDatasetView, EraseItemsView, EraseItemView, ErasuresView
from items.exports.views import ExportView
from items.forks.views import ForkView
from items.history.tag_views import TagListView, TagView
from items.history.views import ChangesView, DiffView, ItemVersionsView, RevisionsView
from items.imports.views import ImportView
from items.insights.views import DuplicatesView, StatsView
from items.rollback.views import RollbackView
from items.validation.views import SchemasView
from items.viewsets.datasets import DatasetViewSet
from items.viewsets.items import DatasetItemViewSet
from items.writes.views import ItemArchiveView, ItemRestoreView
from rest.routers import Router, route

router = Router()
router.register("dataset_items", DatasetItemViewSet, basename="dataset-item")
router.register("datasets", DatasetViewSet, basename="dataset")

urlpatterns = format_suffix_patterns(
    [
        # The most requested first: each pattern that is tried takes its time.
        *router.urls,
        route("dataset_items/bulk", BulkView, "dataset-item-bulk"),
        route("dataset_items/erase", EraseItemsView, "dataset-item-erase-many"),
        route("dataset_items/{id}/erase", EraseItemView, "dataset-item-erase"),
        route("datasets/{id}/erase", EraseDatasetView, "dataset-erase"),
        route("erasures", ErasuresView, "erasures"),
        route("dataset_items/{id}/versions", ItemVersionsView, "dataset-item-versions"),
        route("dataset_items/{id}/archive", ItemArchiveView, "dataset-item-archive"),
        route("dataset_items/{id}/restore", ItemRestoreView, "dataset-item-restore"),
        route("datasets/{id}/revisions", RevisionsView, "dataset-revisions"),
        route("datasets/{id}/changes", ChangesView, "dataset-changes"),
        route("datasets/{id}/diff", DiffView, "dataset-diff"),
        route("datasets/{id}/rollback", RollbackView, "dataset-rollback"),
        route("datasets/{id}/tags", TagListView, "dataset-tags"),
        route("datasets/{id}/tags/{name}", TagView, "dataset-tag"),
        route("datasets/{id}/fork", ForkView, "dataset-fork"),
        route("datasets/{id}/import", ImportView, "dataset-import"),
        route("datasets/{id}/export", ExportView, "dataset-export"),
        route("datasets/{id}/digest", DigestView, "dataset-digest"),
        route("datasets/{id}/schemas", SchemasView, "dataset-schemas"),
        route("datasets/{id}/duplicates", DuplicatesView, "dataset-duplicates"),
        route("datasets/{id}/stats", StatsView, "dataset-stats"),
    ]
)
