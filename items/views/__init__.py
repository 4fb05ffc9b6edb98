"""The two resources. Views only steer: they name what is read, which change is made and how it is shown."""

from items.views.dataset_views import DatasetViewSet
from items.views.item_views import DatasetItemViewSet

__all__ = ["DatasetItemViewSet", "DatasetViewSet"]
