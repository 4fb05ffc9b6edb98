"""JSON Lines: one object per line."""

from collections.abc import Iterator
from typing import IO

from django.conf import settings

from items.imports.column_mapping import ColumnMapping
from items.imports.json_rows import JSONRows
from items.imports.lines import read_lines, row_too_long_error


class JSONLFile(JSONRows):
    def __init__(self, file: IO[bytes], mapping: ColumnMapping, *, splits_at_cr: bool = False) -> None:
        super().__init__(mapping)
        self.lines = read_lines(file, splits_at_cr=splits_at_cr)

    def rows(self) -> Iterator[bytes]:
        """Skip blank lines, counting them as part of the next row."""
        blank = 0
        self.line = 0
        for line in self.lines:
            self.line += 1
            if line.isspace():
                blank += len(line)
                if blank > settings.BODY_LIMIT_BYTES:
                    raise row_too_long_error()
                continue
            blank = 0
            yield line
        self.line += 1  # for errors after the last row
