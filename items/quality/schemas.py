"""The JSON Schemas of a dataset, and whether values fit them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, Self, TypeVar
from uuid import UUID

from rest_framework.serializers import ValidationError

from items.models import JSON_COLUMNS, DatasetSchema, ItemRow
from items.quality.checkers import InvalidSchema, TooCostly, find_misfits

FIELDS = JSON_COLUMNS
Enforce = DatasetSchema.Enforce
TOO_COSTLY = "It takes too long to check this item against the schemas."
# Of what an answer quotes from a value or a schema.
MAX_TEXT = 400
# Values that are checked together: so many, or so many characters.
BATCH_LENGTH, BATCH_CHARACTERS = 500, 1_000_000


class Misfit(NamedTuple):
    attr: str
    detail: str

    @classmethod
    def at(cls, field: str, path: Sequence[str | int], detail: str) -> Self:
        return cls(shortened(".".join([field, *map(str, path)])), shortened(detail[:1].upper() + detail[1:]))


# By field, in the fields' order.
Misfits = dict[str, Misfit]
# A row's fields as texts of JSON, by name, among whatever else.
Texts = Mapping[str, Any]
Row = TypeVar("Row", bound=Texts)


class Content(Protocol):
    """What schemas may have a say in; an item's row has it."""

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

    def __init__(self, misfit: Misfit) -> None:
        super().__init__({misfit.attr: [misfit.detail]}, code="schema_mismatch")


class Schemas(NamedTuple):
    """Schemas as texts of JSON, None for a field that may hold anything."""

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
        """Those with a schema."""
        return [name for name in FIELDS if getattr(self, name) is not None]

    def check(self, was: ItemRow | None, item: ItemRow) -> None:
        """Checks what a write brings, None being an item that was not there. Raises SchemaMismatch."""
        if fields := self.fields and self.fields_to_check(was, item):
            for misfits in self.misfits([item._asdict()], fields).values():
                raise SchemaMismatch(first(misfits))

    def fields_to_check(self, was: Content | None, item: Content) -> list[str]:
        """All of an item that arrives; else what is new, and all of one that comes back where all is to fit."""
        arrives = was is None or was.dataset_id != item.dataset_id
        if arrives or (self.enforce == Enforce.ALL and comes_back(was, item)):
            return self.fields
        return [name for name in self.fields if getattr(was, name) != getattr(item, name)]

    def misfits(self, rows: Sequence[Texts], fields: Collection[str] | None = None) -> dict[int, Misfits]:
        """Of each row that does not fit, by its index. What a row lacks is null."""
        fields = self.fields if fields is None else fields
        if not fields or not rows:
            return {}
        try:
            return self.misfits_together(rows, fields)
        except TooCostly:
            return self.misfits_one_by_one(rows, fields) if len(rows) > 1 else {0: too_costly(fields)}
        except InvalidSchema as error:
            # It could be read once; it can be no longer.
            misfit = Misfit.at("schemas", error.path, error.detail)
            return dict.fromkeys(range(len(rows)), dict.fromkeys(fields, misfit))

    def misfits_together(self, rows: Sequence[Texts], fields: Collection[str]) -> dict[int, Misfits]:
        tasks = [(getattr(self, name), [row.get(name) or "null" for row in rows]) for name in fields]
        found: dict[int, Misfits] = {}
        for name, misfits in zip(fields, find_misfits(tasks), strict=True):
            for index, misplaced in misfits.items():
                found.setdefault(index, {})[name] = Misfit.at(name, misplaced.path, misplaced.detail)
        return found

    def misfits_one_by_one(self, rows: Sequence[Texts], fields: Collection[str]) -> dict[int, Misfits]:
        """Where the first is met that costs too much, no later one is checked: each would cost as much."""
        found: dict[int, Misfits] = {}
        for index, row in enumerate(rows):
            try:
                if misfits := self.misfits_together([row], fields):
                    found[index] = misfits[0]
            except TooCostly:
                return found | dict.fromkeys(range(index, len(rows)), too_costly(fields))
        return found


def too_costly(fields: Collection[str]) -> Misfits:
    return {name: Misfit(name, TOO_COSTLY) for name in fields}


def first(misfits: Misfits) -> Misfit:
    return next(iter(misfits.values()))


NONE = Schemas(0, None, None, None, Enforce.ALL, None, None, None)


def comes_back(was: Content | None, item: Content) -> bool:
    return was is not None and was.deleted is True and item.deleted is not True


def is_subject(was: Content, item: Content) -> bool:
    """Whether schemas may say anything about this write."""
    changed = any(getattr(was, name) != getattr(item, name) for name in ("dataset_id", *FIELDS))
    return changed or comes_back(was, item)


def shortened(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows as many as are checked together."""
    batch: list[Row] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += sum(len(row.get(name) or "") for name in FIELDS)
        if len(batch) >= BATCH_LENGTH or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
