"""Erase a whole dataset: delete its rows and keep one record of it."""

import logging
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from rest_framework.exceptions import APIException
from rest_framework.serializers import ValidationError

from database.backend.timeouts import statement_timeout
from database.query import execute, fetch_all, fetch_one
from database.sql import sql
from items.bulk.update import Selection
from items.erasure.copies import take_erasure_lock
from items.erasure.erase import ErasedItem, ErasureRequest, erase_items
from items.erasure.kept_responses import erase_kept_responses
from items.erasure.reasons import check_reason
from items.heads import lock_head
from items.models import Dataset, Erasure
from items.rows import DatasetRef

logger = logging.getLogger("items.erasure")

COUNT_VERSIONS = sql(
    "count_versions_to_erase",
    """
SELECT count(*), coalesce(sum(version), 0)::bigint FROM dataset_item
 WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s
""",
)
# Deleting such an item would silently remove content from the history of another dataset.
FIND_GUEST = sql(
    "find_item_with_history_elsewhere",
    """
SELECT v.id, v.dataset_id FROM dataset_item i JOIN item_version v ON v.team_id = %(project_id)s AND v.id = i.id
 WHERE i.team_id = %(project_id)s AND i.dataset_id = %(dataset_id)s AND v.dataset_id <> %(dataset_id)s
   AND EXISTS (SELECT FROM dataset d WHERE d.team_id = %(project_id)s AND d.id = v.dataset_id) LIMIT 1
""",
)
FIND_COPIES_OF_DATASET = sql(
    "find_copies_of_dataset",
    """
SELECT o.id FROM item_fork_origin o
  JOIN dataset_item i ON i.team_id = %(project_id)s AND i.id = o.id AND i.dataset_id <> %(dataset_id)s
 WHERE o.team_id = %(project_id)s AND o.origin_dataset_id = %(dataset_id)s AND NOT EXISTS (
   SELECT FROM dataset_erasure e WHERE e.team_id = %(project_id)s AND e.item_id = o.id)
 LIMIT %(limit)s
""",
)
COPIES_BATCH = 5000


def delete_by_item(name: str, table: str, item_column: str) -> str:
    return sql(
        name,
        """
DELETE FROM $table r USING dataset_item i
 WHERE r.team_id = %(project_id)s AND i.team_id = %(project_id)s AND i.id = r.$item_column
   AND i.dataset_id = %(dataset_id)s
""",
        table=table,
        item_column=item_column,
    )


def delete_by_dataset(name: str, table: str) -> str:
    return sql(name, "DELETE FROM $table WHERE team_id = %(project_id)s AND dataset_id = %(dataset_id)s", table=table)


DELETE_DATASET = sql(
    "delete_dataset",
    """
WITH gone AS (
  DELETE FROM dataset WHERE team_id = %(project_id)s AND id = %(dataset_id)s
  RETURNING (deleted IS TRUE)::int AS is_archived
)
UPDATE project_head p
   SET dataset_count = p.dataset_count - 1 + gone.is_archived,
       archived_dataset_count = p.archived_dataset_count - gone.is_archived
  FROM gone WHERE p.team_id = %(project_id)s
""",
)
# Rows that no foreign key deletes with the dataset come first, and items after those that are found by them.
DELETIONS = (
    delete_by_item("delete_versions_of_dataset", "item_version", "id"),
    delete_by_item("delete_hashes_of_dataset", "item_hash", "item_id"),
    delete_by_item("delete_fork_origins_of_dataset", "item_fork_origin", "id"),
    delete_by_dataset("delete_sources_of_dataset", "item_source"),
    delete_by_dataset("delete_validity_of_dataset", "item_validity"),
    delete_by_dataset("delete_changes_of_dataset", "dataset_change"),
    delete_by_dataset("delete_items_of_dataset", "dataset_item"),
    DELETE_DATASET,
)


class ItemsHaveHistoryElsewhere(APIException):
    status_code = 409
    default_code = "items_moved"
    default_type = "invalid_request"

    def __init__(self, item_id: UUID, dataset_id: UUID) -> None:
        super().__init__(f"Item {item_id} has history in dataset {dataset_id}. Move such items back first.")


class DatasetErasure(NamedTuple):
    project_id: int
    user_id: int
    dataset_id: UUID
    name: str
    reason: str = ""
    copies: bool = True


class ErasedDataset(NamedTuple):
    dataset: UUID
    items: int
    versions: int
    copies: list[ErasedItem]


def erase_dataset(request: DatasetErasure) -> ErasedDataset:
    """Erase in one transaction.

    Raises DatasetNotFound, ValidationError for another name or a missing reason, and ItemsHaveHistoryElsewhere.
    """
    check_reason(request.project_id, request.reason)
    ids = DatasetRef(request.project_id, request.dataset_id).parameters
    with statement_timeout(0):
        take_erasure_lock(request.project_id)
        check_name(request)
        copies = erase_copies(request) if request.copies else []
        lock_head(request.project_id, request.dataset_id)
        if guest := fetch_one(FIND_GUEST, ids):
            raise ItemsHaveHistoryElsewhere(*guest)
        items, versions = fetch_one(COUNT_VERSIONS, ids) or (0, 0)
        erase_kept_responses(request.project_id, [request.dataset_id])
        for statement in DELETIONS:
            execute(statement, ids)
        record_erasure(request, versions)
        log_erasure(request, items, versions)
    return ErasedDataset(request.dataset_id, items, versions, copies)


def check_name(request: DatasetErasure) -> None:
    name = Dataset.objects.in_project(request.project_id).filter(id=request.dataset_id).values_list("name", flat=True)
    if name.first() != request.name:
        raise ValidationError({"name": ["This is not the dataset's exact name."]}, code="name_mismatch")


def erase_copies(request: DatasetErasure) -> list[ErasedItem]:
    """Erase the items that forks copied, in batches; each batch makes a revision there."""
    parameters = DatasetRef(request.project_id, request.dataset_id).parameters | {"limit": COPIES_BATCH}
    erased: list[ErasedItem] = []
    while copies := [row[0] for row in fetch_all(FIND_COPIES_OF_DATASET, parameters)]:
        erased += erase_items(
            ErasureRequest(request.project_id, request.user_id, Selection(ids=copies), request.reason)
        )
    return erased


def record_erasure(request: DatasetErasure, versions: int) -> None:
    Erasure.objects.create(
        team_id=request.project_id,
        dataset_id=request.dataset_id,
        versions=versions,
        reason=request.reason,
        created_at=datetime.now(UTC),
        created_by_id=request.user_id,
    )


def log_erasure(request: DatasetErasure, items: int, versions: int) -> None:
    counts = {
        "project_id": request.project_id,
        "user_id": request.user_id,
        "dataset_id": str(request.dataset_id),
        "items": items,
        "versions": versions,
    }
    transaction.on_commit(lambda: logger.warning("Dataset erased", extra=counts))
