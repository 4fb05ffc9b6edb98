"""The routes below a project. They are mounted under both prefixes: see datasets_api/urls.py."""

from items.viewsets import DatasetItemViewSet, DatasetViewSet
from rest.routers import Router

router = Router()
router.register("dataset_items", DatasetItemViewSet, basename="dataset-item")
router.register("datasets", DatasetViewSet, basename="dataset")
