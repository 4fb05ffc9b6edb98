from typing import Any

from django.db.models import QuerySet
from rest_framework.permissions import SAFE_METHODS
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from benchmarks.plain.models import DatasetItem
from benchmarks.plain.serializers import DatasetItemSerializer


class DatasetItemViewSet(ModelViewSet[DatasetItem]):
    serializer_class = DatasetItemSerializer
    filterset_fields = ["dataset"]
    http_method_names = ["get", "post", "put", "patch", "head", "options"]

    def get_queryset(self) -> QuerySet[DatasetItem]:
        """As in v1, null is not deleted, and writes reach deleted items too."""
        items = DatasetItem.objects.filter(project_id=self.kwargs["project_id"]).select_related("created_by")
        if self.request.method in SAFE_METHODS:
            items = items.exclude(deleted=True)
        return items.order_by("-created_at", "id")

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        serializer.save(project_id=self.kwargs["project_id"], created_by=self.request.user)
