"""Checked rows on disk, until all of the file is known to be right. Only this process writes and reads them."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Self

import orjson
from django.conf import settings

from items.writes.bulk_insert import NewItem


class StagedRows:
    """One line a row, in a file without a name that is gone when it is closed, however the process ends."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile(dir=settings.IMPORT_DIR)  # noqa: SIM115  closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def add(self, item: NewItem) -> None:
        self.file.write(orjson.dumps(tuple(item), option=orjson.OPT_APPEND_NEWLINE))

    def items(self) -> Iterator[NewItem]:
        """All of them, in order; may be asked for again."""
        self.file.seek(0)
        for line in self.file:
            item = NewItem._make(orjson.loads(line))
            time = item.ref_timestamp
            yield item._replace(ref_timestamp=datetime.fromisoformat(str(time))) if time else item
