"""The JSON Schemas of a dataset, and checks of values against them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, Self, TypeVar
from uuid import UUID

from rest_framework.serializers import ValidationError

from items.models import DatasetSchema
from items.rows import JSON_COLUMNS, ItemRow
from items.validation.pool import InvalidSchema, ValidationTimeout, validate_values

FIELDS = JSON_COLUMNS
Enforce = DatasetSchema.Enforce
TIMEOUT_DETAIL = "It takes too long to check this item against the schemas."
# The longest text that an error quotes from a value or a schema.
MAX_DETAIL_LENGTH = 400
# The bounds of a batch that is checked at once.
BATCH_ROWS, BATCH_CHARACTERS = 500, 1_000_000


class Violation(NamedTuple):
    attr: str
    detail: str

    @classmethod
    def at(cls, field: str, path: Sequence[str | int], detail: str) -> Self:
        return cls(truncate(".".join([field, *map(str, path)])), truncate(detail[:1].upper() + detail[1:]))


# Violations by field, in the order of the fields.
Violations = dict[str, Violation]
# A row's fields as JSON text, by name, perhaps among other members.
RowTexts = Mapping[str, Any]
RowT = TypeVar("RowT", bound=RowTexts)


class SchemaSubject(Protocol):
    """The attributes of an item that schemas depend on."""

    @property
    def dataset_id(self) -> UUID: ...
    @property
    def input(self) -> str | None: ...
    @property
    def output(self) -> str | None: ...
    @property
    def metadata(self) -> str | None: ...
    @property
    def deleted(self) -> bool | None: ...


class SchemaMismatch(ValidationError):
    """A value does not fit the schema of its field."""

    def __init__(self, violation: Violation) -> None:
        super().__init__({violation.attr: [violation.detail]}, code="schema_mismatch")


class Schemas(NamedTuple):
    """Schemas as JSON text; None for a field that may have any value."""

    version: int
    input: str | None
    output: str | None
    metadata: str | None
    enforce: str
    revision: int | None
    created_at: Any
    created_by_id: int | None

    @property
    def fields(self) -> list[str]:
        """The fields that have a schema."""
        return [name for name in FIELDS if getattr(self, name) is not None]

    def validate(self, old_item: ItemRow | None, item: ItemRow) -> None:
        """Check what a write changes; `old_item` is None for a new item. Raises SchemaMismatch."""
        if fields := self.fields and self.fields_to_check(old_item, item):
            for violations in self.violations([item._asdict()], fields).values():
                raise SchemaMismatch(first_violation(violations))

    def fields_to_check(self, old_item: SchemaSubject | None, item: SchemaSubject) -> list[str]:
        """Return the fields that change, or all fields of an item that is new here, or restored under `all`."""
        is_new_here = old_item is None or old_item.dataset_id != item.dataset_id
        if is_new_here or (self.enforce == Enforce.ALL and is_restored(old_item, item)):
            return self.fields
        return [name for name in self.fields if getattr(old_item, name) != getattr(item, name)]

    def violations(self, rows: Sequence[RowTexts], fields: Collection[str] | None = None) -> dict[int, Violations]:
        """Return the violations of each row that does not fit, by its index. A missing field is null."""
        fields = self.fields if fields is None else fields
        if not fields or not rows:
            return {}
        try:
            return self.violations_in_batch(rows, fields)
        except ValidationTimeout:
            return self.violations_one_by_one(rows, fields) if len(rows) > 1 else {0: timeout_violations(fields)}
        except InvalidSchema as error:
            # The schema compiled when it was stored, but no longer does.
            violation = Violation.at("schemas", error.path, error.detail)
            return dict.fromkeys(range(len(rows)), dict.fromkeys(fields, violation))

    def violations_in_batch(self, rows: Sequence[RowTexts], fields: Collection[str]) -> dict[int, Violations]:
        tasks = [(getattr(self, name), [row.get(name) or "null" for row in rows]) for name in fields]
        collected: dict[int, Violations] = {}
        for name, violations in zip(fields, validate_values(tasks), strict=True):
            for index, raw_violation in violations.items():
                collected.setdefault(index, {})[name] = Violation.at(name, raw_violation.path, raw_violation.detail)
        return collected

    def violations_one_by_one(self, rows: Sequence[RowTexts], fields: Collection[str]) -> dict[int, Violations]:
        """Stop checking at the first row that takes too long: each later one may take as long."""
        collected: dict[int, Violations] = {}
        for index, row in enumerate(rows):
            try:
                if violations := self.violations_in_batch([row], fields):
                    collected[index] = violations[0]
            except ValidationTimeout:
                return collected | dict.fromkeys(range(index, len(rows)), timeout_violations(fields))
        return collected


def timeout_violations(fields: Collection[str]) -> Violations:
    return {name: Violation(name, TIMEOUT_DETAIL) for name in fields}


def first_violation(violations: Violations) -> Violation:
    return next(iter(violations.values()))


NO_SCHEMAS = Schemas(0, None, None, None, Enforce.ALL, None, None, None)


def is_restored(old_item: SchemaSubject | None, item: SchemaSubject) -> bool:
    return old_item is not None and old_item.deleted is True and item.deleted is not True


def touches_schemas(old_item: SchemaSubject, item: SchemaSubject) -> bool:
    """Whether the write changes anything that schemas depend on."""
    changed = any(getattr(old_item, name) != getattr(item, name) for name in ("dataset_id", *FIELDS))
    return changed or is_restored(old_item, item)


def truncate(text: str) -> str:
    return text if len(text) <= MAX_DETAIL_LENGTH else f"{text[:MAX_DETAIL_LENGTH]}…"


def split_batches(rows: Iterable[RowT]) -> Iterator[list[RowT]]:
    """Split rows into batches to check at once."""
    batch: list[RowT] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += sum(len(row.get(name) or "") for name in FIELDS)
        if len(batch) >= BATCH_ROWS or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
