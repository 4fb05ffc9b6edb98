"""Checked rows on disk, until all of the file is known to be right. Only this process writes and reads them."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any, Self

import orjson

from items.imports.limits import ROW_BYTES, ExpansionLimit
from items.writes.bulk_insert import NewItem
from rest.files import staging_errors, temporary_file


class StagedRows:
    """One line a row, in a file without a name that is gone when it is closed, however the process ends."""

    def __init__(self, limit: ExpansionLimit) -> None:
        self.limit = limit
        self.file = temporary_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # What it still holds in memory may not find room either.
        with suppress(OSError):
            self.file.close()

    def add(self, item: NewItem, line: int | None) -> None:
        """Raises UnreadableFile beyond the limit, ServiceUnavailable where the disk is full."""
        text = orjson.dumps((*item, line), option=orjson.OPT_APPEND_NEWLINE)
        self.limit.add(max(len(text), ROW_BYTES))
        with staging_errors():
            self.file.write(text)

    def items(self) -> Iterator[NewItem]:
        """All of them, in order; may be asked for again."""
        for values in self.rows():
            item = NewItem._make(values[:-1])
            time = item.ref_timestamp
            yield item._replace(ref_timestamp=datetime.fromisoformat(str(time))) if time else item

    def rows(self) -> Iterator[list[Any]]:
        with staging_errors():
            self.file.seek(0)
        return map(orjson.loads, self.file)

    def line_of(self, index: int) -> int | None:
        """Where in the file the row began."""
        return next((values[-1] for values in islice(self.rows(), index, None)), None)
