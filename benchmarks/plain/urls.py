from django.urls import include, path
from rest_framework.routers import SimpleRouter

from benchmarks.plain.views import DatasetItemViewSet

router = SimpleRouter()
router.register("dataset_items", DatasetItemViewSet, basename="dataset-item")

urlpatterns = [path("api/projects/<int:project_id>/", include(router.urls))]
