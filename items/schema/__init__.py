"""How the OpenAPI file describes items and datasets: operations by noun, what they take besides bodies (parameters.py)
and what they answer that no serializer of the service shows (bodies.py)."""

from items.schema.dataset_operations import dataset_schema
from items.schema.item_operations import item_schema

__all__ = ["dataset_schema", "item_schema"]
