"""Store the items of a bulk request: create them or, with match_on, update those that exist.

Items are processed one after another, so a client may split its items into requests as it likes: an item that is
created earlier in the same request counts as existing. An item that is written several times still gets only one new
version.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from rest_framework.exceptions import ParseError
from rest_framework.serializers import ValidationError

from database.backend.timeouts import statement_timeout
from items.bulk.existing import (
    MATCH_KEY,
    ExistingItem,
    PlannedInsert,
    Target,
    find_existing,
    in_order,
    set_clause_of,
    updates_of,
)
from items.bulk.item_parser import ItemParser, Values
from items.bulk.results import BulkResult, ItemConflict, ItemStatus
from items.heads import LockedHead, NewRevision, RevisionCounts, advance_heads, lock_head
from items.validation.batch import locked_schemas, validate_rows
from items.validation.schemas import SchemaMismatch, Schemas, Violations, first_violation
from items.writes.bulk_insert import ItemToInsert, NewItem, insert_items, new_id
from items.writes.bulk_update import counts_by_dataset, write_updates


class OnConflict(StrEnum):
    ERROR = "error"
    SKIP = "skip"
    UPDATE = "update"


class UpsertTarget(NamedTuple):
    """The dataset that items are stored in, and the user who stores them."""

    project_id: int
    user_id: int
    dataset_id: UUID


class BulkUpsert:
    """One request. Call its methods in one transaction."""

    def __init__(self, target: UpsertTarget, *, is_partial: bool, match_on: str = MATCH_KEY) -> None:
        self.target = target
        self.match_on = match_on
        self.result = BulkResult(is_partial)
        self.parser = ItemParser(target.dataset_id, has_ids=match_on == "id")

    def create_all(self, texts: Iterable[bytes]) -> None:
        """Parse items while they are stored."""
        head = lock_head(self.target.project_id, self.target.dataset_id)
        self.write(head, self.new_rows(texts, self.schemas_of(head)), [])

    def new_rows(self, texts: Iterable[bytes], schemas: Schemas) -> Iterator[ItemToInsert]:
        for values, violations in validate_rows(schemas, map(self.parse, texts)):
            if isinstance(values, Exception):
                self.result.add_error(values)
            elif violations:
                self.result.add_error(SchemaMismatch(first_violation(violations)))
            else:
                item_id = new_id()
                self.result.add(ItemStatus.CREATED, str(item_id))
                yield item_id, NewItem(**values)

    def upsert_all(self, texts: Iterable[bytes], on_conflict: OnConflict) -> None:
        parsed = [self.parse(text) for text in texts]
        head = lock_head(self.target.project_id, self.target.dataset_id)
        requested = [each for each in parsed if isinstance(each, dict)]
        is_compared = on_conflict == OnConflict.UPDATE
        existing = find_existing(
            self.target.project_id,
            self.target.dataset_id,
            requested,
            match_on=self.match_on,
            is_compared=is_compared,
        )
        planner = UpsertPlanner(existing, on_conflict, self.result, self.match_on)
        for each, violations in validate_rows(self.schemas_of(head), parsed):
            try:
                planner.plan_item(each, violations)
            except (ValidationError, ParseError) as error:
                self.result.add_error(error)
        self.write(head, planner.rows(), planner.changed())

    def parse(self, text: bytes) -> Values | ValidationError | ParseError:
        try:
            return self.parser.parse(text)
        except (ValidationError, ParseError) as error:
            return error

    def schemas_of(self, head: LockedHead) -> Schemas:
        return locked_schemas(self.target.project_id, self.target.dataset_id, head.schema_version)

    def write(self, head: LockedHead, rows: Iterable[ItemToInsert], changed: Sequence[ExistingItem]) -> None:
        project_id, user_id, dataset_id = self.target
        inserted = insert_items(project_id, user_id, head, rows)
        self.result.revisions[dataset_id] = head.revision
        if not inserted.count and not changed:
            return
        updates = updates_of(dataset_id, changed)
        counts = inserted.counts.add(counts_by_dataset(updates).get(dataset_id, RevisionCounts()))
        revision = NewRevision.next_after(head, counts, not_before=inserted.last_time)
        inserted.write_history(revision)
        if updates:
            write_updates(project_id, user_id, updates, set_clause_of(changed), {dataset_id: revision})
        advance_heads(project_id, [revision])
        self.result.revisions[dataset_id] = revision.revision


class UpsertPlanner:
    """Decides item by item what to do."""

    def __init__(
        self,
        existing: Iterable[tuple[Any, ExistingItem]],
        on_conflict: OnConflict,
        result: BulkResult,
        match_on: str = MATCH_KEY,
    ) -> None:
        self.on_conflict = on_conflict
        self.match_on = match_on
        self.result = result
        self.inserts: list[PlannedInsert] = []
        self.existing = [item for _, item in existing]
        self.live_by_key: dict[Any, list[Target]] = {}
        for key, item in existing:
            self.live_by_key.setdefault(key, []).append(item)

    def plan_item(self, values: Values | ValidationError | ParseError, violations: Violations) -> None:
        """Plan one item; `violations` apply if it is new. Raises ValidationError, ItemConflict and ParseError."""
        if isinstance(values, Exception):
            raise values
        key = values.get(self.match_on)
        values.pop("id", None)
        matches = self.live_by_key.get(key, []) if key else []
        if not matches:
            if key and self.match_on == "id":
                raise unknown_id(key)
            self.plan_insert(values, violations)
        elif self.on_conflict == OnConflict.ERROR:
            raise ItemConflict(
                {self.match_on: [f"An item with this {self.match_on} exists: {matches[0].id}."]}, code="conflict"
            )
        elif len(matches) > 1:
            detail = f"Several items have this {self.match_on}, among them {matches[0].id} and {matches[1].id}."
            raise ValidationError({self.match_on: [detail]}, code="multiple_matches")
        elif self.on_conflict == OnConflict.SKIP:
            self.result.add(ItemStatus.SKIPPED, str(matches[0].id))
        else:
            self.plan_update(matches[0], values, violations)

    def plan_insert(self, values: Values, violations: Violations) -> None:
        if violations:
            raise SchemaMismatch(first_violation(violations))
        item = PlannedInsert(values)
        self.inserts.append(item)
        self.index_by_key(item, values)
        self.result.add(ItemStatus.CREATED, str(item.id))

    def plan_update(self, item: Target, values: Values, violations: Violations) -> None:
        differing = item.differing(values)
        if new := {name: violation for name, violation in violations.items() if name in differing}:
            raise SchemaMismatch(first_violation(new))
        item.values |= values
        self.index_by_key(item, values)
        item_result = self.result.add(ItemStatus.UPDATED if differing else ItemStatus.UNCHANGED, str(item.id))
        if differing:
            item_result["fields"] = in_order(differing)
        if isinstance(item, ExistingItem):
            item.results.append(item_result)

    def index_by_key(self, item: Target, values: Values) -> None:
        if self.match_on == MATCH_KEY and (key := values.get(MATCH_KEY)):
            self.live_by_key[key] = [item] if item.is_live else []

    def rows(self) -> Iterator[ItemToInsert]:
        return ((item.id, NewItem(**item.values)) for item in self.inserts)

    def changed(self) -> list[ExistingItem]:
        changed = []
        for item in self.existing:
            if item.is_changed:
                changed.append(item)
            else:
                item.mark_unchanged()
        return changed


def unknown_id(item_id: UUID) -> ValidationError:
    """Build the error for an unknown id, as the item would be created again each time it is sent."""
    return ValidationError({"id": [f"No live item of this dataset has the id {item_id}."]}, code="does_not_exist")


def upsert_items(
    target: UpsertTarget,
    texts: Iterable[bytes],
    *,
    is_partial: bool = False,
    match_on: str = MATCH_KEY,
    on_conflict: OnConflict | None = None,
) -> BulkResult:
    """Store the items in one transaction and at most one revision. Without on_conflict, create all of them.

    Raises DatasetNotFound, and BulkRejected for an item unless is_partial; then nothing is stored.
    """
    upsert = BulkUpsert(target, is_partial=is_partial, match_on=match_on)
    with statement_timeout(0):
        if on_conflict:
            upsert.upsert_all(texts, on_conflict)
        else:
            upsert.create_all(texts)
    return upsert.result
