"""Stores the items of a bulk request: creates them or, where asked, finds by ref_source_id those that are there.

Items are taken one after another, so that a client may cut what it has into requests as it likes: a ref_source_id that
stood earlier in the same request is there already. What is written several times has one new version all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import uuid_utils
from rest_framework.exceptions import ParseError
from rest_framework.serializers import ValidationError

from database.bounded.limits import statements_within
from items.bulk.creation import NewItem, copy_items
from items.bulk.heads import Effects, LockedHead, NewRevision, lock_head, move_on
from items.bulk.item_values import ItemReader, Values
from items.bulk.matching import (
    KEY,
    Planned,
    Present,
    Stored,
    assignments_of,
    changes_of,
    find_stored,
)
from items.bulk.outcomes import Conflict, Outcome, Status
from items.bulk.updating import effects_of, write_changes
from items.quality.many import judged, locked_schemas
from items.quality.schemas import Misfits, SchemaMismatch, Schemas, first


class OnConflict(StrEnum):
    ERROR = "error"
    SKIP = "skip"
    UPDATE = "update"


class Shelf(NamedTuple):
    """Where the items go, and who puts them there."""

    project_id: int
    user_id: int
    dataset_id: UUID


class Batch:
    """One request. Its methods are to be called in one transaction."""

    def __init__(self, shelf: Shelf, *, is_partial: bool) -> None:
        self.shelf = shelf
        self.outcome = Outcome(is_partial)
        self.reader = ItemReader(shelf.dataset_id)

    def create_all(self, texts: Iterable[bytes]) -> None:
        """Items are read while they are stored."""
        head = lock_head(self.shelf.project_id, self.shelf.dataset_id)
        self.write(head, self.new_rows(texts, self.schemas_of(head)), [])

    def new_rows(self, texts: Iterable[bytes], schemas: Schemas) -> Iterator[tuple[bytes, NewItem]]:
        for values, misfits in judged(schemas, map(self.read, texts)):
            if isinstance(values, Exception):
                self.outcome.add_error(values)
            elif misfits:
                self.outcome.add_error(SchemaMismatch(first(misfits)))
            else:
                item_id = uuid_utils.uuid7()
                self.outcome.add(Status.CREATED, str(item_id))
                yield item_id.bytes, NewItem(**values)

    def match_all(self, texts: Iterable[bytes], on_conflict: OnConflict) -> None:
        read = [self.read(text) for text in texts]
        head = lock_head(self.shelf.project_id, self.shelf.dataset_id)
        given = [each for each in read if isinstance(each, dict)]
        is_compared = on_conflict == OnConflict.UPDATE
        stored = find_stored(self.shelf.project_id, self.shelf.dataset_id, given, is_compared=is_compared)
        matcher = Matcher(stored, on_conflict, self.outcome)
        for each, misfits in judged(self.schemas_of(head), read):
            try:
                matcher.place(each, misfits)
            except (ValidationError, ParseError) as error:
                self.outcome.add_error(error)
        self.write(head, matcher.rows(), matcher.changed())

    def read(self, text: bytes) -> Values | ValidationError | ParseError:
        try:
            return self.reader.read(text)
        except (ValidationError, ParseError) as error:
            return error

    def schemas_of(self, head: LockedHead) -> Schemas:
        return locked_schemas(self.shelf.project_id, self.shelf.dataset_id, head.schema_version)

    def write(self, head: LockedHead, rows: Iterable[tuple[bytes, NewItem]], changed: Sequence[Stored]) -> None:
        project_id, user_id, dataset_id = self.shelf
        copied = copy_items(project_id, user_id, head, rows)
        self.outcome.revisions[dataset_id] = head.revision
        if not copied.count and not changed:
            return
        changes = changes_of(dataset_id, changed)
        effects = copied.effects.plus(effects_of(changes).get(dataset_id, Effects()))
        revision = NewRevision.after(head, effects, not_before=copied.last_time)
        copied.record(revision)
        if changes:
            write_changes(project_id, user_id, changes, assignments_of(changed), {dataset_id: revision})
        move_on(project_id, [revision])
        self.outcome.revisions[dataset_id] = revision.revision


class Matcher:
    """Decides for one item after another what becomes of it."""

    def __init__(self, stored: Iterable[tuple[str, Stored]], on_conflict: OnConflict, outcome: Outcome) -> None:
        self.on_conflict = on_conflict
        self.outcome = outcome
        self.planned: list[Planned] = []
        self.stored = [item for _, item in stored]
        self.live: dict[str, list[Present]] = {}
        for key, item in stored:
            self.live.setdefault(key, []).append(item)

    def place(self, values: Values | ValidationError | ParseError, misfits: Misfits) -> None:
        """`misfits` are those of a new item. Raises ValidationError, of which Conflict is one, and ParseError."""
        if isinstance(values, Exception):
            raise values
        key = values.get(KEY)
        present = self.live.get(key, []) if key else []
        if not present:
            self.plan(values, misfits)
        elif self.on_conflict == OnConflict.ERROR:
            raise Conflict({KEY: [f"An item with this {KEY} exists: {present[0].id}."]}, code="conflict")
        elif len(present) > 1:
            detail = f"Several items have this {KEY}, among them {present[0].id} and {present[1].id}."
            raise ValidationError({KEY: [detail]}, code="multiple_matches")
        elif self.on_conflict == OnConflict.SKIP:
            self.outcome.add(Status.SKIPPED, str(present[0].id))
        else:
            self.change(present[0], values, misfits)

    def plan(self, values: Values, misfits: Misfits) -> None:
        if misfits:
            raise SchemaMismatch(first(misfits))
        item = Planned(values)
        self.planned.append(item)
        self.keep_in_mind(item, values)
        self.outcome.add(Status.CREATED, str(item.id))

    def change(self, item: Present, values: Values, misfits: Misfits) -> None:
        differing = item.differing(values)
        if new := {name: misfit for name, misfit in misfits.items() if name in differing}:
            raise SchemaMismatch(first(new))
        item.values |= values
        self.keep_in_mind(item, values)
        result = self.outcome.add(Status.UPDATED if differing else Status.UNCHANGED, str(item.id))
        if isinstance(item, Stored):
            item.results.append(result)

    def keep_in_mind(self, item: Present, values: Values) -> None:
        if key := values.get(KEY):
            self.live[key] = [item] if item.is_live else []

    def rows(self) -> Iterator[tuple[bytes, NewItem]]:
        return ((item.id.bytes, NewItem(**item.values)) for item in self.planned)

    def changed(self) -> list[Stored]:
        changed = []
        for item in self.stored:
            if item.is_changed:
                changed.append(item)
            else:
                item.mark_unchanged()
        return changed


def store_items(
    shelf: Shelf, texts: Iterable[bytes], *, is_partial: bool = False, on_conflict: OnConflict | None = None
) -> Outcome:
    """One transaction and at most one revision. on_conflict None: items are not matched, but all created.

    Raises UnknownDataset, and Refused for an item unless is_partial; then nothing is stored.
    """
    batch = Batch(shelf, is_partial=is_partial)
    with statements_within(0):
        if on_conflict:
            batch.match_all(texts, on_conflict)
        else:
            batch.create_all(texts)
    return batch.outcome
