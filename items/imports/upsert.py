"""Store a file's rows in one revision, if some match existing items, in bounded memory.

Under the lock of the dataset's head, rows are compared in batches with the items that they match. Creates and updates
wait on disk, since the first change of a revision counts all of them; then they are written. Writers of other datasets
do not wait.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db import transaction
from rest_framework.exceptions import APIException, ValidationError

from database.backend.timeouts import statement_timeout
from database.query import stream
from database.sql import sql
from items.bulk.existing import ExistingItem, find_existing, set_clause_of, updates_of
from items.bulk.results import ItemConflict
from items.bulk.upsert import OnConflict, UpsertTarget, unknown_id
from items.heads import LockedHead, NewRevision, RevisionCounts, advance_heads, lock_head
from items.imports.importer import MAX_ERRORS, ImportReader, ImportRejected, row_error, store_items
from items.imports.outcomes import Outcomes, outcomes_of_creates
from items.imports.staging import LineFile, StagedRow
from items.queries import IN_DATASET
from items.rows import JSON_COLUMNS, DatasetRef
from items.validation.batch import locked_schemas
from items.validation.schemas import SchemaMismatch, Schemas, Violations, first_violation
from items.writes.batches import in_batches
from items.writes.bulk_insert import ItemToInsert, NewItem, insert_items, new_id
from items.writes.bulk_update import write_updates

LIVE_KEYS = sql(
    "read_live_keys",
    "SELECT id, version, created_at, ref_source_id FROM dataset_item WHERE $in_dataset",
    in_dataset=IN_DATASET,
)
RowPlace = tuple[int, int | None]  # its number and its line


class ImportResult(NamedTuple):
    dataset_revision: int
    outcomes: Outcomes


class ImportUpsert:
    """One import. Call its methods in one transaction."""

    def __init__(self, reader: ImportReader, target: UpsertTarget) -> None:
        self.reader, self.target = reader, target
        self.options = reader.request.options.match
        self.outcomes = Outcomes()
        self.newest = datetime.min.replace(tzinfo=UTC)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.creates, self.updates = stack.enter_context(LineFile()), stack.enter_context(LineFile())
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    # --- Planning

    def plan(self, schemas: Schemas) -> None:
        """Plan all rows, adding to the reader's errors."""
        start = 1
        for batch in in_batches(self.reader.staged.staged(), lambda row: row.characters):
            self.plan_batch(batch, start, schemas)
            start += len(batch)
            if len(self.reader.errors) >= MAX_ERRORS:
                return
        if self.options.is_mirror and not self.reader.errors:
            self.plan_archiving()

    def plan_batch(self, batch: list[StagedRow], start: int, schemas: Schemas) -> None:
        requested = [row.values() for row in batch]
        matches = self.find_matches(requested)
        violations = schemas.violations(requested) if schemas.fields else {}
        for index, (row, values) in enumerate(zip(batch, requested, strict=True)):
            item_id = values.pop("id")
            key = item_id if self.options.match_on == "id" else values.get("ref_source_id")
            try:
                found = matches.get(str(key), []) if key else []
                self.plan_row(row, (start + index, row.line), values, found, key, violations.get(index, {}))
            except (ValidationError, ItemConflict) as error:
                self.add_error(error, start + index, row.line)
            self.reader.report()

    def find_matches(self, requested: Sequence[dict[str, Any]]) -> dict[str, list[ExistingItem]]:
        project_id, _, dataset_id = self.target
        matches: dict[str, list[ExistingItem]] = {}
        is_compared = self.options.on_conflict == OnConflict.UPDATE
        for key, item in find_existing(
            project_id, dataset_id, requested, match_on=self.options.match_on, is_compared=is_compared
        ):
            matches.setdefault(str(key), []).append(item)
        return matches

    def plan_row(
        self,
        row: StagedRow,
        place: RowPlace,
        values: dict[str, Any],
        matches: list[ExistingItem],
        key: Any,
        violations: Violations,
    ) -> None:
        name = self.options.match_on
        if not matches:
            if key and name == "id":
                raise unknown_id(key)
            if violations:
                raise SchemaMismatch(first_violation(violations))
            self.creates.add([*row.item])
            self.outcomes.add("created", *place, None, row.item.ref_source_id)
        elif len(matches) > 1:
            detail = f"Several items have this {name}, among them {matches[0].id} and {matches[1].id}."
            raise ValidationError({name: [detail]}, code="multiple_matches")
        elif self.options.on_conflict == OnConflict.ERROR:
            raise ItemConflict({name: [f"An item with this {name} exists: {matches[0].id}."]}, code="conflict")
        elif self.options.on_conflict == OnConflict.SKIP:
            self.outcomes.add("skipped", *place, matches[0].id, matches[0].stored_values["ref_source_id"])
        else:
            self.plan_update(matches[0], place, values, violations)

    def plan_update(self, item: ExistingItem, place: RowPlace, values: dict[str, Any], violations: Violations) -> None:
        differing = item.differing(values)
        if new := {name: violation for name, violation in violations.items() if name in differing}:
            raise SchemaMismatch(first_violation(new))
        if differing:
            self.add_update(item.id, item.version, item.created_at, {name: values[name] for name in differing})
        status = "updated" if differing else "unchanged"
        self.outcomes.add(status, *place, item.id, item.stored_values["ref_source_id"], differing)

    def plan_archiving(self) -> None:
        """Archive live items whose key no row has."""
        project_id, _, dataset_id = self.target
        for item_id, version, created_at, source_id in stream(LIVE_KEYS, DatasetRef(project_id, dataset_id).parameters):
            key = str(item_id) if self.options.match_on == "id" else source_id
            if not key or key not in self.reader.keys:
                self.add_update(item_id, version, created_at, {"deleted": True})
                self.outcomes.add("archived", None, None, item_id, source_id)

    def add_update(self, item_id: UUID, version: int, created_at: datetime, values: dict[str, Any]) -> None:
        self.newest = max(self.newest, created_at)
        self.updates.add([item_id, version, created_at, values])

    def add_error(self, error: APIException, row: int, line: int | None) -> None:
        if not self.reader.errors:
            self.reader.refusal_status = 409 if isinstance(error, ItemConflict) else 400
        if len(self.reader.errors) < MAX_ERRORS:
            self.reader.errors.append(row_error(error, row, line, {}))

    # --- Writing

    def write(self, head: LockedHead) -> int:
        """Return the dataset's revision after the write."""
        project_id, user_id, _ = self.target
        counts = self.outcomes.counts
        if not counts["created"] + counts["updated"] + counts["archived"]:
            return head.revision
        inserted = insert_items(project_id, user_id, head, self.new_rows())
        changed = RevisionCounts(updated=counts["updated"], archived=counts["archived"], live_delta=-counts["archived"])
        not_before = max(inserted.last_time, self.newest)
        revision = NewRevision.next_after(head, inserted.counts.add(changed), not_before=not_before)
        inserted.write_history(revision)
        self.write_changes(revision)
        advance_heads(project_id, [revision])
        return revision.revision

    def new_rows(self) -> Iterator[ItemToInsert]:
        for values in self.creates.rows():
            self.reader.stored += 1
            self.reader.report()
            item = NewItem._make(values)
            yield new_id(), item._replace(ref_timestamp=parse_time(item.ref_timestamp))

    def write_changes(self, revision: NewRevision) -> None:
        project_id, user_id, dataset_id = self.target
        written = 0
        for batch in in_batches(map(existing_item, self.updates.rows()), characters_of):
            updates = updates_of(dataset_id, batch)
            write_updates(project_id, user_id, updates, set_clause_of(batch), {dataset_id: revision}, written=written)
            written += len(batch)
            self.reader.stored += len(batch)
            self.reader.report()


def upsert_rows(reader: ImportReader, target: UpsertTarget) -> ImportResult:
    """Store rows in one revision, none if nothing changes.

    Raises DatasetNotFound, ImportRejected and ClientDisconnected.
    """
    with ImportUpsert(reader, target) as upsert, statement_timeout(0), transaction.atomic():
        head = lock_head(target.project_id, target.dataset_id)
        upsert.plan(locked_schemas(target.project_id, target.dataset_id, head.schema_version))
        if reader.errors:
            raise ImportRejected(reader.errors, reader.refusal_status)
        revision = upsert.write(head)
        # Report before the commit: a client that disconnects now finds nothing stored.
        reader.report()
        reader.report_now()
        return ImportResult(revision, upsert.outcomes)


def plan_rows(reader: ImportReader, target: UpsertTarget) -> Outcomes:
    """Return the outcomes of a dry run, adding to the reader's errors."""
    with ImportUpsert(reader, target) as upsert, statement_timeout(0), transaction.atomic():
        upsert.plan(reader.schemas)
        return upsert.outcomes


def existing_item(record: list[Any]) -> ExistingItem:
    item_id, version, created_at, values = record
    if "ref_timestamp" in values:
        values["ref_timestamp"] = parse_time(values["ref_timestamp"])
    return ExistingItem(UUID(item_id), version, datetime.fromisoformat(created_at), {"deleted": False}, values)


def parse_time(value: Any) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None


def characters_of(item: ExistingItem) -> int:
    return sum(len(item.values.get(name) or "") for name in JSON_COLUMNS)


def store_rows(reader: ImportReader, target: UpsertTarget) -> ImportResult:
    """Store the rows by the import's options. Raises like upsert_rows."""
    if reader.match_on:
        return upsert_rows(reader, target)
    created = store_items(reader, **target._asdict())
    outcomes = Outcomes()
    outcomes.counts["created"] = created.rows
    return ImportResult(created.dataset_revision, outcomes)


def preview_rows(reader: ImportReader, target: UpsertTarget) -> Outcomes:
    """Return what the import would do: nothing if a row is invalid."""
    if reader.errors:
        return Outcomes()
    return plan_rows(reader, target) if reader.match_on else outcomes_of_creates(reader.staged, reader.rows)
