"""Checked rows on disk, until the whole file is known to be valid. Only this process writes and reads them."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, Self

import orjson

from items.imports.limits import ROW_BYTES, ExpansionLimit
from items.writes.bulk_insert import NewItem
from rest.uploads import staging_errors, temporary_file


class LineFile:
    """Lists of JSON values in a nameless file, which is gone once closed, however the process ends."""

    def __init__(self) -> None:
        self.file = temporary_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Flushing its buffer may fail too if the disk is full.
        with suppress(OSError):
            self.file.close()

    def add(self, values: list[Any]) -> int:
        """Return the bytes written. Raises ServiceUnavailable if the disk is full."""
        text = orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)
        with staging_errors():
            return self.file.write(text)

    def rows(self) -> Iterator[list[Any]]:
        """Return all lists in order; may be called again."""
        with staging_errors():
            self.file.seek(0)
        return map(orjson.loads, self.file)


class StagedRow(NamedTuple):
    """A row of the file; if rows are matched with items, also the item's id and the fields of the row."""

    item: NewItem
    line: int | None = None
    item_id: str | None = None
    given: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """Return the fields that the row has, and its id."""
        return {name: getattr(self.item, name) for name in self.given} | {"id": self.item_id}

    @property
    def characters(self) -> int:
        return sum(len(value) for value in self.item if isinstance(value, str))


class StagedRows(LineFile):
    def __init__(self, limit: ExpansionLimit) -> None:
        super().__init__()
        self.limit = limit

    def stage(self, row: StagedRow) -> None:
        """Raises UnreadableFile beyond the limit."""
        item, line, item_id, given = row
        self.limit.add(max(self.add([*item, line, item_id, given]), ROW_BYTES))

    def staged(self) -> Iterator[StagedRow]:
        for *values, line, item_id, given in self.rows():
            item = NewItem._make(values)
            time = item.ref_timestamp
            item = item._replace(ref_timestamp=datetime.fromisoformat(str(time))) if time else item
            yield StagedRow(item, line, item_id, tuple(given))

    def line_of(self, index: int) -> int | None:
        """Return the line of the file on which the row began."""
        return next((row.line for row in islice(self.staged(), index, None)), None)
