"""Erase the content of items everywhere in the database, in one transaction."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from database.backend.timeouts import statement_timeout
from database.columns import columns_of
from database.query import Row, execute, fetch_all
from items.bulk.update import BulkUpdate, ConcurrentMove, Selection, find_selected
from items.erasure.copies import find_copies, take_erasure_lock
from items.erasure.kept_responses import erase_kept_responses
from items.erasure.reasons import check_reason
from items.erasure.statements import (
    ARCHIVE_ERASED,
    DELETE_HASHES,
    ERASE_ITEMS,
    ERASE_MESSAGES,
    ERASE_MESSAGES_OF_MOVES,
    ERASE_SOURCES,
    ERASE_VERSIONS,
    ERASURE_KINDS,
    FIND_LEFT_DATASETS,
    RECORD_ERASURES,
    SELECT_ITEMS,
    VOID_DIGESTS,
)
from items.heads import NewRevision, RevisionCounts, advance_heads, lock_heads
from items.models import ChangeLogEntry
from items.queries import DatasetNotFound
from items.writes.bulk_update import CLOSE_VALIDITY, NO_SUMMARY, log_changes

logger = logging.getLogger("items.erasure")
BATCH_ROWS = 5000
T = TypeVar("T")


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH_ROWS)):
        yield batch


class ErasureRequest(NamedTuple):
    project_id: int
    user_id: int
    selection: Selection
    reason: str = ""
    copies: bool = True


class ItemToErase(NamedTuple):
    id: UUID
    dataset_id: UUID
    version: int
    created_at: datetime
    is_live: bool


class ErasedItem(NamedTuple):
    dataset: UUID
    id: UUID
    versions: int  # whose content was erased
    revision: int


def erase_items(request: ErasureRequest) -> list[ErasedItem]:
    """Erase items, with one revision in each dataset involved; items that are already erased stay as they are.

    Raises DatasetNotFound, ValidationError for an unknown id, too many items or a missing reason, and SearchTimeout.
    """
    check_reason(request.project_id, request.reason)
    while True:
        try:
            with statement_timeout(0):
                return try_once(request)
        except ConcurrentMove:
            continue


def try_once(request: ErasureRequest) -> list[ErasedItem]:
    take_erasure_lock(request.project_id)
    # Lock all heads at once, in the order that every writer uses; then find the items again.
    dataset_ids = {item.dataset_id for item in find_items(request)}
    if request.selection.dataset_id:
        dataset_ids.add(request.selection.dataset_id)
    heads = lock_heads(request.project_id, dataset_ids)
    if request.selection.dataset_id and request.selection.dataset_id not in heads:
        raise DatasetNotFound("filter")
    items = find_items(request)
    if any(item.dataset_id not in heads for item in items):
        raise ConcurrentMove
    if not items:
        return []
    newest = max(item.created_at for item in items)
    revisions = {
        dataset_id: NewRevision.next_after(heads[dataset_id], counts, not_before=newest)
        for dataset_id, counts in counts_by_dataset(items).items()
    }
    Erasing(request, revisions).run(items)
    erased = [ErasedItem(i.dataset_id, i.id, i.version, revisions[i.dataset_id].revision) for i in items]
    log_erasure(request.project_id, request.user_id, erased)
    return erased


def find_items(request: ErasureRequest) -> list[ItemToErase]:
    """Return the requested items, then their copies."""
    selected = find_selected(BulkUpdate(request.project_id, request.user_id, request.selection, {}))
    ids = [item.id for item in selected]
    if request.copies:
        ids += find_copies(request.project_id, ids)
    rows = fetch_all(SELECT_ITEMS, {"project_id": request.project_id, "ids": ids}) if ids else []
    found = {row[0]: ItemToErase._make(row) for row in rows}
    return [found[item_id] for item_id in ids if item_id in found]


def counts_by_dataset(items: Sequence[ItemToErase]) -> dict[UUID, RevisionCounts]:
    """Count erased items as archived."""
    erased = Counter(item.dataset_id for item in items)
    live = Counter(item.dataset_id for item in items if item.is_live)
    return {each: RevisionCounts(archived=count, live_delta=-live[each]) for each, count in erased.items()}


def log_erasure(project_id: int, user_id: int, erased: Sequence[ErasedItem]) -> None:
    """Log one line after the commit, without the reason, which may quote what was erased."""
    counts = {
        "project_id": project_id,
        "user_id": user_id,
        "datasets": len({item.dataset for item in erased}),
        "items": len(erased),
        "versions": sum(item.versions for item in erased),
    }
    transaction.on_commit(lambda: logger.warning("Items erased", extra=counts))


class Erasing:
    """Writes one erasure, under the locks of all heads."""

    def __init__(self, request: ErasureRequest, revisions: Mapping[UUID, NewRevision]) -> None:
        self.request, self.revisions = request, revisions
        self.now = datetime.now(UTC)

    def run(self, items: Sequence[ItemToErase]) -> None:
        for batch in batches(items):
            self.erase_batch(batch)
        project_id, user_id = self.request.project_id, self.request.user_id
        for changes in batches(self.change_rows(items)):
            log_changes(project_id, changes)
        record = {"project_id": project_id, "user_id": user_id, "now": self.now, "reason": self.request.reason}
        for erasures in batches(self.erasure_rows(items)):
            execute(RECORD_ERASURES, record | columns_of(ERASURE_KINDS, erasures))
        advance_heads(project_id, self.revisions.values())
        erase_kept_responses(project_id, [item.id for item in items])

    def erase_batch(self, batch: Sequence[ItemToErase]) -> None:
        ids: dict[str, Any] = {"project_id": self.request.project_id, "ids": [item.id for item in batch]}
        execute(ERASE_MESSAGES, ids)
        if left := [row[0] for row in fetch_all(FIND_LEFT_DATASETS, ids)]:
            execute(ERASE_MESSAGES_OF_MOVES, ids | {"dataset_ids": left})
        for statement in (ERASE_SOURCES, DELETE_HASHES, VOID_DIGESTS):
            execute(statement, ids)
        execute(ERASE_VERSIONS, ids)
        execute(ARCHIVE_ERASED, ids)
        execute(CLOSE_VALIDITY, {"project_id": self.request.project_id, **self.closed([i for i in batch if i.is_live])})
        execute(ERASE_ITEMS, ids | {"revisions": self.revisions_of(batch), "now": self.now})

    def revisions_of(self, items: Sequence[ItemToErase]) -> list[int]:
        return [self.revisions[item.dataset_id].revision for item in items]

    def closed(self, live: Sequence[ItemToErase]) -> dict[str, Any]:
        return {
            "dataset_ids": [item.dataset_id for item in live],
            "times": [item.created_at for item in live],
            "ids": [item.id for item in live],
            "versions": [item.version for item in live],
            "revisions": self.revisions_of(live),
        }

    def change_rows(self, items: Sequence[ItemToErase]) -> Iterator[Row]:
        positions: Counter[UUID] = Counter()
        for item in items:
            revision, position = self.revisions[item.dataset_id], positions[item.dataset_id]
            positions[item.dataset_id] += 1
            # Omit the request's message: it may quote what is erased.
            summary = (*revision.summary(self.request.user_id)[:-1], None) if position == 0 else NO_SUMMARY
            key = (item.dataset_id, revision.revision, position)
            yield *key, ChangeLogEntry.Operation.ERASED, item.id, item.version + 1, *summary

    def erasure_rows(self, items: Sequence[ItemToErase]) -> Iterator[Row]:
        for item, revision in zip(items, self.revisions_of(items), strict=True):
            yield uuid7(), item.dataset_id, item.id, revision, item.version
