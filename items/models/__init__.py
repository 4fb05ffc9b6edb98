"""The tables: live.py (datasets and items as they are now), history.py (what they were), quality.py (what is demanded
of items), idempotency.py (answers kept for repeated requests); and rows.py, the shapes in which statements return
them."""

from items.models.history import ChangeLogEntry, DatasetTag, ItemForkOrigin, ItemValidity, ItemVersion
from items.models.idempotency import IdempotencyRecord
from items.models.live import Dataset, DatasetHead, DatasetItem, ProjectQuerySet
from items.models.quality import DatasetSchema
from items.rows import (
    CONTENT_COLUMNS,
    JSON_COLUMNS,
    REF_COLUMNS,
    DatasetRow,
    ItemRow,
    assignments_sql,
    item_columns,
    placeholder,
)

__all__ = [
    "CONTENT_COLUMNS",
    "JSON_COLUMNS",
    "REF_COLUMNS",
    "ChangeLogEntry",
    "Dataset",
    "DatasetHead",
    "DatasetItem",
    "DatasetRow",
    "DatasetSchema",
    "DatasetTag",
    "IdempotencyRecord",
    "ItemForkOrigin",
    "ItemRow",
    "ItemValidity",
    "ItemVersion",
    "ProjectQuerySet",
    "assignments_sql",
    "item_columns",
    "placeholder",
]
