"""The tables: live.py (datasets and items as they are now), history.py (what they were), quality.py (what is demanded
of items), idempotency.py (answers kept for repeated requests); and rows.py, the shapes in which statements return
them."""

from items.models.history import DatasetChange, DatasetTag, ItemOrigin, ItemPresence, ItemVersion
from items.models.idempotency import KeptAnswer
from items.models.live import Dataset, DatasetHead, DatasetItem, ProjectQuerySet
from items.models.quality import DatasetSchema
from items.models.rows import (
    CONTENT_COLUMNS,
    JSON_COLUMNS,
    REF_COLUMNS,
    DatasetRow,
    ItemRow,
    assignments,
    item_columns,
    placeholder,
)

__all__ = [
    "CONTENT_COLUMNS",
    "JSON_COLUMNS",
    "REF_COLUMNS",
    "Dataset",
    "DatasetChange",
    "DatasetHead",
    "DatasetItem",
    "DatasetRow",
    "DatasetSchema",
    "DatasetTag",
    "ItemOrigin",
    "ItemPresence",
    "ItemRow",
    "ItemVersion",
    "KeptAnswer",
    "ProjectQuerySet",
    "assignments",
    "item_columns",
    "placeholder",
]
