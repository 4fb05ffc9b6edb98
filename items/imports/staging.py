"""Checked rows on disk, until all of the file is known to be right. Only this process writes and reads them."""

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
    """Lists of JSON values, in a file without a name that is gone when it is closed, however the process ends."""

    def __init__(self) -> None:
        self.file = temporary_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # What it still holds in memory may not find room either.
        with suppress(OSError):
            self.file.close()

    def add(self, values: list[Any]) -> int:
        """The bytes that it took. Raises ServiceUnavailable where the disk is full."""
        text = orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)
        with staging_errors():
            return self.file.write(text)

    def rows(self) -> Iterator[list[Any]]:
        """All of them, in order; may be asked for again."""
        with staging_errors():
            self.file.seek(0)
        return map(orjson.loads, self.file)


class StagedRow(NamedTuple):
    """A row of the file. For rows that are matched with items: the item's id, and the fields that the row gives."""

    item: NewItem
    line: int | None = None
    item_id: str | None = None
    given: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """Of the fields that it gives, and its id."""
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
        """Where in the file the row began."""
        return next((row.line for row in islice(self.staged(), index, None)), None)
