"""How the OpenAPI file describes items and datasets: operations by noun, what they take besides bodies (parameters.py)
and what they answer that no serializer of the service shows (bodies.py)."""

from items.openapi.datasets import dataset_operations
from items.openapi.items import item_operations

__all__ = ["dataset_operations", "item_operations"]
