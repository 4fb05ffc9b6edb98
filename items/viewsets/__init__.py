"""The two resources. Views only steer: they name what is read, which change is made and how it is shown."""

from items.viewsets.datasets import DatasetViewSet
from items.viewsets.items import DatasetItemViewSet

__all__ = ["DatasetItemViewSet", "DatasetViewSet"]
